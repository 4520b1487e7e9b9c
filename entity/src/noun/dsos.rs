//! DSOs, as lists.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{Rows, Shelf, Unparented, has_words, in_visible_dso, sealed::Table};
use crate::{
    Dso, Key, OrgContext, OrgRole, SearchText, TypedId,
    table::dso::{Column, Entity},
};

/// The noun.
#[derive(Debug)]
pub enum Dsos {}

/// Which DSOs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DsoFilter {
    /// With all of these words in the name.
    pub text: Option<SearchText>,
    /// Living or archived; the archived ones are for owners and admins.
    pub shelf: Shelf,
}

/// By what DSOs can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DsoOrder {
    /// By name: without case and accents, and names that are then alike as they are written.
    Name,
    /// By the time they were made.
    CreatedAt,
}

impl Rows for Dsos {
    type Row = Dso;
    type Filter = DsoFilter;
    type Order = DsoOrder;
    type Under = Unparented;
}

impl Table for Dsos {
    type Entity = Entity;
    type Column = Column;

    fn narrow(context: &OrgContext, backend: DbBackend) -> Condition {
        Self::select(context, &DsoFilter::default(), backend)
    }

    fn select(context: &OrgContext, filter: &DsoFilter, backend: DbBackend) -> Condition {
        let shelf = match (filter.shelf, context.standing().org_role()) {
            (Shelf::Living, _) => {
                Condition::all().add(in_visible_dso(context, backend, Column::Id)).add(Column::DeletedAt.is_null())
            }
            (Shelf::Archived, OrgRole::Owner | OrgRole::Admin) => Condition::all().add(Column::DeletedAt.is_not_null()),
            (Shelf::Archived, OrgRole::Member) => Condition::all().add(Expr::val(false)),
        };
        Condition::all()
            .add(Column::OrganizationId.eq(context.organization()))
            .add(shelf)
            .add_option(filter.text.as_ref().map(|text| has_words(backend, Column::NameKey, text)))
    }

    fn parent_column(under: Unparented) -> Column {
        match under {}
    }

    fn parent(_: &Dso, under: Unparented) -> Uuid {
        match under {}
    }

    fn key_expr(order: DsoOrder) -> Expr {
        match order {
            DsoOrder::Name => Expr::col((Entity, Column::NameKey)),
            DsoOrder::CreatedAt => Expr::col((Entity, Column::CreatedAt)),
        }
    }

    fn keyed_by(order: DsoOrder) -> &'static [Column] {
        match order {
            DsoOrder::Name => &[Column::NameKey],
            DsoOrder::CreatedAt => &[Column::CreatedAt],
        }
    }

    fn key(row: &Dso, order: DsoOrder) -> Key {
        match order {
            DsoOrder::Name => Key::Text(row.name_key.clone()),
            DsoOrder::CreatedAt => Key::Time(row.created_at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Dso) -> Uuid {
        row.id.uuid()
    }
}
