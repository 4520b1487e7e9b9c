//! The audit log of one organization, from its first event to its last, for operators.
//!
//! Owns: reading it in order, and checking it. May use: the chain. Invariant: it reads one organization and writes nothing; a
//! log of any length is held in memory some hundred events at a time.

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

/// Events that are read at a time.
pub(crate) const BATCH_SIZE: u64 = 500;

/// A log that is being read.
#[derive(Debug)]
pub struct AuditLogReader {
    db: Db,
    organization: OrganizationId,
    after: i32,
}

/// What checking a log came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How many events are sound, from the first one on.
    pub sound: u64,
    /// Where the chain is broken, if it is.
    pub broken: Option<ChainBreak>,
    /// The last sound event; none in an empty log.
    pub last: Option<ChainHeadHash>,
    /// What became of the event that was expected.
    pub expected: ExpectedHead,
}

/// An event's place in the chain and its hash, as an operator notes them outside of the database.
///
/// The hash covers all events before it: a chain that holds this event begins as it did when it was noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainHeadHash {
    /// Its place in the chain, from 1.
    pub sequence: i32,
    /// Its hash, in lower-case hexadecimal.
    pub hash: String,
}

/// Whether a chain holds the event that was noted earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedHead {
    /// None was named.
    NotAsked,
    /// It does.
    Found,
    /// Its place holds another event: the chain was rewritten.
    Differs,
    /// The chain ends before it: its end was cut off.
    Missing,
}

impl Db {
    /// The log of the organization that an operator names, if there is one: also of one that was deleted.
    pub async fn audit_log_reader(&self, name: &str) -> Result<Option<AuditLogReader>, Error> {
        let found = self.organization_named(name).await?;
        Ok(found.map(|organization| AuditLogReader { db: self.clone(), organization, after: 0 }))
    }
}

/// The next events of an organization behind one of its events.
pub(crate) fn batch(organization: OrganizationId, after: i32) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Sequence.gt(after))
        .order_by_asc(Column::Sequence)
        .limit(BATCH_SIZE)
}

impl AuditLogReader {
    /// The next events, in their order; none at the end.
    pub async fn next(&mut self) -> Result<Vec<AuditEvent>, Error> {
        let tx = self.db.begin(TxMode::Read, Purpose::Data).await?;
        tx.set_tenant(&TenantSettings::whole_organization(self.organization, None)).await;
        let events: Vec<AuditEvent> = tx.query_as(batch(self.organization, self.after).build(tx.backend())).await?;
        if let Some(last) = events.last().and_then(|event| event.sequence) {
            self.after = last;
        }
        Ok(events)
    }

    /// Goes along the chain and says whether an event was changed, removed or slipped in.
    ///
    /// The chain alone does not show that its end was cut off, nor that all of it was rewritten: that takes an event of it
    /// that was noted elsewhere, see [`Self::verify_holding`].
    pub async fn verify(self) -> Result<Verdict, Error> {
        self.verify_against(None).await
    }

    /// The same, and whether the chain holds an event that was noted earlier.
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
