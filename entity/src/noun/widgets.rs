//! The widgets of dashboards, as lists.

use sea_orm::{
    ColumnTrait, Condition, DbBackend, ExprTrait,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use super::{Dashboards, NoFilter, OneOrder, Rows, sealed::Table};
use crate::{
    Key, OrgContext, TypedId, Widget,
    table::{
        dashboard,
        dashboard_widget::{Column, Entity},
    },
};

/// The noun.
#[derive(Debug)]
pub enum Widgets {}

/// What widgets are listed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WidgetUnder {
    /// The dashboard that they are on.
    Dashboard,
}

/// Columns of the grid.
const COLUMNS: i32 = 12;

impl Rows for Widgets {
    type Row = Widget;
    type Filter = NoFilter;
    type Order = OneOrder;
    type Under = WidgetUnder;
}

impl Table for Widgets {
    type Entity = Entity;
    type Column = Column;

    /// Those of dashboards that the caller sees, by the very narrowing of dashboards.
    fn narrow(context: &OrgContext, backend: DbBackend) -> Condition {
        let dashboards = Query::select()
            .column((dashboard::Entity, dashboard::Column::Id))
            .from(dashboard::Entity)
            .cond_where(Dashboards::narrow(context, backend))
            .take();
        Condition::all()
            .add(Column::OrganizationId.eq(context.organization()))
            .add(Expr::col((Entity, Column::DashboardId)).in_subquery(dashboards))
    }

    fn select(context: &OrgContext, _: &NoFilter, backend: DbBackend) -> Condition {
        Self::narrow(context, backend)
    }

    fn parent_column(under: WidgetUnder) -> Column {
        match under {
            WidgetUnder::Dashboard => Column::DashboardId,
        }
    }

    fn parent(row: &Widget, under: WidgetUnder) -> Uuid {
        match under {
            WidgetUnder::Dashboard => row.dashboard_id.uuid(),
        }
    }

    /// As one reads: line by line.
    fn key_expr(_: OneOrder) -> Expr {
        Expr::col((Entity, Column::Y)).mul(COLUMNS).add(Expr::col((Entity, Column::X)))
    }

    fn keyed_by(_: OneOrder) -> &'static [Column] {
        &[Column::Y, Column::X]
    }

    fn key(row: &Widget, _: OneOrder) -> Key {
        Key::Int(i64::from(row.y) * i64::from(COLUMNS) + i64::from(row.x))
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Widget) -> Uuid {
        row.id.uuid()
    }
}
