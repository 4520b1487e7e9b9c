//! Dashboards.
//!
//! Owns: dashboards and their widgets, kept or built in. May use: the aggregates, the overview and the lists, by the code of
//! their own fields. Invariant: a widget is asked with the rights of whoever looks, never with its author's.

mod built_in;
mod input;
mod mutations;
mod query;
mod result;
mod validated_query;
mod widget;
mod widget_key;

pub use mutations::{
    DashboardArrangePayload, DashboardCreatePayload, DashboardDeletePayload, DashboardDuplicatePayload,
    DashboardMutations, DashboardUpdatePayload, WidgetAddPayload, WidgetMutations, WidgetRemovePayload,
    WidgetUpdatePayload,
};
pub use result::{WidgetResult, WidgetRow};
pub use widget::Widget;
pub use widget_key::WidgetKey;

use std::sync::Arc;

use async_graphql::{Context, ID};
use chrono::{DateTime, Utc};
use entity::{
    auth::policy::Decision,
    id::{DashboardId, TypedId},
    models::Visibility,
    queries::{DashboardOrder, Dashboards, Direction, NoFilter},
};
use gateway_macros::guarded;

use super::{
    PageArgs,
    connection::{ListRequest, Listable, connection},
    enums::DashboardVisibility,
    member::Member,
    replayed_result::ReplayedResult,
};
use crate::request::IdArg;
use crate::request::id;
use crate::{errors::ResolverError, request::RequestContext};
use built_in::BuiltIn;

/// A page of widgets.
#[derive(Clone)]
pub enum Dashboard {
    /// One that a member keeps.
    Kept(Arc<entity::models::Dashboard>),
    /// One that is made of code, for everybody with a role.
    BuiltIn(BuiltIn),
}

impl From<Arc<entity::models::Dashboard>> for Dashboard {
    fn from(row: Arc<entity::models::Dashboard>) -> Self {
        Self::Kept(row)
    }
}

impl Dashboard {
    /// The dashboard of an id, if it exists for the caller.
    pub(crate) async fn find(context: &Context<'_>, dashboard: DashboardId) -> Result<Option<Self>, ResolverError> {
        let loaders = RequestContext::of(context).loaders()?;
        if let Some(built_in) = BuiltIn::of_id(dashboard) {
            return Ok(Some(Self::BuiltIn(built_in)));
        }
        Ok(loaders.row::<Dashboards>(dashboard.uuid()).await?.map(Self::Kept))
    }

    /// The one that is built in for the caller's role.
    pub(crate) fn of_role(context: &Context<'_>) -> Result<Self, ResolverError> {
        let role = RequestContext::of(context).scope()?.context().permissions().org_role();
        Ok(Self::BuiltIn(BuiltIn::of_role(role)))
    }
}

impl Listable for Dashboards {
    fn read_fields(_: &NoFilter, order: DashboardOrder) -> Vec<&'static str> {
        vec![match order {
            DashboardOrder::Title => "Dashboard.title",
        }]
    }
}

impl ReplayedResult for Dashboard {
    fn keys(&self) -> Vec<String> {
        vec![match self {
            Self::Kept(row) => row.id.to_text(),
            Self::BuiltIn(built_in) => built_in.id().to_text(),
        }]
    }

    async fn found(context: &Context<'_>, keys: &[String]) -> Result<Option<Self>, ResolverError> {
        let [key] = keys else { return Ok(None) };
        Self::find(context, DashboardId::from_text(key)).await
    }
}

connection!(Dashboards, Dashboard, DashboardConnection, DashboardEdge);

/// A page of widgets. Everybody who sees it sees their own figures on it.
#[guarded(org = Member)]
impl Dashboard {
    /// Which dashboard.
    #[guard(org = Member)]
    pub(crate) async fn id(&self) -> ID {
        match self {
            Self::Kept(row) => id(row.id),
            Self::BuiltIn(built_in) => id(built_in.id()),
        }
    }

    /// What it is called.
    #[guard(org = Member)]
    fn title(&self) -> &str {
        match self {
            Self::Kept(row) => &row.title,
            Self::BuiltIn(built_in) => built_in.title(),
        }
    }

    /// Who sees it.
    #[guard(org = Member)]
    fn visibility(&self) -> DashboardVisibility {
        match self {
            Self::Kept(row) => row.visibility.into(),
            Self::BuiltIn(_) => Visibility::Shared.into(),
        }
    }

    /// Whether nobody has made it: it can be duplicated and not changed.
    #[guard(org = Member)]
    fn is_built_in(&self) -> bool {
        matches!(self, Self::BuiltIn(_))
    }

    /// Who made it; none if it is built in.
    #[guard(org = Member)]
    async fn author(&self, context: &Context<'_>) -> Result<Option<Member>, ResolverError> {
        match self {
            Self::Kept(row) => Member::find(context, row.author_member_id).await,
            Self::BuiltIn(_) => Ok(None),
        }
    }

    /// Whether the caller may change it: their own, or as an admin any that they see.
    #[guard(org = Member)]
    fn viewer_may_edit(&self, context: &Context<'_>) -> Result<bool, ResolverError> {
        match self {
            Self::Kept(row) => Ok(RequestContext::of(context).scope()?.may_edit(row) == Decision::Allow),
            Self::BuiltIn(_) => Ok(false),
        }
    }

    /// What is on it, line by line, at most 40.
    #[guard(org = Member)]
    async fn widgets(&self, context: &Context<'_>) -> Result<Option<Vec<Widget>>, ResolverError> {
        Widget::all_of(context, self).await.map(Some)
    }

    /// When it was made; none if it is built in.
    #[guard(org = Member)]
    fn created_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Kept(row) => Some(row.created_at),
            Self::BuiltIn(_) => None,
        }
    }

    /// When it or a widget on it last changed; none if it is built in.
    #[guard(org = Member)]
    fn updated_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Kept(row) => Some(row.updated_at),
            Self::BuiltIn(_) => None,
        }
    }

    /// Counts the changes of it and of its widgets, for `expectedVersion`.
    #[guard(org = Member)]
    fn version(&self) -> i32 {
        match self {
            Self::Kept(row) => row.version,
            Self::BuiltIn(_) => 1,
        }
    }
}

/// Queries about dashboards.
#[derive(Default)]
pub struct DashboardQueries;

#[guarded(signed_in, part_of = "Query")]
impl DashboardQueries {
    /// A dashboard by id; a private one is there for its author only.
    #[guard(org = Member)]
    async fn dashboard(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The dashboard.")] id: IdArg<DashboardId>,
    ) -> Result<Option<Dashboard>, ResolverError> {
        Dashboard::find(context, id.0).await
    }

    /// The shared dashboards and the caller's own, by title.
    #[guard(org = Member)]
    async fn dashboards(
        &self,
        context: &Context<'_>,
        page: PageArgs,
    ) -> Result<Option<DashboardConnection>, ResolverError> {
        let (order, direction) = (DashboardOrder::Title, Direction::Asc);
        let ask = ListRequest::<Dashboards> { parent: None, dsos: None, filter: NoFilter, order, direction };
        DashboardConnection::read(context, page, ask).await
    }
}
