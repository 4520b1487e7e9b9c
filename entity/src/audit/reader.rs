//! The complete audit log of one organization, for operators.
//!
//! Owns: reading the log in order, and verifying it. May use: the chain. Invariant: it reads one organization and
//! writes nothing. It holds at most some hundred events in memory at a time, however long the log is.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use crate::{
    audit::{ChainBreak, hash_chain::ChainVerifier},
    db::{Db, pool::TxMode, statement_recorder::Purpose},
    error::Error,
    id::OrganizationId,
    models::{
        AuditEvent,
        audit_event::{Column, Entity},
    },
    session::TenantSettings,
};

/// Number of events read at a time.
pub(crate) const BATCH_SIZE: u64 = 500;

/// A reader of one log.
#[derive(Debug)]
pub struct AuditLogReader {
    db: Db,
    organization: OrganizationId,
    after: i32,
}

/// Result of verifying a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Number of intact events, from the first one on.
    pub sound: u64,
    /// First break in the chain, if there is one.
    pub broken: Option<ChainBreak>,
    /// The last intact event; none in an empty log.
    pub last: Option<ChainHeadHash>,
    /// Result for the expected event.
    pub expected: ExpectedHead,
}

/// An event's position in the chain and its hash, as an operator records them outside the database.
///
/// The hash covers all events before it: if a chain contains this event, its history up to there is unchanged since
/// the hash was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainHeadHash {
    /// Position in the chain, from 1.
    pub sequence: i32,
    /// Hash, in lower-case hexadecimal.
    pub hash: String,
}

/// Whether a chain contains the event that was recorded earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedHead {
    /// No event was specified.
    NotAsked,
    /// The chain contains it.
    Found,
    /// Another event is at its position: the chain was rewritten.
    Differs,
    /// The chain ends before it: the chain was truncated.
    Missing,
}

impl Db {
    /// The log of the organization with this name, if there is one. Deleted organizations are included.
    pub async fn audit_log_reader(&self, name: &str) -> Result<Option<AuditLogReader>, Error> {
        let found = self.organization_named(name).await?;
        Ok(found.map(|organization| AuditLogReader { db: self.clone(), organization, after: 0 }))
    }
}

/// The next events of an organization after a given event.
pub(crate) fn batch(organization: OrganizationId, after: i32) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Sequence.gt(after))
        .order_by_asc(Column::Sequence)
        .limit(BATCH_SIZE)
}

impl AuditLogReader {
    /// The next events, in order; empty at the end.
    pub async fn next(&mut self) -> Result<Vec<AuditEvent>, Error> {
        let tx = self.db.begin(TxMode::Read, Purpose::Data).await?;
        tx.set_tenant(&TenantSettings::whole_organization(self.organization, None)).await;
        let events: Vec<AuditEvent> = tx.query_as(batch(self.organization, self.after).build(tx.backend())).await?;
        if let Some(last) = events.last().and_then(|event| event.sequence) {
            self.after = last;
        }
        Ok(events)
    }

    /// Verifies the chain and reports whether an event was changed, removed or inserted.
    ///
    /// The chain alone does not reveal that it was truncated or completely rewritten. That takes an event that was
    /// recorded elsewhere, see [`Self::verify_holding`].
    pub async fn verify(self) -> Result<Verdict, Error> {
        self.verify_against(None).await
    }

    /// Verifies the chain, and whether it contains an event that was recorded earlier.
    pub async fn verify_holding(self, noted: &ChainHeadHash) -> Result<Verdict, Error> {
        self.verify_against(Some(noted)).await
    }

    async fn verify_against(mut self, noted: Option<&ChainHeadHash>) -> Result<Verdict, Error> {
        let mut walk = ChainVerifier::default();
        let expected = noted.map_or(ExpectedHead::NotAsked, |_| ExpectedHead::Missing);
        let mut verdict = Verdict { sound: 0, broken: None, last: None, expected };
        loop {
            let events = self.next().await?;
            if events.is_empty() {
                return Ok(verdict);
            }
            for event in &events {
                if let Err(broken) = walk.verify_next(event) {
                    return Ok(Verdict { broken: Some(broken), ..verdict });
                }
                verdict.sound = walk.verified_events();
                let (Some(sequence), Some(hash)) = (event.sequence, event.hash.clone()) else { continue };
                if let Some(noted) = noted.filter(|noted| noted.sequence == sequence) {
                    verdict.expected = if noted.hash == hash { ExpectedHead::Found } else { ExpectedHead::Differs };
                }
                verdict.last = Some(ChainHeadHash { sequence, hash });
            }
        }
    }
}
