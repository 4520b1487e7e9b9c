//! Changes in an organization, as its audit log records them, for subscribers.
//!
//! Owns: reading the events after a given one, and determining which subscribers are still active members. May use:
//! the chain, the tenant's transaction. Invariant: a feed is created by a scope and reads that scope's organization.
//! It contains kinds and ids, but no values of rows, and each row is filtered by a scope that is entered for its
//! message.
//!
//! An organization's event numbers have no gaps: each event is added under the organization's lock, so no event with a
//! smaller number is committed later. (An outbox that is polled by ids alone misses late commits.)

use sea_orm::{Statement, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    audit::hash_chain,
    db::{Db, pool::TxMode, statement_recorder::Purpose},
    error::Error,
    id::{DsoId, MemberId, OrganizationId, TypedId},
    models::{AuditAction, TargetKind},
    scope::Scope,
    session::TenantSettings,
};

/// Maximum number of events per read.
const MAX_EVENTS_PER_READ: usize = 500;

/// A row that was changed, and its DSO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChangedRow {
    /// Kind of row.
    pub kind: TargetKind,
    /// Id of the row.
    pub id: Uuid,
    /// Its DSO. A row that was moved is reported once for each of its two DSOs.
    pub dso: DsoId,
}

/// Changes after a given event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedBatch {
    /// The rows that were changed.
    pub rows: Vec<ChangedRow>,
    /// Number of events, including changes that concern no row of a DSO, such as a role change.
    pub events: usize,
    /// Whether rows were changed without events of their own, as an import does.
    pub is_general: bool,
    /// The subscribed members who are still active.
    pub active: Vec<MemberId>,
}

/// The changes of one organization from a point in time on.
#[derive(Debug)]
pub struct ChangeFeed {
    db: Db,
    organization: OrganizationId,
    after: i32,
}

struct EventCount {
    events: i32,
}
crate::row::from_row!(EventCount { events });

struct Event {
    sequence: i32,
    action: String,
    target_kind: String,
    target_id: Uuid,
    dso_id: Option<DsoId>,
    before: Option<Json>,
}
crate::row::from_row!(Event { sequence, action, target_kind, target_id, dso_id, before });

struct Active {
    id: MemberId,
}
crate::row::from_row!(Active { id });

impl Scope {
    /// The organization's changes from now on.
    pub async fn change_feed(&self) -> Result<ChangeFeed, Error> {
        let mut feed = ChangeFeed { db: self.db(), organization: self.context().organization(), after: 0 };
        feed.after = feed.event_count().await?;
        Ok(feed)
    }
}

impl ChangeFeed {
    async fn event_count(&self) -> Result<i32, Error> {
        let tx = self.db.begin(TxMode::Read, Purpose::Data).await?;
        tx.set_tenant(&TenantSettings::whole_organization(self.organization, None)).await;
        let length: Option<EventCount> = tx.query_opt(hash_chain::event_count(self.organization, tx.backend())).await?;
        Ok(length.map_or(0, |length| length.events))
    }

    /// The changes since the last read, and which of these members are still active.
    pub async fn read(&mut self, members: &[MemberId]) -> Result<FeedBatch, Error> {
        let tx = self.db.begin(TxMode::Read, Purpose::Data).await?;
        tx.set_tenant(&TenantSettings::whole_organization(self.organization, None)).await;
        let sql = format!(
            "SELECT sequence, action, target_kind, target_id, dso_id, CASE WHEN action = '{}' THEN before END AS before \
             FROM audit_events WHERE organization_id = $1 AND sequence > $2 AND outcome = 'DONE' \
             ORDER BY sequence LIMIT {MAX_EVENTS_PER_READ}",
            AuditAction::DoctorMove.name()
        );
        let values: [Value; 2] = [self.organization.into(), self.after.into()];
        let events: Vec<Event> = tx.query_as(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        let active = if members.is_empty() {
            Vec::new()
        } else {
            let places: Vec<_> = (0..members.len()).map(|place| format!("${}", place + 2)).collect();
            let sql = format!(
                "SELECT m.id FROM memberships m JOIN organizations o ON o.id = m.organization_id \
                 WHERE m.organization_id = $1 AND m.status = 'ACTIVE' AND o.status = 'ACTIVE' AND o.deleted_at IS NULL \
                 AND m.id IN ({})",
                places.join(", ")
            );
            let values = std::iter::once(self.organization.into()).chain(members.iter().map(|member| (*member).into()));
            tx.query_as::<Active>(Statement::from_sql_and_values(tx.backend(), sql, values)).await?
        };
        if let Some(last) = events.last() {
            self.after = last.sequence;
        }
        let is_general =
            events.iter().any(|event| has_rows_without_event(&event.action)) || events.len() == MAX_EVENTS_PER_READ;
        Ok(FeedBatch {
            events: events.len(),
            is_general,
            rows: events.iter().flat_map(rows).collect(),
            active: active.into_iter().map(|active| active.id).collect(),
        })
    }
}

fn has_rows_without_event(action: &str) -> bool {
    matches!(AuditAction::from_name(action), Some(AuditAction::LegacyImport | AuditAction::RollUpsRebuild))
}

/// The row of an event: only rows that belong to a DSO and that every viewer of the DSO may know about.
fn rows(event: &Event) -> Vec<ChangedRow> {
    let Some(dso) = event.dso_id else { return Vec::new() };
    let kind = match TargetKind::from_name(&event.target_kind) {
        Some(
            kind @ (TargetKind::Dso
            | TargetKind::Doctor
            | TargetKind::OnboardingPeriod
            | TargetKind::Activity
            | TargetKind::Case),
        ) => kind,
        Some(
            TargetKind::Organization
            | TargetKind::Member
            | TargetKind::DsoGrant
            | TargetKind::Invitation
            | TargetKind::JoinRequest
            | TargetKind::Dashboard,
        )
        | None => return Vec::new(),
    };
    // A doctor who was moved has left the previous DSO.
    let moved_from = event.before.as_ref().and_then(|before| before.get("dso_id")?.as_str()).map(DsoId::from_text);
    let row = |dso| ChangedRow { kind, id: event.target_id, dso };
    std::iter::once(dso).chain(moved_from).map(row).collect()
}
