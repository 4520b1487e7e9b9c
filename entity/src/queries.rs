//! The nouns that can be listed and looked up, one a file.
//!
//! Owns: for each noun, how its rows are narrowed to a scope, filtered, ordered and grouped under a parent. May use: the
//! tables. Invariant: `narrow` is where every select of the noun starts: organization, visible DSOs, not archived.

mod activities;
mod attendees;
mod audit_events;
mod cases;
mod columns;
mod courses;
mod dashboards;
mod doctors;
mod dsos;
mod grants;
mod invitations;
mod join_requests;
mod members;
mod onboarding_periods;
pub(crate) mod pagination;
mod terms;
mod users;
mod widgets;

pub use pagination::{CursorPosition, Direction, ListQuery, Page, PageDirection, PageRequest, SortValue};

pub use activities::{Activities, ActivityFilter, ActivityOrder, ActivityParent};
pub use attendees::{AttendeeOrder, AttendeeParent, Attendees};
pub use audit_events::{AuditEventFilter, AuditEventOrder, AuditEvents};
pub use cases::{CaseFilter, CaseOrder, CaseParent, Cases};
pub use courses::{CourseOrder, CourseParent, Courses};
pub use dashboards::{DashboardOrder, Dashboards};
pub use doctors::{ArchiveState, DoctorFilter, DoctorOrder, DoctorParent, Doctors};
pub use dsos::{DsoFilter, DsoOrder, Dsos};
pub use grants::{GrantOrder, GrantParent, Grants};
pub use invitations::{InvitationFilter, InvitationOrder, Invitations};
pub use join_requests::{JoinRequestFilter, JoinRequestOrder, JoinRequests};
pub use members::{MemberFilter, MemberOrder, Members};
pub use onboarding_periods::{OnboardingParent, OnboardingPeriods};
pub use terms::{TermParent, Terms};
pub use users::Users;
pub use widgets::{WidgetParent, Widgets};

use std::{fmt::Debug, hash::Hash};

use chrono::{DateTime, Utc};
use sea_orm::{
    Condition, DbBackend, ExprTrait,
    sea_query::{Expr, Func, IntoColumnRef},
};

use crate::{
    auth::OrgContext, db::unscoped_test_build, id::TypedId, models::DecodePositional, queries::pagination::exists_any,
    row::FromRow, text::SearchText,
};

/// What a noun's rows are, and what can be asked of them.
pub trait ResourceTypes: Send + Sync + 'static {
    /// A row.
    type Row: FromRow + DecodePositional + Clone + Debug + Send + Sync;
    /// Which rows.
    type Filter: Clone + Debug + Default + Eq + Hash + Send + Sync;
    /// By what they can be ordered.
    type Order: Copy + Debug + Eq + Hash + Send + Sync;
    /// What they can be listed under.
    type Parent: Copy + Debug + Eq + Hash + Send + Sync;
}

/// A kind of row that a scope can list and look up.
pub trait Resource: sealed::Table {
    /// The value by which a row stands where it stands under an order: what a cursor holds.
    fn cursor_position(row: &Self::Row, order: Self::Order) -> crate::queries::CursorPosition {
        crate::queries::CursorPosition { key: Self::sort_value(row, order), id: Self::id(row) }
    }
}

impl<T: sealed::Table> Resource for T {}

/// The filter of a noun that has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoFilter;

/// The order of a noun that has only one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DefaultOrder {
    /// As it comes naturally.
    #[default]
    Natural,
}

/// The parents of a noun that is not listed under any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoParent {}

pub(crate) mod sealed {
    use sea_orm::{Condition, DbBackend, EntityName, EntityTrait, IdenStatic, Iterable, sea_query::Expr};
    use uuid::Uuid;

    use crate::{auth::OrgContext, models::ColumnSet, queries::SortValue};

    /// How a noun's rows are found. Only this crate can call it: the types in it are sea-orm's.
    pub trait Table: super::ResourceTypes {
        /// The table.
        type Entity: EntityTrait<Column = Self::Column>;
        /// Its columns.
        type Column: sea_orm::ColumnTrait + Iterable;

        /// What the scope lets through, archived rows left out.
        fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition;

        /// What the scope and the filter let through; the only way to archived rows, where the filter asks for them.
        fn filter(context: &OrgContext, filter: &Self::Filter, backend: DbBackend) -> Condition;

        /// The column that holds the parent's id.
        fn parent_column(under: Self::Parent) -> Self::Column;
        /// The parent's id of a row.
        fn parent(row: &Self::Row, under: Self::Parent) -> Uuid;
        /// The expression that rows are ordered by: never null.
        fn sort_expr(order: Self::Order) -> Expr;
        /// The columns that it looks at.
        fn sort_columns(order: Self::Order) -> &'static [Self::Column];
        /// The value of that expression for a row.
        fn sort_value(row: &Self::Row, order: Self::Order) -> SortValue;
        /// The id's column.
        fn id_column() -> Self::Column;
        /// A row's id.
        fn id(row: &Self::Row) -> Uuid;

        /// The table's name.
        fn table_name() -> &'static str {
            <Self::Entity as Default>::default().as_str_static()
        }

        /// The columns of a set, in the model's order.
        fn columns(of: ColumnSet) -> impl Iterator<Item = Self::Column> {
            Self::Column::iter().enumerate().filter(move |(place, _)| of.has(*place)).map(|(_, column)| column)
        }
    }

    trait TableName {
        fn as_str_static(&self) -> &'static str;
    }

    impl<E: EntityName + IdenStatic> TableName for E {
        fn as_str_static(&self) -> &'static str {
            IdenStatic::as_str(self)
        }
    }
}

/// `column` is the id of a DSO that the caller sees.
fn dso_is_visible<C: sea_orm::ColumnTrait>(context: &OrgContext, backend: DbBackend, column: C) -> Expr {
    unscoped_test_build::dso_filter(backend, column, || {
        let visible: Vec<_> = context.visible_dsos().iter().map(|dso| dso.uuid()).collect();
        exists_any(backend, Expr::col((column.entity_name(), column)), &visible)
    })
}

/// The doctor of the row is not archived.
fn doctor_not_archived<C: sea_orm::ColumnTrait>(context: &OrgContext, doctor: C) -> Expr {
    use crate::models::doctor;
    use sea_orm::sea_query::{Alias, Query};
    let living = Alias::new("living");
    Expr::exists(
        Query::select()
            .expr(Expr::cust("1"))
            .from_as(doctor::Entity, living.clone())
            .and_where(Expr::col((living.clone(), doctor::Column::OrganizationId)).eq(context.organization()))
            .and_where(Expr::col((living.clone(), doctor::Column::Id)).eq(Expr::col((doctor.entity_name(), doctor))))
            .and_where(Expr::col((living, doctor::Column::DeletedAt)).is_null())
            .take(),
    )
}

/// A column with a stand-in for null, so that it can be compared with a cursor: none comes before everything.
fn nulls_first(column: impl IntoColumnRef, stand_in: impl Into<sea_orm::Value>) -> Expr {
    Func::coalesce([Expr::col(column), Expr::val(stand_in)]).into()
}

/// The time that stands for `none` in an order: the start of the year 1, before anything that a row could tell of.
const NULL_TIME_SENTINEL: DateTime<Utc> = match DateTime::from_timestamp(-62_135_596_800, 0) {
    Some(time) => time,
    None => DateTime::UNIX_EPOCH,
};

/// Each word of a text somewhere in `column`, which holds what was folded as the words are.
fn has_words<C: sea_orm::ColumnTrait>(backend: DbBackend, column: C, text: &SearchText) -> Condition {
    // No pattern: nothing to escape, and no limit to its length.
    let found = if backend == DbBackend::Postgres { "strpos($1, $2) > 0" } else { "instr(?, ?) > 0" };
    text.words().fold(Condition::all(), |all, word| {
        all.add(Expr::cust_with_exprs(found, [Expr::col((column.entity_name(), column)), Expr::val(word)]))
    })
}
