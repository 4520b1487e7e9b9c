//! Activities, as lists.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{Rows, in_visible_dso, of_living_doctor, sealed::Table};
use crate::{
    Activity, ActivityKind, DsoId, Key, MemberId, OrgContext, TypedId,
    page::is_among,
    table::activity::{Column, Entity},
};

/// The noun.
#[derive(Debug)]
pub enum Activities {}

/// Which activities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ActivityFilter {
    /// With doctors of these DSOs.
    pub dsos: Option<Vec<DsoId>>,
    /// Of these kinds.
    pub kinds: Option<Vec<ActivityKind>>,
    /// By these members.
    pub actors: Option<Vec<MemberId>>,
    /// At this time or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this time.
    pub until: Option<DateTime<Utc>>,
}

/// By what activities can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivityOrder {
    /// By the time they happened.
    OccurredAt,
}

/// What activities are listed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivityUnder {
    /// The doctor's DSO.
    Dso,
    /// The doctor.
    Doctor,
    /// The member who did it.
    Actor,
}

impl Rows for Activities {
    type Row = Activity;
    type Filter = ActivityFilter;
    type Order = ActivityOrder;
    type Under = ActivityUnder;
}

impl Table for Activities {
    type Entity = Entity;
    type Column = Column;

    fn narrow(context: &OrgContext, backend: DbBackend) -> Condition {
        Condition::all()
            .add(Column::OrganizationId.eq(context.organization()))
            .add(in_visible_dso(context, backend, Column::DsoId))
            .add(Column::DeletedAt.is_null())
            .add(of_living_doctor(context, Column::DoctorId))
    }

    fn select(context: &OrgContext, filter: &ActivityFilter, backend: DbBackend) -> Condition {
        let dsos = |ids: &Vec<DsoId>| ids.iter().map(|id| id.uuid()).collect::<Vec<_>>();
        let members = |ids: &Vec<MemberId>| ids.iter().map(|id| id.uuid()).collect::<Vec<_>>();
        Self::narrow(context, backend)
            .add_option(
                filter.dsos.as_ref().map(|ids| is_among(backend, Expr::col((Entity, Column::DsoId)), &dsos(ids))),
            )
            .add_option(filter.kinds.as_ref().map(|kinds| Column::Kind.is_in(kinds.iter().copied())))
            .add_option(
                filter
                    .actors
                    .as_ref()
                    .map(|ids| is_among(backend, Expr::col((Entity, Column::ActorMemberId)), &members(ids))),
            )
            .add_option(filter.from.map(|time| Column::OccurredAt.gte(time)))
            .add_option(filter.until.map(|time| Column::OccurredAt.lt(time)))
    }

    fn parent_column(under: ActivityUnder) -> Column {
        match under {
            ActivityUnder::Dso => Column::DsoId,
            ActivityUnder::Doctor => Column::DoctorId,
            ActivityUnder::Actor => Column::ActorMemberId,
        }
    }

    fn parent(row: &Activity, under: ActivityUnder) -> Uuid {
        match under {
            ActivityUnder::Dso => row.dso_id.uuid(),
            ActivityUnder::Doctor => row.doctor_id.uuid(),
            ActivityUnder::Actor => row.actor_member_id.map_or(Uuid::nil(), TypedId::uuid),
        }
    }

    fn key_expr(order: ActivityOrder) -> Expr {
        match order {
            ActivityOrder::OccurredAt => Expr::col((Entity, Column::OccurredAt)),
        }
    }

    fn keyed_by(order: ActivityOrder) -> &'static [Column] {
        match order {
            ActivityOrder::OccurredAt => &[Column::OccurredAt],
        }
    }

    fn key(row: &Activity, order: ActivityOrder) -> Key {
        match order {
            ActivityOrder::OccurredAt => Key::Time(row.occurred_at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Activity) -> Uuid {
        row.id.uuid()
    }
}
