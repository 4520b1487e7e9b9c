//! Lists of attendees.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NoFilter, ResourceTypes, dso_is_visible, sealed::Table};
use crate::{
    auth::OrgContext,
    id::TypedId,
    models::{
        Attendee,
        attendee::{Column, Entity},
    },
    queries::SortValue,
};

/// The resource.
#[derive(Debug)]
pub enum Attendees {}

/// Sort orders of attendees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttendeeOrder {
    /// By name, without case and accents; names that are then equal are ordered by their exact spelling.
    Name,
}

/// Parents of attendees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttendeeParent {
    /// The course.
    Course,
    /// The doctor who attended.
    Doctor,
}

impl ResourceTypes for Attendees {
    type Row = Attendee;
    type Filter = NoFilter;
    type Order = AttendeeOrder;
    type Parent = AttendeeParent;
}

impl Table for Attendees {
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

    fn parent_column(under: AttendeeParent) -> Column {
        match under {
            AttendeeParent::Course => Column::CourseId,
            AttendeeParent::Doctor => Column::DoctorId,
        }
    }

    fn parent(row: &Attendee, under: AttendeeParent) -> Uuid {
        match under {
            AttendeeParent::Course => row.course_id.uuid(),
            AttendeeParent::Doctor => row.doctor_id.map_or(Uuid::nil(), TypedId::uuid),
        }
    }

    fn sort_expr(order: AttendeeOrder) -> Expr {
        match order {
            AttendeeOrder::Name => Expr::col((Entity, Column::NameKey)),
        }
    }

    fn sort_columns(order: AttendeeOrder) -> &'static [Column] {
        match order {
            AttendeeOrder::Name => &[Column::NameKey],
        }
    }

    fn sort_value(row: &Attendee, order: AttendeeOrder) -> SortValue {
        match order {
            AttendeeOrder::Name => SortValue::Text(row.name_key.clone()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Attendee) -> Uuid {
        row.id.uuid()
    }
}
