//! Lists of audit events.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NoParent, ResourceTypes, sealed::Table};
use crate::{
    auth::OrgContext,
    id::{MemberId, TypedId},
    models::{
        AuditAction, AuditEvent, AuditOutcome,
        audit_event::{Column, Entity},
    },
    queries::SortValue,
};

/// The resource.
#[derive(Debug)]
pub enum AuditEvents {}

/// Filter on audit events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AuditEventFilter {
    /// Events with one of these actions.
    pub actions: Option<Vec<AuditAction>>,
    /// Events by these members.
    pub actors: Option<Vec<MemberId>>,
    /// Events about this row.
    pub target: Option<Uuid>,
    /// Events with this outcome.
    pub outcome: Option<AuditOutcome>,
    /// At this time or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this time.
    pub until: Option<DateTime<Utc>>,
}

/// Sort orders of audit events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditEventOrder {
    /// By their time.
    At,
}

impl ResourceTypes for AuditEvents {
    type Row = AuditEvent;
    type Filter = AuditEventFilter;
    type Order = AuditEventOrder;
    type Parent = NoParent;
}

impl Table for AuditEvents {
    type Entity = Entity;
    type Column = Column;

    fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition {
        // The guard on the field requires ADMIN; here the organization is the scope.
        Self::filter(context, &AuditEventFilter::default(), backend)
    }

    fn filter(context: &OrgContext, filter: &AuditEventFilter, backend: DbBackend) -> Condition {
        let _ = backend;
        Condition::all()
            .add(Column::OrganizationId.eq(context.organization()))
            .add_option(
                filter.actions.as_ref().map(|actions| Column::Action.is_in(actions.iter().map(|action| action.name()))),
            )
            .add_option(filter.actors.as_ref().map(|actors| Column::ActorMemberId.is_in(actors.iter().copied())))
            .add_option(filter.target.map(|target| Column::TargetId.eq(target)))
            .add_option(filter.outcome.map(|outcome| Column::Outcome.eq(outcome)))
            .add_option(filter.from.map(|time| Column::At.gte(time)))
            .add_option(filter.until.map(|time| Column::At.lt(time)))
    }

    fn parent_column(under: NoParent) -> Column {
        match under {}
    }

    fn parent(_: &AuditEvent, under: NoParent) -> Uuid {
        match under {}
    }

    fn sort_expr(order: AuditEventOrder) -> Expr {
        match order {
            AuditEventOrder::At => Expr::col((Entity, Column::At)),
        }
    }

    fn sort_columns(order: AuditEventOrder) -> &'static [Column] {
        match order {
            AuditEventOrder::At => &[Column::At],
        }
    }

    fn sort_value(row: &AuditEvent, order: AuditEventOrder) -> SortValue {
        match order {
            AuditEventOrder::At => SortValue::Time(row.at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &AuditEvent) -> Uuid {
        row.id.uuid()
    }
}
