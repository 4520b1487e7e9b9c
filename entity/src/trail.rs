//! The audit log of one organization, from its first event to its last, for operators.
//!
//! Owns: reading it in order, and checking it. May use: the chain. Invariant: it reads one organization, found by its slug,
//! and writes nothing; a log of any length is held in memory some hundred events at a time.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Statement};

use crate::{
    AuditEvent, Broken, Db, Error, OrganizationId,
    chain::Walk,
    pool::Intent,
    recorder::Purpose,
    session::Tenant,
    table::audit_event::{Column, Entity},
};

/// Events that are read at a time.
pub(crate) const AT_ONCE: u64 = 500;

/// A log that is being read.
#[derive(Debug)]
pub struct AuditTrail {
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
    pub broken: Option<Broken>,
}

impl Db {
    /// The log of the organization of a slug, if there is one: also of one that was deleted.
    pub async fn audit_trail(&self, slug: &str) -> Result<Option<AuditTrail>, Error> {
        struct Found {
            id: OrganizationId,
        }
        crate::row::from_row!(Found { id });
        let tx = self.begin(Intent::Read, Purpose::Data).await?;
        tx.set(&[("app.slug", slug)]).await;
        let sql = "SELECT id FROM organizations WHERE slug = $1";
        let found: Option<Found> = tx.one(Statement::from_sql_and_values(tx.backend(), sql, [slug.into()])).await?;
        Ok(found.map(|found| AuditTrail { db: self.clone(), organization: found.id, after: 0 }))
    }
}

/// The next events of an organization behind one of its events.
pub(crate) fn batch(organization: OrganizationId, after: i32) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Sequence.gt(after))
        .order_by_asc(Column::Sequence)
        .limit(AT_ONCE)
}

impl AuditTrail {
    /// The next events, in their order; none at the end.
    pub async fn next(&mut self) -> Result<Vec<AuditEvent>, Error> {
        let tx = self.db.begin(Intent::Read, Purpose::Data).await?;
        tx.set_tenant(&Tenant::whole(self.organization, None)).await;
        let events: Vec<AuditEvent> = tx.all(batch(self.organization, self.after).build(tx.backend())).await?;
        if let Some(last) = events.last().and_then(|event| event.sequence) {
            self.after = last;
        }
        Ok(events)
    }

    /// Goes along the chain and says whether an event was changed, removed or slipped in.
    ///
    /// What a chain cannot tell is that its end was cut off: compare the number of events with an earlier verdict.
    pub async fn verify(mut self) -> Result<Verdict, Error> {
        let mut walk = Walk::default();
        loop {
            let events = self.next().await?;
            if events.is_empty() {
                return Ok(Verdict { sound: walk.length(), broken: None });
            }
            for event in &events {
                if let Err(broken) = walk.step(event) {
                    return Ok(Verdict { sound: walk.length(), broken: Some(broken) });
                }
            }
        }
    }
}
