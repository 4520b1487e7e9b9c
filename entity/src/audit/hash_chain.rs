//! The hash chain of the audit log.
//!
//! Owns: adding events, and verifying that none was changed, removed or inserted. May use: transactions. Invariant: an
//! event's hash covers all its fields and the hash of the previous event in the same organization. The organization's
//! row is locked while an event is added, so that a chain never forks.

use std::collections::BTreeMap;

use sea_orm::{DbBackend, EntityTrait, QueryTrait, Statement};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::session::change_event::event_effect;
use crate::{
    audit::RequestMetadata,
    error::Error,
    id::{AuditEventId, DsoId, MemberId, OrganizationId, TypedId, UserId},
    models::{self, ActorKind, AuditAction, AuditEvent, AuditOutcome, TargetKind},
    session::Tx,
    time::now,
};

/// An event before it is appended to the chain.
pub(crate) struct AuditEntry<'a> {
    pub(crate) organization: OrganizationId,
    pub(crate) action: AuditAction,
    pub(crate) outcome: AuditOutcome,
    /// Code of the reason for the refusal, if it was refused.
    pub(crate) reason: Option<&'a str>,
    pub(crate) actor: Actor,
    pub(crate) target: (TargetKind, Uuid),
    pub(crate) dso: Option<DsoId>,
    pub(crate) origin: &'a RequestMetadata,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
}

/// The actor.
#[derive(Clone, Copy)]
pub(crate) enum Actor {
    /// A member of the organization.
    Member(MemberId, UserId),
    /// A person who is not a member.
    Person(UserId),
    /// The product itself.
    System,
}

impl<'a> AuditEntry<'a> {
    /// An action of the product itself on an organization, started by an operator.
    pub(crate) fn system(
        organization: OrganizationId,
        action: AuditAction,
        origin: &'a RequestMetadata,
        after: Value,
    ) -> Self {
        Self {
            organization,
            action,
            outcome: AuditOutcome::Done,
            reason: None,
            actor: Actor::System,
            target: (TargetKind::Organization, organization.uuid()),
            dso: None,
            origin,
            before: None,
            after: Some(after),
        }
    }
}

struct ChainHead {
    sequence: i32,
    hash: String,
}
crate::row::from_row!(ChainHead { sequence, hash });

const CHAIN_HEAD: &str = "\
    SELECT sequence, hash FROM audit_events WHERE organization_id = $1 AND sequence IS NOT NULL \
    ORDER BY sequence DESC LIMIT 1";

/// Query for the number of events in a chain, as `events`: reads one entry at the end of an index.
pub(crate) fn event_count(organization: OrganizationId, backend: DbBackend) -> Statement {
    let sql = "SELECT coalesce(max(sequence), 0) AS events FROM audit_events WHERE organization_id = $1";
    Statement::from_sql_and_values(backend, sql, [organization.into()])
}

/// Locks an organization until the transaction ends. On SQLite a writer is exclusive anyway.
///
/// Transactions that change members, grants, invitations or the organization itself take this lock first; all others
/// take it last, when they add their event. This order prevents deadlocks.
pub(crate) async fn lock(tx: &Tx, organization: OrganizationId) -> Result<(), Error> {
    if tx.backend() == DbBackend::Postgres {
        let sql = "SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE";
        tx.execute_deferred(Statement::from_sql_and_values(tx.backend(), sql, [organization.into()])).await?;
    }
    Ok(())
}

/// Appends an event, in the transaction of the change that it records.
pub(crate) async fn append(tx: &Tx, happening: AuditEntry<'_>) -> Result<(), Error> {
    let AuditEntry { organization, action, outcome, reason, actor, target, dso, origin, before, after } = happening;
    lock(tx, organization).await?;
    let last: Option<ChainHead> =
        tx.query_opt(Statement::from_sql_and_values(tx.backend(), CHAIN_HEAD, [organization.into()])).await?;
    let (actor_kind, actor_member_id, actor_user_id) = match actor {
        Actor::Member(member, user) => (ActorKind::Person, Some(member), Some(user)),
        Actor::Person(user) => (ActorKind::Person, None, Some(user)),
        Actor::System => (ActorKind::System, None, None),
    };
    let (sequence, previous) = last.map_or((0, String::new()), |last| (last.sequence, last.hash));
    let mut event = AuditEvent {
        organization_id: organization,
        id: AuditEventId::generate(),
        at: now(),
        action: action.name().to_owned(),
        actor_kind,
        actor_member_id,
        actor_user_id,
        outcome,
        reason: reason.map(str::to_owned),
        target_kind: target.0.name().to_owned(),
        target_id: target.1,
        dso_id: dso,
        request_id: Some(origin.request().to_owned()),
        address: origin.address().map(str::to_owned),
        agent: origin.user_agent().map(str::to_owned),
        before,
        after,
        sequence: Some(sequence + 1),
        hash: None,
    };
    event.hash = Some(event.chained_hash(&previous));
    let insert = models::audit_event::Entity::insert(models::active(event));
    tx.append(insert.build(tx.backend()), event_effect(action, outcome)).await
}

/// The hash of an event whose predecessor has the hash `previous`.
pub(crate) fn seal(previous: &str, event: &AuditEvent) -> String {
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::String);
    let fields = Value::Array(vec![
        Value::from(previous),
        Value::from(event.organization_id.to_text()),
        Value::from(event.sequence),
        Value::from(event.id.to_text()),
        Value::from(event.at.timestamp_micros()),
        Value::from(event.action.as_str()),
        serde_json::to_value(event.actor_kind).unwrap_or_default(),
        Value::from(event.actor_member_id.map(TypedId::to_text)),
        Value::from(event.actor_user_id.map(TypedId::to_text)),
        serde_json::to_value(event.outcome).unwrap_or_default(),
        text(&event.reason),
        Value::from(event.target_kind.as_str()),
        Value::from(event.target_id.to_string()),
        Value::from(event.dso_id.map(TypedId::to_text)),
        text(&event.request_id),
        text(&event.address),
        text(&event.agent),
        event.before.as_ref().map_or(Value::Null, sorted),
        event.after.as_ref().map_or(Value::Null, sorted),
    ]);
    data_encoding::HEXLOWER.encode(&Sha256::digest(fields.to_string().as_bytes()))
}

/// The same value with the keys of every object sorted: a database does not preserve the order of object keys.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> = fields.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(sorted).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// A break in a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainBreak {
    /// Number of the first event that is missing or differs from what was written.
    pub sequence: i32,
    /// The kind of break.
    pub fault: ChainFault,
}

/// The kind of break in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainFault {
    /// An event was removed.
    Missing,
    /// An event was changed, or one of its neighbors was replaced.
    Changed,
}

/// Verifies a chain, event by event.
#[derive(Default)]
pub(crate) struct ChainVerifier {
    sequence: i32,
    hash: String,
}

impl ChainVerifier {
    /// Verifies the next event; returns the break if there is one.
    pub(crate) fn verify_next(&mut self, event: &AuditEvent) -> Result<(), ChainBreak> {
        let expected = self.sequence + 1;
        if event.sequence != Some(expected) {
            return Err(ChainBreak { sequence: expected, fault: ChainFault::Missing });
        }
        let hash = seal(&self.hash, event);
        if event.hash.as_deref() != Some(hash.as_str()) {
            return Err(ChainBreak { sequence: expected, fault: ChainFault::Changed });
        }
        self.sequence = expected;
        self.hash = hash;
        Ok(())
    }

    /// Number of events verified so far.
    pub(crate) fn verified_events(&self) -> u64 {
        u64::from(self.sequence.unsigned_abs())
    }
}

impl AuditEvent {
    /// The event's hash, if the event before it in its organization has the hash `previous` (empty for the first one):
    /// SHA-256 over all fields in their order as a JSON array, in lower-case hexadecimal. Whoever holds an export of the
    /// log can check it by this.
    #[must_use]
    pub fn chained_hash(&self, previous: &str) -> String {
        seal(previous, self)
    }
}
