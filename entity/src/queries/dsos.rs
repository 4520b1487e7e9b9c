//! Lists of DSOs.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{ArchiveState, NoParent, ResourceTypes, dso_is_visible, has_words, sealed::Table};
use crate::{
    auth::OrgContext,
    id::TypedId,
    models::{
        Dso,
        dso::{Column, Entity},
    },
    queries::SortValue,
    text::SearchText,
};

/// The resource.
#[derive(Debug)]
pub enum Dsos {}

/// Filter on DSOs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DsoFilter {
    /// DSOs with all of these words in the name.
    pub text: Option<SearchText>,
    /// Active or archived DSOs; archived ones are visible to owners and admins only.
    pub shelf: ArchiveState,
}

/// Sort orders of DSOs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DsoOrder {
    /// By name, without case and accents; names that are then equal are ordered by their exact spelling.
    Name,
    /// By the time they were created.
    CreatedAt,
}

impl ResourceTypes for Dsos {
    type Row = Dso;
    type Filter = DsoFilter;
    type Order = DsoOrder;
    type Parent = NoParent;
}

impl Table for Dsos {
    type Entity = Entity;
    type Column = Column;

    fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition {
        Self::filter(context, &DsoFilter::default(), backend)
    }

    fn filter(context: &OrgContext, filter: &DsoFilter, backend: DbBackend) -> Condition {
        let shelf = match (filter.shelf, context.permissions().org_role().sees_all_dsos()) {
            (ArchiveState::Active, _) => {
                Condition::all().add(dso_is_visible(context, backend, Column::Id)).add(Column::DeletedAt.is_null())
            }
            (ArchiveState::Archived, true) => Condition::all().add(Column::DeletedAt.is_not_null()),
            (ArchiveState::Archived, false) => Condition::all().add(Expr::val(false)),
        };
        Condition::all()
            .add(Column::OrganizationId.eq(context.organization()))
            .add(shelf)
            .add_option(filter.text.as_ref().map(|text| has_words(backend, Column::NameKey, text)))
    }

    fn parent_column(under: NoParent) -> Column {
        match under {}
    }

    fn parent(_: &Dso, under: NoParent) -> Uuid {
        match under {}
    }

    fn sort_expr(order: DsoOrder) -> Expr {
        match order {
            DsoOrder::Name => Expr::col((Entity, Column::NameKey)),
            DsoOrder::CreatedAt => Expr::col((Entity, Column::CreatedAt)),
        }
    }

    fn sort_columns(order: DsoOrder) -> &'static [Column] {
        match order {
            DsoOrder::Name => &[Column::NameKey],
            DsoOrder::CreatedAt => &[Column::CreatedAt],
        }
    }

    fn sort_value(row: &Dso, order: DsoOrder) -> SortValue {
        match order {
            DsoOrder::Name => SortValue::Text(row.name_key.clone()),
            DsoOrder::CreatedAt => SortValue::Time(row.created_at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Dso) -> Uuid {
        row.id.uuid()
    }
}
