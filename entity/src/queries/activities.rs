//! Lists of activities.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{ResourceTypes, doctor_not_archived, dso_is_visible, sealed::Table};
use crate::{
    auth::OrgContext,
    id::{DsoId, MemberId, TypedId},
    models::{
        Activity, ActivityKind,
        activity::{Column, Entity},
    },
    queries::{SortValue, pagination::eq_any},
};

/// The resource.
#[derive(Debug)]
pub enum Activities {}

/// Filter on activities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ActivityFilter {
    /// Activities with doctors of these DSOs.
    pub dsos: Option<Vec<DsoId>>,
    /// Activities of these kinds.
    pub kinds: Option<Vec<ActivityKind>>,
    /// Activities by these members.
    pub actors: Option<Vec<MemberId>>,
    /// At this time or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this time.
    pub until: Option<DateTime<Utc>>,
}

/// Sort orders of activities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivityOrder {
    /// By the time they happened.
    OccurredAt,
}

/// Parents of activities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivityParent {
    /// The doctor's DSO.
    Dso,
    /// The doctor.
    Doctor,
    /// The member who did it.
    Actor,
}

impl ResourceTypes for Activities {
    type Row = Activity;
    type Filter = ActivityFilter;
    type Order = ActivityOrder;
    type Parent = ActivityParent;
}

impl Table for Activities {
    type Entity = Entity;
    type Column = Column;

    fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition {
        Condition::all()
            .add(Column::OrganizationId.eq(context.organization()))
            .add(dso_is_visible(context, backend, Column::DsoId))
            .add(Column::DeletedAt.is_null())
            .add(doctor_not_archived(context, Column::DoctorId))
    }

    fn filter(context: &OrgContext, filter: &ActivityFilter, backend: DbBackend) -> Condition {
        let dsos = |ids: &Vec<DsoId>| ids.iter().map(|id| id.uuid()).collect::<Vec<_>>();
        let members = |ids: &Vec<MemberId>| ids.iter().map(|id| id.uuid()).collect::<Vec<_>>();
        Self::tenant_filter(context, backend)
            .add_option(filter.dsos.as_ref().map(|ids| eq_any(backend, Expr::col((Entity, Column::DsoId)), &dsos(ids))))
            .add_option(filter.kinds.as_ref().map(|kinds| Column::Kind.is_in(kinds.iter().copied())))
            .add_option(
                filter
                    .actors
                    .as_ref()
                    .map(|ids| eq_any(backend, Expr::col((Entity, Column::ActorMemberId)), &members(ids))),
            )
            .add_option(filter.from.map(|time| Column::OccurredAt.gte(time)))
            .add_option(filter.until.map(|time| Column::OccurredAt.lt(time)))
    }

    fn parent_column(under: ActivityParent) -> Column {
        match under {
            ActivityParent::Dso => Column::DsoId,
            ActivityParent::Doctor => Column::DoctorId,
            ActivityParent::Actor => Column::ActorMemberId,
        }
    }

    fn parent(row: &Activity, under: ActivityParent) -> Uuid {
        match under {
            ActivityParent::Dso => row.dso_id.uuid(),
            ActivityParent::Doctor => row.doctor_id.uuid(),
            ActivityParent::Actor => row.actor_member_id.map_or(Uuid::nil(), TypedId::uuid),
        }
    }

    fn sort_expr(order: ActivityOrder) -> Expr {
        match order {
            ActivityOrder::OccurredAt => Expr::col((Entity, Column::OccurredAt)),
        }
    }

    fn sort_columns(order: ActivityOrder) -> &'static [Column] {
        match order {
            ActivityOrder::OccurredAt => &[Column::OccurredAt],
        }
    }

    fn sort_value(row: &Activity, order: ActivityOrder) -> SortValue {
        match order {
            ActivityOrder::OccurredAt => SortValue::Time(row.occurred_at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Activity) -> Uuid {
        row.id.uuid()
    }
}
