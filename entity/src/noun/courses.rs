//! Courses, as lists.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NO_TIME, NoFilter, Rows, in_visible_dso, or_first, sealed::Table};
use crate::{
    Course, Key, OrgContext, TypedId,
    table::course::{Column, Entity},
};

/// The noun.
#[derive(Debug)]
pub enum Courses {}

/// By what courses can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CourseOrder {
    /// By the time they are held, none first.
    HeldAt,
}

/// What courses are listed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CourseUnder {
    /// The DSO that holds them.
    Dso,
}

impl Rows for Courses {
    type Row = Course;
    type Filter = NoFilter;
    type Order = CourseOrder;
    type Under = CourseUnder;
}

impl Table for Courses {
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

    fn parent_column(under: CourseUnder) -> Column {
        match under {
            CourseUnder::Dso => Column::DsoId,
        }
    }

    fn parent(row: &Course, under: CourseUnder) -> Uuid {
        match under {
            CourseUnder::Dso => row.dso_id.uuid(),
        }
    }

    fn key_expr(order: CourseOrder) -> Expr {
        match order {
            CourseOrder::HeldAt => or_first((Entity, Column::HeldAt), NO_TIME),
        }
    }

    fn keyed_by(order: CourseOrder) -> &'static [Column] {
        match order {
            CourseOrder::HeldAt => &[Column::HeldAt],
        }
    }

    fn key(row: &Course, order: CourseOrder) -> Key {
        match order {
            CourseOrder::HeldAt => Key::Time(row.held_at.unwrap_or(NO_TIME).timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Course) -> Uuid {
        row.id.uuid()
    }
}
