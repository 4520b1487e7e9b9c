//! Asking to be let in, and the answers.

use async_graphql::{Context, InputObject};
use entity::{
    commands::{InitialAccess, JoinRequestDraft},
    id::JoinRequestId,
    models::JoinRequest as Row,
};
use gateway_macros::guarded;

use super::{JoinRequest, ViewerJoinRequest};
use crate::{
    errors::ResolverError,
    guard::OrgRole,
    request::{IdArg, RequestContext},
    schema::{
        invitation::DsoGrantPromise,
        payload::{MutationResult, into_result, payload},
    },
};

/// A request to be let in.
#[derive(InputObject)]
pub struct JoinRequestCreateInput {
    /// The organization's slug. Whether there is one is not told.
    organization_slug: String,
    /// What the person says about themselves, at most 20,000 characters.
    message: Option<String>,
}

/// The request that is taken back by its person.
#[derive(InputObject)]
pub struct JoinRequestCancelInput {
    /// The request.
    join_request_id: IdArg<JoinRequestId>,
}

/// Who is let in, and with what.
#[derive(InputObject)]
pub struct JoinRequestApproveInput {
    /// The request.
    join_request_id: IdArg<JoinRequestId>,
    /// With which role in the organization: not OWNER, and not above the caller's own.
    #[graphql(default_with = "OrgRole::Member")]
    role: OrgRole,
    /// With which roles on which DSOs.
    grants: Option<Vec<DsoGrantPromise>>,
}

/// Who is not let in.
#[derive(InputObject)]
pub struct JoinRequestDenyInput {
    /// The request.
    join_request_id: IdArg<JoinRequestId>,
}

payload! {
    (signed_in)
    /// The outcome of `joinRequestCreate`: the same whether there is such an organization or not.
    JoinRequestCreatePayload {
        /// The new request.
        join_request: ViewerJoinRequest
    }
}

payload! {
    (signed_in)
    /// The outcome of `joinRequestCancel`.
    JoinRequestCancelPayload {
        /// The request, which is over.
        join_request: ViewerJoinRequest
    }
}

payload! {
    (org = Admin)
    /// The outcome of `joinRequestApprove`.
    JoinRequestApprovePayload {
        /// The request, which is over.
        join_request: JoinRequest
    }
}

payload! {
    (org = Admin)
    /// The outcome of `joinRequestDeny`.
    JoinRequestDenyPayload {
        /// The request, which is over.
        join_request: JoinRequest
    }
}

/// Changes of requests to be let in.
#[derive(Default)]
pub struct JoinRequestMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl JoinRequestMutations {
    /// Asks to be let into an organization. Works without any organization.
    #[guard(signed_in)]
    async fn join_request_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The request.")] input: JoinRequestCreateInput,
    ) -> Result<Option<JoinRequestCreatePayload>, ResolverError> {
        let draft = JoinRequestDraft { slug: input.organization_slug, message: input.message };
        let settled = into_result(RequestContext::of(context).visitor()?.join_request_create(draft).await)?;
        Ok(Some(JoinRequestCreatePayload::new(settled.map(|row| Some(row.into())))))
    }

    /// Takes one's own request back. Works without any organization.
    #[guard(signed_in)]
    async fn join_request_cancel(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The request.")] input: JoinRequestCancelInput,
    ) -> Result<Option<JoinRequestCancelPayload>, ResolverError> {
        let visitor = RequestContext::of(context).visitor()?;
        let settled = into_result(visitor.join_request_cancel(input.join_request_id.0).await)?;
        Ok(Some(JoinRequestCancelPayload::new(settled.map(|row| Some(row.into())))))
    }

    /// Lets in who has asked.
    #[guard(org = Admin)]
    async fn join_request_approve(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The request, and what its person is given.")] input: JoinRequestApproveInput,
    ) -> Result<Option<JoinRequestApprovePayload>, ResolverError> {
        let welcome = InitialAccess { role: input.role.into(), grants: DsoGrantPromise::pairs(input.grants) };
        let admin = RequestContext::of(context).scope()?.admin()?;
        let settled = into_result(admin.join_request_approve(input.join_request_id.0, welcome).await)?;
        Ok(Some(JoinRequestApprovePayload::new(kept(context, settled))))
    }

    /// Does not let in who has asked.
    #[guard(org = Admin)]
    async fn join_request_deny(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The request.")] input: JoinRequestDenyInput,
    ) -> Result<Option<JoinRequestDenyPayload>, ResolverError> {
        let admin = RequestContext::of(context).scope()?.admin()?;
        let settled = into_result(admin.join_request_deny(input.join_request_id.0).await)?;
        Ok(Some(JoinRequestDenyPayload::new(kept(context, settled))))
    }
}

fn kept(context: &Context<'_>, settled: MutationResult<Row>) -> MutationResult<Option<JoinRequest>> {
    RequestContext::of(context).clear_loaders();
    settled.map(|row| Some(JoinRequest(row.into())))
}
