//! Requests to be let into the organization, as lists.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{Rows, Unparented, sealed::Table};
use crate::{
    JoinRequest, JoinRequestStatus, Key, OrgContext, TypedId,
    table::join_request::{Column, Entity},
};

/// The noun.
#[derive(Debug)]
pub enum JoinRequests {}

/// Which requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct JoinRequestFilter {
    /// In one of these states.
    pub statuses: Option<Vec<JoinRequestStatus>>,
}

/// By what requests can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JoinRequestOrder {
    /// By the time they were made.
    CreatedAt,
}

impl Rows for JoinRequests {
    type Row = JoinRequest;
    type Filter = JoinRequestFilter;
    type Order = JoinRequestOrder;
    type Under = Unparented;
}

impl Table for JoinRequests {
    type Entity = Entity;
    type Column = Column;

    fn narrow(context: &OrgContext, backend: DbBackend) -> Condition {
        // The guard on the field is ADMIN; here the organization is the scope.
        let _ = backend;
        Condition::all().add(Column::TargetId.eq(context.organization()))
    }

    fn select(context: &OrgContext, filter: &JoinRequestFilter, backend: DbBackend) -> Condition {
        let statuses = filter.statuses.as_ref().map(|statuses| Column::Status.is_in(statuses.iter().copied()));
        Self::narrow(context, backend).add_option(statuses)
    }

    fn parent_column(under: Unparented) -> Column {
        match under {}
    }

    fn parent(_: &JoinRequest, under: Unparented) -> Uuid {
        match under {}
    }

    fn key_expr(order: JoinRequestOrder) -> Expr {
        match order {
            JoinRequestOrder::CreatedAt => Expr::col((Entity, Column::CreatedAt)),
        }
    }

    fn keyed_by(order: JoinRequestOrder) -> &'static [Column] {
        match order {
            JoinRequestOrder::CreatedAt => &[Column::CreatedAt],
        }
    }

    fn key(row: &JoinRequest, order: JoinRequestOrder) -> Key {
        match order {
            JoinRequestOrder::CreatedAt => Key::Time(row.created_at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &JoinRequest) -> Uuid {
        row.id.uuid()
    }
}
