//! Dashboards, as lists.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NoFilter, Rows, Unparented, sealed::Table};
use crate::{
    Dashboard, Key, OrgContext, TypedId, Visibility,
    org_context::Reach,
    table::dashboard::{Column, Entity},
};

/// The noun.
#[derive(Debug)]
pub enum Dashboards {}

/// By what dashboards can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DashboardOrder {
    /// By title, bytewise.
    Title,
}

impl Rows for Dashboards {
    type Row = Dashboard;
    type Filter = NoFilter;
    type Order = DashboardOrder;
    type Under = Unparented;
}

impl Table for Dashboards {
    type Entity = Entity;
    type Column = Column;

    /// Shared ones, and the caller's own: no role shows what another keeps for themselves, nor does running as its author.
    fn narrow(context: &OrgContext, _: DbBackend) -> Condition {
        let shared = Condition::any().add(Column::Visibility.eq(Visibility::Shared));
        let seen = match context.reach() {
            Reach::All => shared.add(Column::AuthorMemberId.eq(context.member())),
            Reach::Reading => shared,
        };
        Condition::all().add(Column::OrganizationId.eq(context.organization())).add(seen)
    }

    fn select(context: &OrgContext, _: &NoFilter, backend: DbBackend) -> Condition {
        Self::narrow(context, backend)
    }

    fn parent_column(under: Unparented) -> Column {
        match under {}
    }

    fn parent(_: &Dashboard, under: Unparented) -> Uuid {
        match under {}
    }

    fn key_expr(order: DashboardOrder) -> Expr {
        match order {
            DashboardOrder::Title => Expr::col((Entity, Column::Title)),
        }
    }

    fn keyed_by(order: DashboardOrder) -> &'static [Column] {
        match order {
            DashboardOrder::Title => &[Column::Title],
        }
    }

    fn key(row: &Dashboard, order: DashboardOrder) -> Key {
        match order {
            DashboardOrder::Title => Key::Text(row.title.clone()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Dashboard) -> Uuid {
        row.id.uuid()
    }
}
