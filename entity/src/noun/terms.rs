//! A DSO's terminology, as a list.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NoFilter, OneOrder, Rows, in_visible_dso, sealed::Table};
use crate::{
    Key, OrgContext, Term, TypedId,
    table::term::{Column, Entity},
};

/// The noun.
#[derive(Debug)]
pub enum Terms {}

/// What terms are listed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TermUnder {
    /// The DSO whose words they are.
    Dso,
}

impl Rows for Terms {
    type Row = Term;
    type Filter = NoFilter;
    type Order = OneOrder;
    type Under = TermUnder;
}

impl Table for Terms {
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

    fn parent_column(under: TermUnder) -> Column {
        match under {
            TermUnder::Dso => Column::DsoId,
        }
    }

    fn parent(row: &Term, under: TermUnder) -> Uuid {
        match under {
            TermUnder::Dso => row.dso_id.uuid(),
        }
    }

    fn key_expr(_: OneOrder) -> Expr {
        Expr::col((Entity, Column::Key))
    }

    fn keyed_by(_: OneOrder) -> &'static [Column] {
        &[Column::Key]
    }

    fn key(row: &Term, _: OneOrder) -> Key {
        Key::Text(row.key.clone())
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Term) -> Uuid {
        row.id.uuid()
    }
}
