//! The download of an organization's audit log by one of its admins.
//!
//! Owns: where a download begins and ends, its event in the log itself, and reading on. May use: the chain, the scope. Invariant: a
//! download ends with its own event, whatever is logged meanwhile; each batch is read through a scope of its own, so that the rights are
//! those of the moment at which it is read.

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

/// How far a download has come.
#[derive(Clone, Copy, Debug)]
pub struct AuditExport {
    organization: OrganizationId,
    after: i32,
    last: i32,
}

impl AuditExport {
    /// Most events of a batch.
    pub const BATCH_SIZE: u64 = BATCH_SIZE;

    /// How many events the next batch holds; 0 at the end.
    #[must_use]
    pub fn next_events(&self) -> u64 {
        u64::from(self.last.abs_diff(self.after)).min(Self::BATCH_SIZE)
    }

    /// How many events were read.
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
    /// How many events the log has.
    pub async fn audit_event_count(&self) -> Result<u64, Error> {
        let tx = self.scope.read().await?;
        let length = hash_chain::event_count(self.scope.context().organization(), tx.backend());
        let length: Option<EventCount> = tx.query_opt(length).await?;
        Ok(u64::from(length.map_or(0, |length| length.events.unsigned_abs())))
    }

    /// Begins a download: the log says who takes it away, and the download ends with the event that says so.
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
        // Behind the organization's lock, so the last event is this one.
        let length: Option<EventCount> = tx.query_opt(hash_chain::event_count(organization, tx.backend())).await?;
        tx.commit().await?;
        Ok(AuditExport { organization, after: 0, last: length.map_or(0, |length| length.events) })
    }

    /// The next events of a download, in their order; none at its end, and not found where the download is another organization's.
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
            // Events of a chain that are not there any more were removed past the product: `gateway audit verify` says where.
            None => export.after = export.last,
        }
        Ok(events)
    }
}
