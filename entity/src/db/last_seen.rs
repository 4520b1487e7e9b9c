//! Which members were written as seen lately.
//!
//! Owns: how often `memberships.last_seen_at` is written, and the pause after a failure. Invariant: memory and concurrent writes are bounded.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use lru::LruCache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::id::MemberId;

/// The same, for what this process has written. A remembered membership still has the time before.
const WRITE_INTERVAL: Duration = Duration::from_hours(1);

/// How long nothing is written after a failure: a database that takes no writes is not asked by each request.
const WRITE_PAUSE: Duration = Duration::from_mins(1);

/// How many are written at once. The others are written with a later request of theirs.
const BATCH_SIZE: usize = 2;

/// Members whose last write is remembered.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// What this process has written lately. Clones share it.
#[derive(Clone)]
pub(crate) struct LastSeen(Arc<Shared>);

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

    /// A place among the writes that run at once; none if all are taken.
    pub(crate) fn slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.slots).try_acquire_owned().ok()
    }

    /// Whether a member is to be written now. If so, it counts as done.
    pub(crate) fn is_due(&self, member: MemberId, now: Instant) -> bool {
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

    pub(crate) fn failed(&self, member: MemberId, now: Instant) {
        let mut state = self.state();
        state.written.pop(&member);
        state.paused_until = Some(now + WRITE_PAUSE);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::id::TypedId;

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
