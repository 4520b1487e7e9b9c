//! When a member was here last.
//!
//! Owns: writing `memberships.last_seen_at`. May use: transactions. Invariant: it happens beside the request, which neither waits for it
//! nor fails with it; reading needs no database that takes writes.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use lru::LruCache;
use sea_orm::Statement;
use tokio::{sync::Semaphore, time::timeout};

use super::{Db, selection::MembershipCandidate};
use crate::{
    Error, MemberId, StatementCount, UserId,
    pool::TxMode,
    session::TenantSettings,
    statement_recorder::{Listeners, Purpose},
    time::now,
};

/// How often it is written: often enough for people, seldom enough for the database.
const RETRY_DELAY: chrono::Duration = chrono::Duration::hours(1);

/// The same, for what this process has written. A remembered membership still has the time before.
const WRITE_INTERVAL: Duration = Duration::from_hours(1);

/// How long a write may take, with waiting for a connection.
const MAX_WRITE_TIME: Duration = Duration::from_secs(2);

/// How long nothing is written after a failure: a database that takes no writes is not asked by each request.
const WRITE_PAUSE: Duration = Duration::from_mins(1);

/// How many are written at once. The others are written with a later request of theirs.
const BATCH_SIZE: usize = 2;

/// Members whose last write is remembered.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// What this process has written lately. Clones share it.
#[derive(Clone)]
pub(super) struct LastSeen(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    slots: Arc<Semaphore>,
}

struct State {
    written: LruCache<MemberId, Instant>,
    paused_until: Option<Instant>,
}

impl Default for LastSeen {
    fn default() -> Self {
        let state = Mutex::new(State { written: LruCache::new(CAPACITY), paused_until: None });
        Self(Arc::new(Shared { state, slots: Arc::new(Semaphore::new(BATCH_SIZE)) }))
    }
}

impl LastSeen {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a member is to be written now. If so, it counts as done.
    fn is_due(&self, member: MemberId, now: Instant) -> bool {
        let mut state = self.state();
        if state.paused_until.is_some_and(|until| now < until) {
            return false;
        }
        let is_written = state.written.get(&member).is_some_and(|at| now.duration_since(*at) < WRITE_INTERVAL);
        if !is_written {
            state.written.put(member, now);
        }
        !is_written
    }

    fn failed(&self, member: MemberId, now: Instant) {
        let mut state = self.state();
        state.written.pop(&member);
        state.paused_until = Some(now + WRITE_PAUSE);
    }
}

impl Db {
    /// Has it written down that a member is here, if that was not done within the hour.
    pub(super) fn record(&self, user: UserId, seen: &MembershipCandidate) {
        if seen.last_seen_at.is_some_and(|at| at >= now() - RETRY_DELAY) {
            return;
        }
        let Ok(slot) = Arc::clone(&self.last_seen.0.slots).try_acquire_owned() else { return };
        let (member, organization) = (seen.member, seen.organization.id);
        if !self.last_seen.is_due(member, Instant::now()) {
            return;
        }
        // The operation's count of statements is not charged.
        let listeners = Listeners { count: StatementCount::default(), ..self.listeners.clone() };
        let db = Self { listeners, ..self.clone() };
        tokio::spawn(async move {
            let _slot = slot;
            let why = match timeout(MAX_WRITE_TIME, db.write(user, organization, member)).await {
                Ok(Ok(())) => return,
                Ok(Err(cause)) => format!("{cause:?}"),
                Err(_) => format!("it took longer than {MAX_WRITE_TIME:?}"),
            };
            db.last_seen.failed(member, Instant::now());
            tracing::debug!(why, pause = ?WRITE_PAUSE, "that a member was seen was not written");
        });
    }

    async fn write(&self, user: UserId, organization: crate::OrganizationId, member: MemberId) -> Result<(), Error> {
        let tx = self.begin(TxMode::Write, Purpose::Context).await?;
        tx.set_tenant(&TenantSettings::whole_organization(organization, Some(user))).await;
        let sql = "UPDATE memberships SET last_seen_at = $3 WHERE organization_id = $1 AND id = $2";
        let values = [organization.into(), member.into(), now().into()];
        tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        tx.commit().await
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::TypedId;

    fn member(number: u128) -> MemberId {
        MemberId::from_uuid(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_member_is_written_once_an_hour() {
        let (last_seen, start) = (LastSeen::default(), Instant::now());
        assert!(last_seen.is_due(member(1), start));
        assert!(!last_seen.is_due(member(1), start + Duration::from_secs(1)));
        assert!(last_seen.is_due(member(2), start));
        assert!(last_seen.is_due(member(1), start + WRITE_INTERVAL));
    }

    #[test]
    fn after_a_failure_nothing_is_tried_for_a_while_and_then_it_is() {
        let (last_seen, start) = (LastSeen::default(), Instant::now());
        assert!(last_seen.is_due(member(1), start));
        last_seen.failed(member(1), start);
        assert!(!last_seen.is_due(member(1), start) && !last_seen.is_due(member(2), start));
        let later = start.checked_add(WRITE_PAUSE).unwrap();
        assert!(last_seen.is_due(member(1), later) && last_seen.is_due(member(2), later));
    }
}
