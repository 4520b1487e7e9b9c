//! Changing DSOs.

use async_graphql::{Context, InputObject};
use entity::{
    commands::{DsoDraft, DsoPatch},
    id::DsoId,
    models::Dso as Row,
};
use gateway_macros::guarded;

use super::Dso;
use crate::{
    errors::ResolverError,
    request::{IdArg, RequestContext},
    schema::payload::{MutationResult, into_result, payload},
};

/// A DSO to be made.
#[derive(InputObject)]
pub struct DsoCreateInput {
    /// What it is called, 1 to 200 characters.
    name: String,
}

/// A change of a DSO: what is left out stays.
#[derive(InputObject)]
pub struct DsoUpdateInput {
    /// The DSO.
    dso_id: IdArg<DsoId>,
    /// A new name, 1 to 200 characters.
    name: Option<String>,
    /// Refuse if the DSO has changed since this version was read.
    expected_version: Option<i32>,
}

/// The DSO to be archived.
#[derive(InputObject)]
pub struct DsoArchiveInput {
    /// The DSO.
    dso_id: IdArg<DsoId>,
    /// Refuse if the DSO has changed since this version was read.
    expected_version: Option<i32>,
}

/// The DSO to be brought back.
#[derive(InputObject)]
pub struct DsoRestoreInput {
    /// The DSO.
    dso_id: IdArg<DsoId>,
    /// Refuse if the DSO has changed since this version was read.
    expected_version: Option<i32>,
}

payload! {
    /// The outcome of `dsoCreate`. The new DSO is in reach of the caller's next request.
    DsoCreatePayload {
        /// The new DSO.
        dso: Dso
    }
}

payload! {
    /// The outcome of `dsoUpdate`.
    DsoUpdatePayload {
        /// The DSO after the change.
        dso: Dso
    }
}

payload! {
    /// The outcome of `dsoArchive`.
    DsoArchivePayload {
        /// The archived DSO.
        dso: Dso
    }
}

payload! {
    /// The outcome of `dsoRestore`.
    DsoRestorePayload {
        /// The living DSO.
        dso: Dso
    }
}

/// Changes of DSOs.
#[derive(Default)]
pub struct DsoMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl DsoMutations {
    /// Makes a DSO.
    #[guard(org = Admin)]
    async fn dso_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The DSO.")] input: DsoCreateInput,
    ) -> Result<Option<DsoCreatePayload>, ResolverError> {
        let admin = RequestContext::of(context).scope()?.admin()?;
        let settled = into_result(admin.dso_create(DsoDraft { name: input.name }).await)?;
        Ok(Some(DsoCreatePayload::new(kept(context, settled))))
    }

    /// Changes a DSO.
    #[guard(dso = Admin, of = input.dso_id)]
    async fn dso_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The change.")] input: DsoUpdateInput,
    ) -> Result<Option<DsoUpdatePayload>, ResolverError> {
        let patch = DsoPatch { name: input.name, expected_version: input.expected_version };
        let admin = RequestContext::of(context).scope()?.dso_admin(input.dso_id.0)?;
        let settled = into_result(admin.dso_update(patch).await)?;
        Ok(Some(DsoUpdatePayload::new(kept(context, settled))))
    }

    /// Archives a DSO: it and all below it vanish from every list until it is restored.
    #[guard(org = Admin)]
    async fn dso_archive(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The DSO.")] input: DsoArchiveInput,
    ) -> Result<Option<DsoArchivePayload>, ResolverError> {
        let admin = RequestContext::of(context).scope()?.admin()?;
        let settled = into_result(admin.dso_archive(input.dso_id.0, input.expected_version).await)?;
        Ok(Some(DsoArchivePayload::new(kept(context, settled))))
    }

    /// Brings an archived DSO back.
    #[guard(org = Admin)]
    async fn dso_restore(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The DSO.")] input: DsoRestoreInput,
    ) -> Result<Option<DsoRestorePayload>, ResolverError> {
        let admin = RequestContext::of(context).scope()?.admin()?;
        let settled = into_result(admin.dso_restore(input.dso_id.0, input.expected_version).await)?;
        Ok(Some(DsoRestorePayload::new(kept(context, settled))))
    }
}

/// The DSO as the change left it: a new or an archived one is not among those that the request has entered with.
fn kept(context: &Context<'_>, settled: MutationResult<Row>) -> MutationResult<Option<Dso>> {
    RequestContext::of(context).clear_loaders();
    settled.map(|row| Some(Dso(row.into())))
}
