//! Lists of dashboards.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NoFilter, NoParent, ResourceTypes, sealed::Table};
use crate::{
    auth::{OrgContext, org_context::AccessMode},
    id::TypedId,
    models::{
        Dashboard, Visibility,
        dashboard::{Column, Entity},
    },
    queries::SortValue,
};

/// The resource.
#[derive(Debug)]
pub enum Dashboards {}

/// Sort orders of dashboards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DashboardOrder {
    /// By title, compared by bytes.
    Title,
}

impl ResourceTypes for Dashboards {
    type Row = Dashboard;
    type Filter = NoFilter;
    type Order = DashboardOrder;
    type Parent = NoParent;
}

impl Table for Dashboards {
    type Entity = Entity;
    type Column = Column;

    /// Shared dashboards and the caller's own. No role shows the private dashboards of another member, and neither
    /// does running as their author.
    fn tenant_filter(context: &OrgContext, _: DbBackend) -> Condition {
        let shared = Condition::any().add(Column::Visibility.eq(Visibility::Shared));
        let seen = match context.reach() {
            AccessMode::All => shared.add(Column::AuthorMemberId.eq(context.member())),
            AccessMode::Reading => shared,
        };
        Condition::all().add(Column::OrganizationId.eq(context.organization())).add(seen)
    }

    fn filter(context: &OrgContext, _: &NoFilter, backend: DbBackend) -> Condition {
        Self::tenant_filter(context, backend)
    }

    fn parent_column(under: NoParent) -> Column {
        match under {}
    }

    fn parent(_: &Dashboard, under: NoParent) -> Uuid {
        match under {}
    }

    fn sort_expr(order: DashboardOrder) -> Expr {
        match order {
            DashboardOrder::Title => Expr::col((Entity, Column::Title)),
        }
    }

    fn sort_columns(order: DashboardOrder) -> &'static [Column] {
        match order {
            DashboardOrder::Title => &[Column::Title],
        }
    }

    fn sort_value(row: &Dashboard, order: DashboardOrder) -> SortValue {
        match order {
            DashboardOrder::Title => SortValue::Text(row.title.clone()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Dashboard) -> Uuid {
        row.id.uuid()
    }
}
