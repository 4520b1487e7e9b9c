//! Inviting people.

use async_graphql::{Context, InputObject};
use entity::{
    commands::InvitationDraft,
    id::{DsoId, InvitationId},
    models::Invitation as Row,
};
use gateway_macros::guarded;

use super::Invitation;
use crate::{
    errors::ResolverError,
    guard::{DsoRole, OrgRole},
    request::{IdArg, RequestContext},
    schema::{
        input::Time,
        payload::{MutationResult, into_result, payload},
    },
};

/// A role on a DSO for somebody who is to come.
#[derive(InputObject)]
pub struct DsoGrantPromise {
    /// On what.
    dso_id: IdArg<DsoId>,
    /// Which role.
    role: DsoRole,
}

impl DsoGrantPromise {
    pub(crate) fn pairs(promises: Option<Vec<Self>>) -> Vec<(DsoId, entity::auth::DsoRole)> {
        promises.unwrap_or_default().into_iter().map(|promise| (promise.dso_id.0, promise.role.into())).collect()
    }
}

/// An invitation to be made.
#[derive(InputObject)]
pub struct InvitationCreateInput {
    /// To whom.
    email: String,
    /// With which role in the organization: not OWNER, and not above the caller's own.
    #[graphql(default_with = "OrgRole::Member")]
    role: OrgRole,
    /// With which roles on which DSOs.
    grants: Option<Vec<DsoGrantPromise>>,
    /// Until when it is good: at most 30 days ahead; 7, unless the operator says otherwise, if not given.
    expires_at: Option<Time>,
}

/// The invitation to be sent again.
#[derive(InputObject)]
pub struct InvitationResendInput {
    /// The invitation.
    invitation_id: IdArg<InvitationId>,
    /// Until when it is good from now on: as for a new one.
    expires_at: Option<Time>,
}

/// The invitation to be taken back.
#[derive(InputObject)]
pub struct InvitationRevokeInput {
    /// The invitation.
    invitation_id: IdArg<InvitationId>,
}

payload! {
    (org = Admin)
    /// The outcome of `invitationCreate`.
    InvitationCreatePayload {
        /// The new invitation.
        invitation: Invitation
    }
}

payload! {
    (org = Admin)
    /// The outcome of `invitationResend`.
    InvitationResendPayload {
        /// The invitation after the change.
        invitation: Invitation
    }
}

payload! {
    (org = Admin)
    /// The outcome of `invitationRevoke`.
    InvitationRevokePayload {
        /// The invitation, which is over.
        invitation: Invitation
    }
}

/// Changes of invitations by the organization.
#[derive(Default)]
pub struct InvitationMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl InvitationMutations {
    /// Invites somebody by a mail, whose link carries a token that is told to nobody else.
    #[guard(org = Admin)]
    async fn invitation_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invitation.")] input: InvitationCreateInput,
    ) -> Result<Option<InvitationCreatePayload>, ResolverError> {
        let draft = InvitationDraft {
            email: input.email,
            role: input.role.into(),
            grants: DsoGrantPromise::pairs(input.grants),
            expires_at: input.expires_at.map(Into::into),
        };
        let settled = into_result(RequestContext::of(context).scope()?.admin()?.invitation_create(draft).await)?;
        Ok(Some(InvitationCreatePayload::new(kept(context, settled))))
    }

    /// Sends an open invitation again, with a new token: the old one opens nothing any more.
    #[guard(org = Admin)]
    async fn invitation_resend(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invitation.")] input: InvitationResendInput,
    ) -> Result<Option<InvitationResendPayload>, ResolverError> {
        let admin = RequestContext::of(context).scope()?.admin()?;
        let settled =
            into_result(admin.invitation_resend(input.invitation_id.0, input.expires_at.map(Into::into)).await)?;
        Ok(Some(InvitationResendPayload::new(kept(context, settled))))
    }

    /// Takes an open invitation back.
    #[guard(org = Admin)]
    async fn invitation_revoke(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invitation.")] input: InvitationRevokeInput,
    ) -> Result<Option<InvitationRevokePayload>, ResolverError> {
        let admin = RequestContext::of(context).scope()?.admin()?;
        let settled = into_result(admin.invitation_revoke(input.invitation_id.0).await)?;
        Ok(Some(InvitationRevokePayload::new(kept(context, settled))))
    }
}

fn kept(context: &Context<'_>, settled: MutationResult<Row>) -> MutationResult<Option<Invitation>> {
    RequestContext::of(context).clear_loaders();
    settled.map(|row| Some(Invitation(row.into())))
}
