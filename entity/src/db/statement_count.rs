//! How many statements one operation has sent: for those who watch over it.
//!
//! Owns: the number. May use: nothing. Invariant: it counts what the recorder would see, by one addition each.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// A shared number of statements; clones share it.
#[derive(Clone, Debug, Default)]
pub struct StatementCount(Arc<AtomicU64>);

impl StatementCount {
    /// One more was sent.
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Those that were sent so far.
    #[must_use]
    pub fn so_far(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
