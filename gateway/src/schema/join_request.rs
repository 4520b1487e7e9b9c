//! Requests to be let in, as the organization and their people see them.

mod mutations;

pub use mutations::{
    JoinRequestApprovePayload, JoinRequestCancelPayload, JoinRequestCreatePayload, JoinRequestDenyPayload,
    JoinRequestMutations,
};

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject};
use chrono::{DateTime, Utc};
use entity::{
    id::TypedId,
    queries::{Direction, JoinRequestOrder, JoinRequests, Members},
};
use gateway_macros::guarded;

use super::{
    PageArgs,
    connection::{ListRequest, Listable, connection},
    enums::JoinRequestStatus,
    member::Member,
    replayed_result::{ReplayedResult, replayed},
};
use crate::request::id;
use crate::{errors::ResolverError, request::RequestContext};

/// A person's request to be let into the organization.
#[derive(Clone)]
pub struct JoinRequest(Arc<entity::models::JoinRequest>);

impl From<Arc<entity::models::JoinRequest>> for JoinRequest {
    fn from(row: Arc<entity::models::JoinRequest>) -> Self {
        Self(row)
    }
}

replayed!(JoinRequest: JoinRequests, entity::id::JoinRequestId);
connection!(JoinRequests, JoinRequest, JoinRequestConnection, JoinRequestEdge);

/// A person's request to be let into the organization.
#[guarded(org = Admin)]
impl JoinRequest {
    /// Which request.
    #[guard(org = Admin)]
    fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What to call who asks.
    #[guard(org = Admin)]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Their verified address.
    #[guard(org = Admin)]
    fn email(&self) -> &str {
        &self.0.email
    }

    /// What they say about themselves.
    #[guard(org = Admin)]
    fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// What became of it.
    #[guard(org = Admin)]
    fn status(&self) -> JoinRequestStatus {
        self.0.status.into()
    }

    /// When they asked.
    #[guard(org = Admin)]
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it ended.
    #[guard(org = Admin)]
    fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }

    /// Who has answered.
    #[guard(org = Admin)]
    async fn decided_by(&self, context: &Context<'_>) -> Result<Option<Member>, ResolverError> {
        let Some(member) = self.0.decided_by else { return Ok(None) };
        Ok(RequestContext::of(context).loaders()?.row::<Members>(member.uuid()).await?.map(Member::from))
    }
}

/// One of the caller's own requests. Whether there is an organization of that slug is not told.
pub struct ViewerJoinRequest(entity::models::JoinRequest);

impl From<entity::models::JoinRequest> for ViewerJoinRequest {
    fn from(row: entity::models::JoinRequest) -> Self {
        Self(row)
    }
}

impl ReplayedResult for ViewerJoinRequest {
    fn keys(&self) -> Vec<String> {
        vec![self.0.id.to_text()]
    }

    async fn found(context: &Context<'_>, keys: &[String]) -> Result<Option<Self>, ResolverError> {
        let own = RequestContext::of(context).visitor()?.join_requests().await?;
        Ok(own.into_iter().find(|own| keys.contains(&own.id.to_text())).map(Self))
    }
}

/// One of the caller's own requests. Whether there is an organization of that slug is not told.
#[guarded(signed_in)]
impl ViewerJoinRequest {
    /// Which request.
    #[guard(signed_in)]
    fn id(&self) -> ID {
        id(self.0.id)
    }

    /// The slug that they wrote, in its normal form.
    #[guard(signed_in)]
    fn organization_slug(&self) -> &str {
        &self.0.slug
    }

    /// What they say about themselves.
    #[guard(signed_in)]
    fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// What became of it.
    #[guard(signed_in)]
    fn status(&self) -> JoinRequestStatus {
        self.0.status.into()
    }

    /// When they asked.
    #[guard(signed_in)]
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// Which requests.
#[derive(Default, InputObject)]
pub struct JoinRequestFilter {
    /// In one of these states.
    status: Option<Vec<JoinRequestStatus>>,
}

impl JoinRequestFilter {
    /// The requests to be let into the organization, latest first.
    pub(crate) async fn list(
        context: &Context<'_>,
        filter: Option<Self>,
        page: PageArgs,
    ) -> Result<Option<JoinRequestConnection>, ResolverError> {
        let statuses = filter.unwrap_or_default().status;
        let statuses = statuses.map(|statuses| statuses.into_iter().map(Into::into).collect());
        let ask = ListRequest::<JoinRequests> {
            parent: None,
            dsos: None,
            filter: entity::queries::JoinRequestFilter { statuses },
            order: JoinRequestOrder::CreatedAt,
            direction: Direction::Desc,
        };
        JoinRequestConnection::read(context, page, ask).await
    }
}

impl Listable for JoinRequests {
    fn read_fields(filter: &entity::queries::JoinRequestFilter, order: JoinRequestOrder) -> Vec<&'static str> {
        let entity::queries::JoinRequestFilter { statuses } = filter;
        let mut reads = vec![match order {
            JoinRequestOrder::CreatedAt => "JoinRequest.createdAt",
        }];
        if statuses.is_some() {
            reads.push("JoinRequest.status");
        }
        reads
    }
}
