//! Refused attempts: all are counted, the first in a period is audited.
//!
//! Owns: the table `refused_attempts`, and the event that represents many attempts. May use: transactions, the chain.
//! Invariant: one person's refused attempts at one action, for one reason and in one organization, add at most one
//! event in a quarter of an hour to its log. Only the attempt that adds the event takes the organization's lock.
//!
//! The count is one statement on a row of the person's own, so concurrent attempts are counted one after another, and
//! no other person waits for them.

use chrono::Duration;
use sea_orm::{DbBackend, Statement};
use serde_json::json;
use uuid::Uuid;

use crate::{
    audit::hash_chain::{self, Actor, AuditEntry},
    error::Error,
    id::{OrganizationId, TypedId, UserId},
    models::AuditAction,
    session::Tx,
    time::{micros, now},
};

/// How long one event represents all attempts of the same kind.
pub(crate) const WINDOW: Duration = Duration::minutes(15);

/// How long a count is stored: longer than the longest period of any count.
const MAX_STORED: Duration = Duration::days(2);

const COUNT: &str = "\
    INSERT INTO refused_attempts (user_id, place, action, reason, since, attempts, earlier) \
    VALUES ($1, $2, $3, $4, $5, 1, 0) \
    ON CONFLICT (user_id, place, action, reason) DO UPDATE SET \
        attempts = CASE WHEN refused_attempts.since > $6 THEN refused_attempts.attempts + 1 ELSE 1 END, \
        earlier = CASE WHEN refused_attempts.since > $6 THEN refused_attempts.earlier \
                       ELSE refused_attempts.attempts - 1 END, \
        since = CASE WHEN refused_attempts.since > $6 THEN refused_attempts.since ELSE excluded.since END \
    RETURNING attempts, earlier";

/// An attempt to be counted.
#[derive(Clone, Copy)]
pub(crate) struct RefusedAttempt<'a> {
    /// The person who made the attempt.
    pub(crate) user: UserId,
    /// The organization; the nil UUID where none is meant.
    pub(crate) place: Uuid,
    /// The attempted action.
    pub(crate) action: &'a str,
    /// The reason for the refusal.
    pub(crate) reason: &'a str,
}

/// Number of attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AttemptCount {
    /// Attempts in this period, including this one.
    pub(crate) attempts: i32,
    /// Attempts in the previous period, without the first.
    pub(crate) earlier: i32,
}
crate::row::from_row!(AttemptCount { attempts, earlier });

impl AttemptCount {
    /// Whether it is the first attempt of its period, which is the one that is audited.
    pub(crate) fn is_first(self) -> bool {
        self.attempts == 1
    }
}

impl<'a> RefusedAttempt<'a> {
    /// An attempt at an action in an organization.
    pub(crate) fn at(user: UserId, organization: OrganizationId, action: AuditAction, reason: &'a str) -> Self {
        Self { user, place: organization.uuid(), action: action.name(), reason }
    }

    /// Counts the attempt. The first one of a period starts the period.
    pub(crate) async fn count(self, tx: &Tx, period: Duration) -> Result<AttemptCount, Error> {
        let Self { user, place, action, reason } = self;
        let at = now();
        let values = [user.into(), place.into(), action.into(), reason.into(), at.into(), micros(at - period).into()];
        let counted: Option<AttemptCount> =
            tx.query_opt(Statement::from_sql_and_values(tx.backend(), COUNT, values)).await?;
        let counted = counted.ok_or(Error::NotFound)?;
        if counted.is_first() {
            delete_expired(tx, user).await?;
        }
        Ok(counted)
    }
}

/// How often a person was refused an action in a place within a period, for any reason.
pub(crate) async fn refused(
    tx: &Tx,
    user: UserId,
    (place, action): (Uuid, &str),
    period: Duration,
) -> Result<i64, Error> {
    struct RefusalEntry {
        attempts: i64,
    }
    crate::row::from_row!(RefusalEntry { attempts });
    let sql = "SELECT coalesce(sum(attempts), 0) AS attempts FROM refused_attempts \
               WHERE user_id = $1 AND place = $2 AND action = $3 AND since > $4";
    let values = [user.into(), place.into(), action.into(), micros(now() - period).into()];
    let refused: Option<RefusalEntry> = tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
    Ok(refused.map_or(0, |refused| refused.attempts))
}

/// Audits a refused attempt, unless the log already has the same refusal of the same actor in this period.
///
/// The transaction contains only this event: it is committed whatever the outcome of the attempt.
pub(crate) async fn note(tx: &Tx, refused: AuditEntry<'_>) -> Result<(), Error> {
    let (Actor::Member(_, user) | Actor::Person(user)) = refused.actor else {
        return hash_chain::append(tx, refused).await;
    };
    let attempt = RefusedAttempt::at(user, refused.organization, refused.action, refused.reason.unwrap_or_default());
    let counted = attempt.count(tx, WINDOW).await?;
    if counted.is_first() { hash_chain::append(tx, counted.event(refused)).await } else { Ok(()) }
}

impl AttemptCount {
    /// The event of a first attempt. It also contains the number of attempts that the previous event represents.
    pub(crate) fn event(self, refused: AuditEntry<'_>) -> AuditEntry<'_> {
        let after = (self.earlier > 0).then(|| json!({ "earlier_attempts": self.earlier }));
        AuditEntry { after, ..refused }
    }
}

/// Deletes a person's expired counts.
async fn delete_expired(tx: &Tx, user: UserId) -> Result<(), Error> {
    let sql = match tx.backend() {
        // Two attempts of one person must not wait for each other's rows.
        DbBackend::Postgres => {
            "DELETE FROM refused_attempts WHERE (user_id, place, action, reason) IN \
             (SELECT user_id, place, action, reason FROM refused_attempts WHERE user_id = $1 AND since <= $2 \
              FOR UPDATE SKIP LOCKED)"
        }
        _ => "DELETE FROM refused_attempts WHERE user_id = $1 AND since <= $2",
    };
    let values = [user.into(), micros(now() - MAX_STORED).into()];
    tx.execute_deferred(Statement::from_sql_and_values(tx.backend(), sql, values)).await
}
