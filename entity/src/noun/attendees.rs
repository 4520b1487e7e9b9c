//! Attendees, as lists.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NoFilter, Rows, in_visible_dso, sealed::Table};
use crate::{
    Attendee, Key, OrgContext, TypedId,
    table::attendee::{Column, Entity},
};

/// The noun.
#[derive(Debug)]
pub enum Attendees {}

/// By what attendees can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttendeeOrder {
    /// By name: without case and accents, and names that are then alike as they are written.
    Name,
}

/// What attendees are listed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttendeeUnder {
    /// The course.
    Course,
    /// The doctor who attended.
    Doctor,
}

impl Rows for Attendees {
    type Row = Attendee;
    type Filter = NoFilter;
    type Order = AttendeeOrder;
    type Under = AttendeeUnder;
}

impl Table for Attendees {
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

    fn parent_column(under: AttendeeUnder) -> Column {
        match under {
            AttendeeUnder::Course => Column::CourseId,
            AttendeeUnder::Doctor => Column::DoctorId,
        }
    }

    fn parent(row: &Attendee, under: AttendeeUnder) -> Uuid {
        match under {
            AttendeeUnder::Course => row.course_id.uuid(),
            AttendeeUnder::Doctor => row.doctor_id.map_or(Uuid::nil(), TypedId::uuid),
        }
    }

    fn key_expr(order: AttendeeOrder) -> Expr {
        match order {
            AttendeeOrder::Name => Expr::col((Entity, Column::NameKey)),
        }
    }

    fn keyed_by(order: AttendeeOrder) -> &'static [Column] {
        match order {
            AttendeeOrder::Name => &[Column::NameKey],
        }
    }

    fn key(row: &Attendee, order: AttendeeOrder) -> Key {
        match order {
            AttendeeOrder::Name => Key::Text(row.name_key.clone()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Attendee) -> Uuid {
        row.id.uuid()
    }
}
