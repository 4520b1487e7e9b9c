//! Lists of courses.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NULL_TIME_SENTINEL, NoFilter, ResourceTypes, dso_is_visible, nulls_first, sealed::Table};
use crate::{
    auth::OrgContext,
    id::TypedId,
    models::{
        Course,
        course::{Column, Entity},
    },
    queries::SortValue,
};

/// The resource.
#[derive(Debug)]
pub enum Courses {}

/// Sort orders of courses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CourseOrder {
    /// By the time they are held, null first.
    HeldAt,
}

/// Parents of courses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CourseParent {
    /// The DSO that holds them.
    Dso,
}

impl ResourceTypes for Courses {
    type Row = Course;
    type Filter = NoFilter;
    type Order = CourseOrder;
    type Parent = CourseParent;
}

impl Table for Courses {
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

    fn parent_column(under: CourseParent) -> Column {
        match under {
            CourseParent::Dso => Column::DsoId,
        }
    }

    fn parent(row: &Course, under: CourseParent) -> Uuid {
        match under {
            CourseParent::Dso => row.dso_id.uuid(),
        }
    }

    fn sort_expr(order: CourseOrder) -> Expr {
        match order {
            CourseOrder::HeldAt => nulls_first((Entity, Column::HeldAt), NULL_TIME_SENTINEL),
        }
    }

    fn sort_columns(order: CourseOrder) -> &'static [Column] {
        match order {
            CourseOrder::HeldAt => &[Column::HeldAt],
        }
    }

    fn sort_value(row: &Course, order: CourseOrder) -> SortValue {
        match order {
            CourseOrder::HeldAt => SortValue::Time(row.held_at.unwrap_or(NULL_TIME_SENTINEL).timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Course) -> Uuid {
        row.id.uuid()
    }
}
