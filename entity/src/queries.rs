//! The resources that can be listed and looked up, one per file.
//!
//! Owns: for each resource, how its rows are restricted to a scope, filtered, ordered and grouped under a parent. May
//! use: the tables. Invariant: every select of a resource starts with `tenant_filter`: organization, visible DSOs, not
//! archived.

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

/// The types of a resource's rows, filters, orders and parents.
pub trait ResourceTypes: Send + Sync + 'static {
    /// A row.
    type Row: FromRow + DecodePositional + Clone + Debug + Send + Sync;
    /// Filter on the rows.
    type Filter: Clone + Debug + Default + Eq + Hash + Send + Sync;
    /// Sort orders.
    type Order: Copy + Debug + Eq + Hash + Send + Sync;
    /// Parents that the rows can be listed under.
    type Parent: Copy + Debug + Eq + Hash + Send + Sync;
}

/// A kind of row that a scope can list and look up.
pub trait Resource: sealed::Table {
    /// The position of a row under an order, as a cursor stores it.
    fn cursor_position(row: &Self::Row, order: Self::Order) -> crate::queries::CursorPosition {
        crate::queries::CursorPosition { key: Self::sort_value(row, order), id: Self::id(row) }
    }
}

impl<T: sealed::Table> Resource for T {}

/// The filter of a resource that has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoFilter;

/// The order of a resource that has only one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DefaultOrder {
    /// The natural order.
    #[default]
    Natural,
}

/// The parents of a resource that is not listed under any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoParent {}

pub(crate) mod sealed {
    use sea_orm::{Condition, DbBackend, EntityName, EntityTrait, IdenStatic, Iterable, sea_query::Expr};
    use uuid::Uuid;

    use crate::{auth::OrgContext, models::ColumnSet, queries::SortValue};

    /// Maps a resource to its table. Only this crate can call it: its types are sea-orm's.
    pub trait Table: super::ResourceTypes {
        /// The table.
        type Entity: EntityTrait<Column = Self::Column>;
        /// Its columns.
        type Column: sea_orm::ColumnTrait + Iterable;

        /// The rows that the scope permits, without archived rows.
        fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition;

        /// The rows that the scope and the filter permit. This is the only way to read archived rows, if the filter
        /// requests them.
        fn filter(context: &OrgContext, filter: &Self::Filter, backend: DbBackend) -> Condition;

        /// The column that holds the parent's id.
        fn parent_column(under: Self::Parent) -> Self::Column;
        /// The id of a row's parent.
        fn parent(row: &Self::Row, under: Self::Parent) -> Uuid;
        /// The sort expression; never null.
        fn sort_expr(order: Self::Order) -> Expr;
        /// The columns that the sort expression uses.
        fn sort_columns(order: Self::Order) -> &'static [Self::Column];
        /// The value of the sort expression for a row.
        fn sort_value(row: &Self::Row, order: Self::Order) -> SortValue;
        /// The column of the id.
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

/// Condition: `column` is the id of a DSO that the caller sees.
fn dso_is_visible<C: sea_orm::ColumnTrait>(context: &OrgContext, backend: DbBackend, column: C) -> Expr {
    unscoped_test_build::dso_filter(backend, column, || {
        let visible: Vec<_> = context.visible_dsos().iter().map(|dso| dso.uuid()).collect();
        exists_any(backend, Expr::col((column.entity_name(), column)), &visible)
    })
}

/// Condition: the doctor of the row is not archived.
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

/// A column with a substitute for null, so that it can be compared with a cursor: null sorts first.
fn nulls_first(column: impl IntoColumnRef, stand_in: impl Into<sea_orm::Value>) -> Expr {
    Func::coalesce([Expr::col(column), Expr::val(stand_in)]).into()
}

/// Substitute for a null time in an order: the start of the year 1, before any time that a row can have.
const NULL_TIME_SENTINEL: DateTime<Utc> = match DateTime::from_timestamp(-62_135_596_800, 0) {
    Some(time) => time,
    None => DateTime::UNIX_EPOCH,
};

/// Condition: `column`, which contains folded text, contains each (folded) word of the search text.
fn has_words<C: sea_orm::ColumnTrait>(backend: DbBackend, column: C, text: &SearchText) -> Condition {
    // Not a `LIKE` pattern: nothing to escape, and no limit on the length.
    let found = if backend == DbBackend::Postgres { "strpos($1, $2) > 0" } else { "instr(?, ?) > 0" };
    text.words().fold(Condition::all(), |all, word| {
        all.add(Expr::cust_with_exprs(found, [Expr::col((column.entity_name(), column)), Expr::val(word)]))
    })
}
