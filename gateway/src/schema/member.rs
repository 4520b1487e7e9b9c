//! Members of the organization.

mod mutations;

pub(crate) use mutations::kept;
pub use mutations::{
    MemberMutations, MemberRemovePayload, MemberResumePayload, MemberRoleUpdatePayload, MemberSuspendPayload,
};

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject};
use chrono::{DateTime, Utc};
use entity::{
    auth::policy::PolicyTarget,
    id::{MemberId, TypedId},
    queries::{Activities, ActivityParent, Direction, GrantOrder, GrantParent, Grants, Members, NoFilter, Users},
};
use gateway_macros::guarded;

use super::{
    OrderDirection, PageArgs,
    activity::{ActivityConnection, ActivityFilter, ActivityOrder},
    connection::{ListRequest, Listable, connection},
    dso_grant::DsoGrantConnection,
    enums::MemberStatus,
    organization::Organization,
    replayed_result::replayed,
    user::User,
};
use crate::guard::OrgRole;
use crate::request::id;
use crate::{errors::ResolverError, guard::HasResource, request::RequestContext, row_encoding::SingleRow};

/// One person in the organization.
#[derive(Clone)]
pub struct Member(Arc<entity::models::Member>);

impl From<Arc<entity::models::Member>> for Member {
    fn from(row: Arc<entity::models::Member>) -> Self {
        Self(row)
    }
}

impl HasResource for Member {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Person(self.0.user_id)
    }
}

impl Member {
    /// The member of an id, if they exist for the caller.
    pub(crate) async fn find(context: &Context<'_>, member: MemberId) -> Result<Option<Self>, ResolverError> {
        Ok(RequestContext::of(context).loaders()?.row::<Members>(member.uuid()).await?.map(Self))
    }
}

replayed!(Member: Members, MemberId);
connection!(Members, Member, MemberConnection, MemberEdge);

/// One person in the organization.
#[guarded(org = Member)]
impl Member {
    /// Which membership.
    #[guard(org = Member)]
    pub(crate) async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Their role in the organization.
    #[guard(org = Member)]
    fn role(&self) -> OrgRole {
        self.0.role.into()
    }

    /// Whether the membership counts.
    #[guard(org = Member)]
    fn status(&self) -> MemberStatus {
        self.0.status.into()
    }

    /// When they joined.
    #[guard(org = Member)]
    fn joined_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When they were last here, to the hour; none if they never were.
    #[guard(own, org = Admin)]
    fn last_seen_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_seen_at
    }

    /// Counts the changes.
    #[guard(org = Member)]
    fn version(&self) -> i32 {
        self.0.version
    }

    /// The person.
    #[guard(org = Member)]
    async fn user(&self, context: &Context<'_>) -> Result<Option<SingleRow<User>>, ResolverError> {
        Ok(RequestContext::of(context)
            .loaders()?
            .row::<Users>(self.0.user_id.uuid())
            .await?
            .map(User::from)
            .map(SingleRow))
    }

    /// The organization.
    #[guard(org = Member)]
    async fn organization(&self, context: &Context<'_>) -> Result<Option<SingleRow<Organization>>, ResolverError> {
        Organization::active(context).await.map(SingleRow).map(Some)
    }

    /// The DSOs that they were granted.
    #[guard(own, org = Admin)]
    async fn grants(&self, context: &Context<'_>, page: PageArgs) -> Result<Option<DsoGrantConnection>, ResolverError> {
        let ask = ListRequest::<Grants> {
            parent: Some((GrantParent::Member, self.0.id.uuid())),
            dsos: None,
            filter: NoFilter,
            order: GrantOrder::CreatedAt,
            direction: Direction::Asc,
        };
        DsoGrantConnection::read(context, page, ask).await
    }

    /// Their contacts with doctors whom the caller sees, latest first unless asked otherwise.
    #[guard(org = Member)]
    async fn activities(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which activities.")] filter: Option<ActivityFilter>,
        #[graphql(desc = "In what order.")] order_by: Option<ActivityOrder>,
        page: PageArgs,
    ) -> Result<Option<ActivityConnection>, ResolverError> {
        let (order, direction) = ActivityOrder::or_latest(order_by);
        let ask = ListRequest::<Activities> {
            parent: Some((ActivityParent::Actor, self.0.id.uuid())),
            dsos: None,
            filter: filter.unwrap_or_default().into(),
            order,
            direction,
        };
        ActivityConnection::read(context, page, ask).await
    }
}

/// Which members. What is given must hold all together.
#[derive(Default, InputObject)]
pub struct MemberFilter {
    /// With one of these roles.
    role: Option<Vec<OrgRole>>,
    /// In one of these states; active ones when not given.
    status: Option<Vec<MemberStatus>>,
}

impl From<MemberFilter> for entity::queries::MemberFilter {
    fn from(filter: MemberFilter) -> Self {
        Self {
            roles: filter.role.map(|roles| roles.into_iter().map(Into::into).collect()),
            statuses: filter.status.map(|statuses| statuses.into_iter().map(Into::into).collect()),
        }
    }
}

/// By what members can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::queries::MemberOrder")]
pub enum MemberOrderField {
    /// By the time they joined.
    CreatedAt,
}

/// The order of a list of members.
#[derive(InputObject)]
pub struct MemberOrder {
    /// By what.
    field: MemberOrderField,
    /// Which way.
    #[graphql(default)]
    direction: OrderDirection,
}

impl MemberOrder {
    /// The organization's members.
    pub(crate) async fn list(
        context: &Context<'_>,
        filter: Option<MemberFilter>,
        order_by: Option<Self>,
        page: PageArgs,
    ) -> Result<Option<MemberConnection>, ResolverError> {
        let oldest = (entity::queries::MemberOrder::CreatedAt, Direction::Asc);
        let (order, direction) = order_by.map_or(oldest, |order| (order.field.into(), order.direction.into()));
        let filter = filter.unwrap_or_default().into();
        MemberConnection::read(context, page, ListRequest { parent: None, dsos: None, filter, order, direction }).await
    }
}

impl Listable for Members {
    fn read_fields(filter: &entity::queries::MemberFilter, order: entity::queries::MemberOrder) -> Vec<&'static str> {
        let entity::queries::MemberFilter { roles, statuses } = filter;
        let mut reads = vec![match order {
            entity::queries::MemberOrder::CreatedAt => "Member.joinedAt",
        }];
        if roles.is_some() {
            reads.push("Member.role");
        }
        if statuses.is_some() {
            reads.push("Member.status");
        }
        reads
    }
}

/// Queries about members.
#[derive(Default)]
pub struct MemberQueries;

#[guarded(signed_in, part_of = "Query")]
impl MemberQueries {
    /// The members of the organization, longest first unless asked otherwise.
    #[guard(org = Member)]
    async fn members(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which members.")] filter: Option<MemberFilter>,
        #[graphql(desc = "In what order.")] order_by: Option<MemberOrder>,
        page: PageArgs,
    ) -> Result<Option<MemberConnection>, ResolverError> {
        MemberOrder::list(context, filter, order_by, page).await
    }
}
