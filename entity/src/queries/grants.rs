//! Lists of DSO grants.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NoFilter, ResourceTypes, dso_is_visible, sealed::Table};
use crate::{
    auth::OrgContext,
    id::TypedId,
    models::{
        DsoGrant,
        dso_grant::{Column, Entity},
    },
    queries::SortValue,
};

/// The resource.
#[derive(Debug)]
pub enum Grants {}

/// Sort orders of grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GrantOrder {
    /// By the time they were granted.
    CreatedAt,
}

/// Parents of grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GrantParent {
    /// The DSO.
    Dso,
    /// The member.
    Member,
}

impl ResourceTypes for Grants {
    type Row = DsoGrant;
    type Filter = NoFilter;
    type Order = GrantOrder;
    type Parent = GrantParent;
}

impl Table for Grants {
    type Entity = Entity;
    type Column = Column;

    fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition {
        Condition::all().add(Column::OrganizationId.eq(context.organization())).add(dso_is_visible(
            context,
            backend,
            Column::DsoId,
        ))
    }

    fn filter(context: &OrgContext, _: &NoFilter, backend: DbBackend) -> Condition {
        Self::tenant_filter(context, backend)
    }

    fn parent_column(under: GrantParent) -> Column {
        match under {
            GrantParent::Dso => Column::DsoId,
            GrantParent::Member => Column::MemberId,
        }
    }

    fn parent(row: &DsoGrant, under: GrantParent) -> Uuid {
        match under {
            GrantParent::Dso => row.dso_id.uuid(),
            GrantParent::Member => row.member_id.uuid(),
        }
    }

    fn sort_expr(order: GrantOrder) -> Expr {
        match order {
            GrantOrder::CreatedAt => Expr::col((Entity, Column::CreatedAt)),
        }
    }

    fn sort_columns(order: GrantOrder) -> &'static [Column] {
        match order {
            GrantOrder::CreatedAt => &[Column::CreatedAt],
        }
    }

    fn sort_value(row: &DsoGrant, order: GrantOrder) -> SortValue {
        match order {
            GrantOrder::CreatedAt => SortValue::Time(row.created_at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &DsoGrant) -> Uuid {
        row.id.uuid()
    }
}
