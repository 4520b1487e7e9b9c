//! Lists of the widgets of dashboards.

use sea_orm::{
    ColumnTrait, Condition, DbBackend, ExprTrait,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use super::{Dashboards, DefaultOrder, NoFilter, ResourceTypes, sealed::Table};
use crate::{
    auth::OrgContext,
    id::TypedId,
    models::{
        Widget, dashboard,
        dashboard_widget::{Column, Entity},
    },
    queries::SortValue,
};

/// The resource.
#[derive(Debug)]
pub enum Widgets {}

/// Parents of widgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WidgetParent {
    /// The dashboard that contains them.
    Dashboard,
}

/// Columns of the grid.
const COLUMNS: i32 = 12;

impl ResourceTypes for Widgets {
    type Row = Widget;
    type Filter = NoFilter;
    type Order = DefaultOrder;
    type Parent = WidgetParent;
}

impl Table for Widgets {
    type Entity = Entity;
    type Column = Column;

    /// Widgets of dashboards that the caller sees, by the tenant filter of dashboards.
    fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition {
        let dashboards = Query::select()
            .column((dashboard::Entity, dashboard::Column::Id))
            .from(dashboard::Entity)
            .cond_where(Dashboards::tenant_filter(context, backend))
            .take();
        Condition::all()
            .add(Column::OrganizationId.eq(context.organization()))
            .add(Expr::col((Entity, Column::DashboardId)).in_subquery(dashboards))
    }

    fn filter(context: &OrgContext, _: &NoFilter, backend: DbBackend) -> Condition {
        Self::tenant_filter(context, backend)
    }

    fn parent_column(under: WidgetParent) -> Column {
        match under {
            WidgetParent::Dashboard => Column::DashboardId,
        }
    }

    fn parent(row: &Widget, under: WidgetParent) -> Uuid {
        match under {
            WidgetParent::Dashboard => row.dashboard_id.uuid(),
        }
    }

    /// In reading order, row by row.
    fn sort_expr(_: DefaultOrder) -> Expr {
        Expr::col((Entity, Column::Y)).mul(COLUMNS).add(Expr::col((Entity, Column::X)))
    }

    fn sort_columns(_: DefaultOrder) -> &'static [Column] {
        &[Column::Y, Column::X]
    }

    fn sort_value(row: &Widget, _: DefaultOrder) -> SortValue {
        SortValue::Int(i64::from(row.y) * i64::from(COLUMNS) + i64::from(row.x))
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Widget) -> Uuid {
        row.id.uuid()
    }
}
