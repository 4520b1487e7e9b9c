//! How long an operation has waited for its turn.
//!
//! Owns: [`Waited`]. May use: nothing. Invariant: a wait that ends in any way is counted: a turn, a refusal, a caller who has gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The sum of an operation's waits. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct DatabaseWait(Arc<AtomicU64>);

/// A wait under way; it ends when this is dropped.
#[must_use = "dropped at once, nothing was waited for"]
pub struct WaitGuard<'a> {
    sum: &'a DatabaseWait,
    since: Instant,
}

impl DatabaseWait {
    /// Begins to wait.
    pub fn begin(&self) -> WaitGuard<'_> {
        WaitGuard { sum: self, since: Instant::now() }
    }

    /// All of it so far.
    #[must_use]
    pub fn so_far(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }
}

impl Drop for WaitGuard<'_> {
    fn drop(&mut self) {
        let micros = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.sum.0.fetch_add(micros, Ordering::Relaxed);
    }
}
