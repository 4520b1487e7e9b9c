//! Invitations, as the organization and its guests see them.

mod mutations;
mod responses;

pub use mutations::{
    DsoGrantPromise, InvitationCreatePayload, InvitationMutations, InvitationResendPayload, InvitationRevokePayload,
};
pub use responses::{
    InvitationAcceptPayload, InvitationAnswers, InvitationDeclinePayload, InvitationPreview, InvitationQueries,
    PendingInvitation,
};

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject};
use chrono::{DateTime, Utc};
use entity::{
    id::TypedId,
    queries::{Direction, InvitationOrder, Invitations, Members},
};
use gateway_macros::guarded;

use super::{
    PageArgs,
    connection::{ListRequest, Listable, connection},
    enums::InvitationStatus,
    member::Member,
    replayed_result::replayed,
};
use crate::guard::OrgRole;
use crate::request::id;
use crate::{errors::ResolverError, request::RequestContext};

/// An invitation to the organization.
#[derive(Clone)]
pub struct Invitation(Arc<entity::models::Invitation>);

impl From<Arc<entity::models::Invitation>> for Invitation {
    fn from(row: Arc<entity::models::Invitation>) -> Self {
        Self(row)
    }
}

replayed!(Invitation: Invitations, entity::id::InvitationId);
connection!(Invitations, Invitation, InvitationConnection, InvitationEdge);

/// An invitation to the organization.
#[guarded(org = Admin)]
impl Invitation {
    /// Which invitation.
    #[guard(org = Admin)]
    fn id(&self) -> ID {
        id(self.0.id)
    }

    /// To which address, as written.
    #[guard(org = Admin)]
    fn email(&self) -> &str {
        &self.0.email
    }

    /// The role in the organization that it promises.
    #[guard(org = Admin)]
    fn role(&self) -> OrgRole {
        self.0.role.into()
    }

    /// What has become of it by now.
    #[guard(org = Admin)]
    fn status(&self) -> InvitationStatus {
        self.0.status_at(Utc::now()).into()
    }

    /// When it was made.
    #[guard(org = Admin)]
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Until when it is good.
    #[guard(org = Admin)]
    fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// When a mail with its latest token went out; none as long as it waits for the mail server.
    #[guard(org = Admin)]
    fn sent_at(&self) -> Option<DateTime<Utc>> {
        self.0.sent_at
    }

    /// When it was answered or taken back.
    #[guard(org = Admin)]
    fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.0.ended_at
    }

    /// Who has sent it last, where it is known.
    #[guard(org = Admin)]
    async fn invited_by(&self, context: &Context<'_>) -> Result<Option<Member>, ResolverError> {
        let Some(member) = self.0.invited_by else { return Ok(None) };
        Ok(RequestContext::of(context).loaders()?.row::<Members>(member.uuid()).await?.map(Member::from))
    }
}

/// Which invitations.
#[derive(Default, InputObject)]
pub struct InvitationFilter {
    /// In one of these states, as of now.
    status: Option<Vec<InvitationStatus>>,
}

impl InvitationFilter {
    /// The organization's invitations, latest first.
    pub(crate) async fn list(
        context: &Context<'_>,
        filter: Option<Self>,
        page: PageArgs,
    ) -> Result<Option<InvitationConnection>, ResolverError> {
        let statuses = filter.unwrap_or_default().status;
        let statuses = statuses.map(|statuses| (statuses.into_iter().map(Into::into).collect(), Utc::now()));
        let ask = ListRequest::<Invitations> {
            parent: None,
            dsos: None,
            filter: entity::queries::InvitationFilter { statuses },
            order: InvitationOrder::CreatedAt,
            direction: Direction::Desc,
        };
        InvitationConnection::read(context, page, ask).await
    }
}

impl Listable for Invitations {
    fn read_fields(filter: &entity::queries::InvitationFilter, order: InvitationOrder) -> Vec<&'static str> {
        let entity::queries::InvitationFilter { statuses } = filter;
        let mut reads = vec![match order {
            InvitationOrder::CreatedAt => "Invitation.createdAt",
        }];
        if statuses.is_some() {
            reads.push("Invitation.status");
        }
        reads
    }
}
