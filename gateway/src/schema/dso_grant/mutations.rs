//! Giving and taking roles on DSOs.

use async_graphql::{Context, InputObject};
use entity::{
    commands::GrantDraft,
    id::{DsoId, MemberId},
    models::{AuditAction, DsoGrant as Row},
};
use gateway_macros::guarded;

use super::DsoGrant;
use crate::{
    errors::ResolverError,
    guard::DsoRole,
    request::{IdArg, RequestContext},
    schema::payload::{MutationResult, into_result, payload},
};

/// A role on a DSO that a member is to have.
#[derive(InputObject)]
pub struct DsoGrantInput {
    /// Who.
    member_id: IdArg<MemberId>,
    /// On what.
    dso_id: IdArg<DsoId>,
    /// Which role; it takes the place of the one that they have.
    role: DsoRole,
}

/// A role on a DSO that a member is to lose.
#[derive(InputObject)]
pub struct DsoGrantRevokeInput {
    /// Who.
    member_id: IdArg<MemberId>,
    /// On what.
    dso_id: IdArg<DsoId>,
}

/// Roles on DSOs that members are to have.
#[derive(InputObject)]
pub struct DsoGrantBulkInput {
    /// The grants, 1 to 100: all of them are given, or none.
    grants: Vec<DsoGrantInput>,
}

/// Roles on DSOs that members are to lose.
#[derive(InputObject)]
pub struct DsoGrantRevokeBulkInput {
    /// The grants, 1 to 100: all of them are taken, or none.
    grants: Vec<DsoGrantRevokeInput>,
}

/// Grants in one request: each is a row, an event and a look at the member.
const MAX_PAIRS: usize = 100;

payload! {
    /// The outcome of `dsoGrant`.
    DsoGrantPayload {
        /// The grant.
        grant: DsoGrant
    }
}

payload! {
    /// The outcome of `dsoGrantRevoke`.
    DsoGrantRevokePayload {
        /// The grant that is no more.
        grant: DsoGrant
    }
}

payload! {
    /// The outcome of `dsoGrantBulk`.
    DsoGrantBulkPayload {
        /// The grants, in the order of the input.
        grants: Vec<DsoGrant>
    }
}

payload! {
    /// The outcome of `dsoGrantRevokeBulk`.
    DsoGrantRevokeBulkPayload {
        /// The grants that are no more, in the order of the input.
        grants: Vec<DsoGrant>
    }
}

/// Changes of grants.
#[derive(Default)]
pub struct DsoGrantMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl DsoGrantMutations {
    /// Gives a member a role on a DSO.
    #[guard(dso = Admin, of = input.dso_id)]
    async fn dso_grant(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who, on what, with which role.")] input: DsoGrantInput,
    ) -> Result<Option<DsoGrantPayload>, ResolverError> {
        let granting = RequestContext::of(context).scope()?.granting(AuditAction::DsoGrant, &[input.dso_id.0]).await?;
        let settled = into_result(granting.dso_grant(&[input.draft()]).await)?;
        Ok(Some(DsoGrantPayload::new(kept(context, settled).map(|grants| grants.into_iter().next()))))
    }

    /// Takes a member's role on a DSO.
    #[guard(dso = Admin, of = input.dso_id)]
    async fn dso_grant_revoke(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who, on what.")] input: DsoGrantRevokeInput,
    ) -> Result<Option<DsoGrantRevokePayload>, ResolverError> {
        let granting =
            RequestContext::of(context).scope()?.granting(AuditAction::DsoGrantRevoke, &[input.dso_id.0]).await?;
        let settled = into_result(granting.dso_grant_revoke(&[input.pair()]).await)?;
        Ok(Some(DsoGrantRevokePayload::new(kept(context, settled).map(|grants| grants.into_iter().next()))))
    }

    /// Gives members roles on DSOs, all or none. It takes ADMIN on each of the DSOs.
    #[guard(org = Member)]
    async fn dso_grant_bulk(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The grants.")] input: DsoGrantBulkInput,
    ) -> Result<Option<DsoGrantBulkPayload>, ResolverError> {
        bounded(input.grants.len())?;
        let drafts: Vec<_> = input.grants.iter().map(DsoGrantInput::draft).collect();
        let dsos: Vec<_> = drafts.iter().map(|draft| draft.dso).collect();
        let granting = RequestContext::of(context).scope()?.granting(AuditAction::DsoGrant, &dsos).await?;
        let settled = into_result(granting.dso_grant(&drafts).await)?;
        Ok(Some(DsoGrantBulkPayload::new(kept(context, settled).map(Some))))
    }

    /// Takes members' roles on DSOs, all or none. It takes ADMIN on each of the DSOs.
    #[guard(org = Member)]
    async fn dso_grant_revoke_bulk(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The grants.")] input: DsoGrantRevokeBulkInput,
    ) -> Result<Option<DsoGrantRevokeBulkPayload>, ResolverError> {
        bounded(input.grants.len())?;
        let pairs: Vec<_> = input.grants.iter().map(DsoGrantRevokeInput::pair).collect();
        let dsos: Vec<_> = pairs.iter().map(|pair| pair.1).collect();
        let granting = RequestContext::of(context).scope()?.granting(AuditAction::DsoGrantRevoke, &dsos).await?;
        let settled = into_result(granting.dso_grant_revoke(&pairs).await)?;
        Ok(Some(DsoGrantRevokeBulkPayload::new(kept(context, settled).map(Some))))
    }
}

impl DsoGrantInput {
    fn draft(&self) -> GrantDraft {
        GrantDraft { member: self.member_id.0, dso: self.dso_id.0, role: self.role.into() }
    }
}

impl DsoGrantRevokeInput {
    fn pair(&self) -> (MemberId, DsoId) {
        (self.member_id.0, self.dso_id.0)
    }
}

fn bounded(count: usize) -> Result<(), ResolverError> {
    if (1..=MAX_PAIRS).contains(&count) {
        return Ok(());
    }
    Err(ResolverError::BadUserInput(format!("`grants` has {count} entries; it takes 1 to {MAX_PAIRS}")))
}

fn kept(context: &Context<'_>, settled: MutationResult<Vec<Row>>) -> MutationResult<Vec<DsoGrant>> {
    RequestContext::of(context).clear_loaders();
    settled.map(|rows| rows.into_iter().map(|row| DsoGrant(row.into())).collect())
}
