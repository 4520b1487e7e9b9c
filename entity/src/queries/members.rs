//! Lists of members.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NoParent, ResourceTypes, sealed::Table};
use crate::{
    auth::{OrgContext, OrgRole},
    id::TypedId,
    models::{
        Member, MemberStatus,
        membership::{Column, Entity},
    },
    queries::SortValue,
};

/// The resource.
#[derive(Debug)]
pub enum Members {}

/// Filter on members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MemberFilter {
    /// Members with one of these roles.
    pub roles: Option<Vec<OrgRole>>,
    /// Members with one of these statuses; active ones if not given.
    pub statuses: Option<Vec<MemberStatus>>,
}

/// Sort orders of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MemberOrder {
    /// By the time they joined.
    CreatedAt,
}

impl ResourceTypes for Members {
    type Row = Member;
    type Filter = MemberFilter;
    type Order = MemberOrder;
    type Parent = NoParent;
}

impl Table for Members {
    type Entity = Entity;
    type Column = Column;

    fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition {
        // A lookup by id also finds members who have left: their past actions remain attributed to them.
        let _ = backend;
        Condition::all().add(Column::OrganizationId.eq(context.organization()))
    }

    fn filter(context: &OrgContext, filter: &MemberFilter, backend: DbBackend) -> Condition {
        let statuses = filter.statuses.clone().unwrap_or_else(|| vec![MemberStatus::Active]);
        Self::tenant_filter(context, backend)
            .add(Column::Status.is_in(statuses))
            .add_option(filter.roles.as_ref().map(|roles| Column::Role.is_in(roles.iter().copied())))
    }

    fn parent_column(under: NoParent) -> Column {
        match under {}
    }

    fn parent(_: &Member, under: NoParent) -> Uuid {
        match under {}
    }

    fn sort_expr(order: MemberOrder) -> Expr {
        match order {
            MemberOrder::CreatedAt => Expr::col((Entity, Column::CreatedAt)),
        }
    }

    fn sort_columns(order: MemberOrder) -> &'static [Column] {
        match order {
            MemberOrder::CreatedAt => &[Column::CreatedAt],
        }
    }

    fn sort_value(row: &Member, order: MemberOrder) -> SortValue {
        match order {
            MemberOrder::CreatedAt => SortValue::Time(row.created_at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Member) -> Uuid {
        row.id.uuid()
    }
}
