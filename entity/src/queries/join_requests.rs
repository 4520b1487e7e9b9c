//! Lists of requests to join the organization.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NoParent, ResourceTypes, sealed::Table};
use crate::{
    auth::OrgContext,
    id::TypedId,
    models::{
        JoinRequest, JoinRequestStatus,
        join_request::{Column, Entity},
    },
    queries::SortValue,
};

/// The resource.
#[derive(Debug)]
pub enum JoinRequests {}

/// Filter on join requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct JoinRequestFilter {
    /// Join requests with one of these statuses.
    pub statuses: Option<Vec<JoinRequestStatus>>,
}

/// Sort orders of join requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JoinRequestOrder {
    /// By the time they were created.
    CreatedAt,
}

impl ResourceTypes for JoinRequests {
    type Row = JoinRequest;
    type Filter = JoinRequestFilter;
    type Order = JoinRequestOrder;
    type Parent = NoParent;
}

impl Table for JoinRequests {
    type Entity = Entity;
    type Column = Column;

    fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition {
        // The guard on the field requires ADMIN; here the organization is the scope.
        let _ = backend;
        Condition::all().add(Column::TargetId.eq(context.organization()))
    }

    fn filter(context: &OrgContext, filter: &JoinRequestFilter, backend: DbBackend) -> Condition {
        let statuses = filter.statuses.as_ref().map(|statuses| Column::Status.is_in(statuses.iter().copied()));
        Self::tenant_filter(context, backend).add_option(statuses)
    }

    fn parent_column(under: NoParent) -> Column {
        match under {}
    }

    fn parent(_: &JoinRequest, under: NoParent) -> Uuid {
        match under {}
    }

    fn sort_expr(order: JoinRequestOrder) -> Expr {
        match order {
            JoinRequestOrder::CreatedAt => Expr::col((Entity, Column::CreatedAt)),
        }
    }

    fn sort_columns(order: JoinRequestOrder) -> &'static [Column] {
        match order {
            JoinRequestOrder::CreatedAt => &[Column::CreatedAt],
        }
    }

    fn sort_value(row: &JoinRequest, order: JoinRequestOrder) -> SortValue {
        match order {
            JoinRequestOrder::CreatedAt => SortValue::Time(row.created_at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &JoinRequest) -> Uuid {
        row.id.uuid()
    }
}
