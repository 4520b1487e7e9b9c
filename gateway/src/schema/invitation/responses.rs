//! Invitations, for those who are invited.

use async_graphql::{Context, ID, InputObject};
use chrono::{DateTime, Utc};
use entity::{commands::InvitationRef, db::Db, id::InvitationId};
use gateway_macros::guarded;

use crate::{
    errors::ResolverError,
    guard::OrgRole,
    request::{IdArg, RequestContext, id},
    schema::{
        connection::shared,
        enums::InvitationStatus,
        payload::{into_result, payload},
        viewer::ViewerMembership,
    },
};

/// What whoever holds a token is told about its invitation.
pub struct InvitationPreview(entity::commands::InvitationPreview);

/// What whoever holds a token is told about its invitation.
#[guarded(public = "whoever holds the token was sent it, and may not have signed in yet")]
impl InvitationPreview {
    /// What the organization is called.
    #[public("it stands in the mail, too")]
    fn organization_name(&self) -> &str {
        &self.0.organization
    }

    /// What to call who invites, where it is known.
    #[public("it stands in the mail, too")]
    fn inviter_name(&self) -> Option<&str> {
        self.0.inviter.as_deref()
    }

    /// The address that it is for, with its first letter and its domain only.
    #[public("it tells with which address to sign in, and not the address itself")]
    fn masked_email(&self) -> &str {
        &self.0.masked_email
    }

    /// Whether it is open.
    #[public("only open invitations are shown")]
    fn status(&self) -> InvitationStatus {
        self.0.status.into()
    }
}

/// An open invitation to the caller's own verified address.
pub struct PendingInvitation(entity::commands::PendingInvitation);

impl From<entity::commands::PendingInvitation> for PendingInvitation {
    fn from(row: entity::commands::PendingInvitation) -> Self {
        Self(row)
    }
}

/// An open invitation to the caller's own verified address.
#[guarded(signed_in)]
impl PendingInvitation {
    /// Which invitation.
    #[guard(signed_in)]
    fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What the organization is called.
    #[guard(signed_in)]
    fn organization_name(&self) -> &str {
        &self.0.organization_name
    }

    /// The role in the organization that it promises.
    #[guard(signed_in)]
    fn role(&self) -> OrgRole {
        self.0.role.into()
    }

    /// When it was made.
    #[guard(signed_in)]
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Until when it is good.
    #[guard(signed_in)]
    fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }
}

/// The invitation to be accepted: give one of both.
#[derive(InputObject)]
pub struct InvitationAcceptInput {
    /// The token in the mail.
    token: Option<String>,
    /// The invitation, as `viewer.pendingInvitations` lists it.
    invitation_id: Option<IdArg<InvitationId>>,
}

/// The invitation to be declined: give one of both.
#[derive(InputObject)]
pub struct InvitationDeclineInput {
    /// The token in the mail.
    token: Option<String>,
    /// The invitation, as `viewer.pendingInvitations` lists it.
    invitation_id: Option<IdArg<InvitationId>>,
}

payload! {
    (signed_in)
    /// The outcome of `invitationAccept`.
    InvitationAcceptPayload {
        /// The caller's membership in the organization.
        membership: ViewerMembership
    }
}

payload! {
    (signed_in)
    /// The outcome of `invitationDecline`.
    InvitationDeclinePayload {
        /// What the organization is called that was declined.
        organization_name: String
    }
}

/// Answers to invitations.
#[derive(Default)]
pub struct InvitationAnswers;

#[guarded(signed_in, part_of = "Mutation")]
impl InvitationAnswers {
    /// Accepts an invitation to the caller's verified address. What it promises is checked again. Works without any
    /// organization.
    #[guard(signed_in)]
    async fn invitation_accept(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invitation.")] input: InvitationAcceptInput,
    ) -> Result<Option<InvitationAcceptPayload>, ResolverError> {
        let which = which(input.token, input.invitation_id)?;
        let settled = into_result(RequestContext::of(context).visitor()?.invitation_accept(&which).await)?;
        Ok(Some(InvitationAcceptPayload::new(settled.map(|joined| Some(joined.into())))))
    }

    /// Declines an invitation to the caller's verified address. Works without any organization.
    #[guard(signed_in)]
    async fn invitation_decline(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invitation.")] input: InvitationDeclineInput,
    ) -> Result<Option<InvitationDeclinePayload>, ResolverError> {
        let which = which(input.token, input.invitation_id)?;
        let settled = into_result(RequestContext::of(context).visitor()?.invitation_decline(&which).await)?;
        Ok(Some(InvitationDeclinePayload::new(settled.map(Some))))
    }
}

fn which(token: Option<String>, id: Option<IdArg<InvitationId>>) -> Result<InvitationRef, ResolverError> {
    match (token, id) {
        (Some(token), None) => Ok(InvitationRef::Token(token)),
        (None, Some(id)) => Ok(InvitationRef::Id(id.0)),
        (Some(_), Some(_)) | (None, None) => {
            Err(ResolverError::BadUserInput("give one of `token` and `invitationId`".to_owned()))
        }
    }
}

/// Queries about invitations.
#[derive(Default)]
pub struct InvitationQueries;

#[guarded(signed_in, part_of = "Query")]
impl InvitationQueries {
    /// What a token's invitation is about; null for every token that opens none, whatever the reason.
    #[public("whoever holds the token was sent it, and may not have signed in yet")]
    async fn invitation_preview(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The token in the mail.")] token: String,
    ) -> Result<Option<InvitationPreview>, ResolverError> {
        let _alone = match RequestContext::of(context).scope() {
            Ok(scope) => Some(scope.exclusive().await),
            Err(_) => None,
        };
        let preview = shared::<Db>(context)?.invitation_preview(&token).await?;
        Ok(preview.map(InvitationPreview))
    }
}
