//! Lists of a DSO's terminology.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{DefaultOrder, NoFilter, ResourceTypes, dso_is_visible, sealed::Table};
use crate::{
    auth::OrgContext,
    id::TypedId,
    models::{
        Term,
        term::{Column, Entity},
    },
    queries::SortValue,
};

/// The resource.
#[derive(Debug)]
pub enum Terms {}

/// Parents of terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TermParent {
    /// The DSO that the terms belong to.
    Dso,
}

impl ResourceTypes for Terms {
    type Row = Term;
    type Filter = NoFilter;
    type Order = DefaultOrder;
    type Parent = TermParent;
}

impl Table for Terms {
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

    fn parent_column(under: TermParent) -> Column {
        match under {
            TermParent::Dso => Column::DsoId,
        }
    }

    fn parent(row: &Term, under: TermParent) -> Uuid {
        match under {
            TermParent::Dso => row.dso_id.uuid(),
        }
    }

    fn sort_expr(_: DefaultOrder) -> Expr {
        Expr::col((Entity, Column::Key))
    }

    fn sort_columns(_: DefaultOrder) -> &'static [Column] {
        &[Column::Key]
    }

    fn sort_value(row: &Term, _: DefaultOrder) -> SortValue {
        SortValue::Text(row.key.clone())
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Term) -> Uuid {
        row.id.uuid()
    }
}
