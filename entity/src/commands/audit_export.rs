//! Download of an organization's audit log by one of its admins.
//!
//! Owns: the start and the end of a download, its own event in the log, and reading the next batch. May use: the
//! chain, the scope. Invariant: a download ends with its own event, even if more events are logged meanwhile. Each
//! batch is read through a scope of its own, so that the access rights at the time of that read apply.

use sea_orm::{ColumnTrait, QueryFilter, QueryTrait};
use serde_json::Value;

use crate::{
    audit::{
        hash_chain::{self, Actor, AuditEntry},
        reader::{BATCH_SIZE, batch},
    },
    commands::OrgAdmin,
    error::Error,
    id::{OrganizationId, TypedId},
    models::{AuditAction, AuditEvent, AuditOutcome, TargetKind, audit_event::Column},
};

/// Progress of a download.
#[derive(Clone, Copy, Debug)]
pub struct AuditExport {
    organization: OrganizationId,
    after: i32,
    last: i32,
}

impl AuditExport {
    /// Maximum number of events in a batch.
    pub const BATCH_SIZE: u64 = BATCH_SIZE;

    /// Number of events in the next batch; 0 at the end.
    #[must_use]
    pub fn next_events(&self) -> u64 {
        u64::from(self.last.abs_diff(self.after)).min(Self::BATCH_SIZE)
    }

    /// Number of events read so far.
    #[must_use]
    pub fn read_events(&self) -> u64 {
        u64::from(self.after.unsigned_abs())
    }
}

struct EventCount {
    events: i32,
}
crate::row::from_row!(EventCount { events });

impl OrgAdmin<'_> {
    /// Number of events in the log.
    pub async fn audit_event_count(&self) -> Result<u64, Error> {
        let tx = self.scope.read().await?;
        let length = hash_chain::event_count(self.scope.context().organization(), tx.backend());
        let length: Option<EventCount> = tx.query_opt(length).await?;
        Ok(u64::from(length.map_or(0, |length| length.events.unsigned_abs())))
    }

    /// Begins a download. An audit event records who downloads the log, and the download ends with that event.
    pub async fn audit_export(&self, detail: Value) -> Result<AuditExport, Error> {
        let context = self.scope.context();
        let organization = context.organization();
        let tx = self.scope.begin_org_write().await?;
        let happening = AuditEntry {
            organization,
            action: AuditAction::AuditLogExport,
            outcome: AuditOutcome::Done,
            reason: None,
            actor: Actor::Member(context.member(), context.permissions().user()),
            target: (TargetKind::Organization, organization.uuid()),
            dso: None,
            origin: self.scope.origin(),
            before: None,
            after: Some(detail),
        };
        hash_chain::append(&tx, happening).await?;
        // The organization's lock is held, so this event is the last one.
        let length: Option<EventCount> = tx.query_opt(hash_chain::event_count(organization, tx.backend())).await?;
        tx.commit().await?;
        Ok(AuditExport { organization, after: 0, last: length.map_or(0, |length| length.events) })
    }

    /// The next events of a download, in order; empty at its end. Returns "not found" if the download belongs to
    /// another organization.
    pub async fn audit_events(&self, export: &mut AuditExport) -> Result<Vec<AuditEvent>, Error> {
        if export.organization != self.scope.context().organization() {
            return Err(Error::NotFound);
        }
        if export.next_events() == 0 {
            return Ok(Vec::new());
        }
        let tx = self.scope.read().await?;
        let find = batch(export.organization, export.after).filter(Column::Sequence.lte(export.last));
        let events: Vec<AuditEvent> = tx.query_as(find.build(tx.backend())).await?;
        match events.last().and_then(|event| event.sequence) {
            Some(last) => export.after = last,
            // Events missing from a chain were removed outside the product: `gateway audit verify` reports where.
            None => export.after = export.last,
        }
        Ok(events)
    }
}
