//! DSO grants, as lists.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NoFilter, Rows, in_visible_dso, sealed::Table};
use crate::{
    DsoGrant, Key, OrgContext, TypedId,
    table::dso_grant::{Column, Entity},
};

/// The noun.
#[derive(Debug)]
pub enum Grants {}

/// By what grants can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GrantOrder {
    /// By the time they were given.
    CreatedAt,
}

/// What grants are listed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GrantUnder {
    /// The DSO.
    Dso,
    /// The member.
    Member,
}

impl Rows for Grants {
    type Row = DsoGrant;
    type Filter = NoFilter;
    type Order = GrantOrder;
    type Under = GrantUnder;
}

impl Table for Grants {
    type Entity = Entity;
    type Column = Column;

    fn narrow(context: &OrgContext, backend: DbBackend) -> Condition {
        Condition::all().add(Column::OrganizationId.eq(context.organization())).add(in_visible_dso(
            context,
            backend,
            Column::DsoId,
        ))
    }

    fn select(context: &OrgContext, _: &NoFilter, backend: DbBackend) -> Condition {
        Self::narrow(context, backend)
    }

    fn parent_column(under: GrantUnder) -> Column {
        match under {
            GrantUnder::Dso => Column::DsoId,
            GrantUnder::Member => Column::MemberId,
        }
    }

    fn parent(row: &DsoGrant, under: GrantUnder) -> Uuid {
        match under {
            GrantUnder::Dso => row.dso_id.uuid(),
            GrantUnder::Member => row.member_id.uuid(),
        }
    }

    fn key_expr(order: GrantOrder) -> Expr {
        match order {
            GrantOrder::CreatedAt => Expr::col((Entity, Column::CreatedAt)),
        }
    }

    fn keyed_by(order: GrantOrder) -> &'static [Column] {
        match order {
            GrantOrder::CreatedAt => &[Column::CreatedAt],
        }
    }

    fn key(row: &DsoGrant, order: GrantOrder) -> Key {
        match order {
            GrantOrder::CreatedAt => Key::Time(row.created_at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &DsoGrant) -> Uuid {
        row.id.uuid()
    }
}
