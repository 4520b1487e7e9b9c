//! How much is let in.
//!
//! Owns: the limits in force, their verdicts, and how often each was met. May use: the configuration's limits, the library's tree of a document.
//! Invariant: whatever is looked at is looked at in linear time, and before validation, which is not.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

pub use crate::config::{Enforcement, Limit, LimitSetting, Limits};
use crate::reloadable::Reloadable;

/// The limits in force. They may be replaced while operations run.
#[derive(Debug)]
pub struct LimitRegistry {
    limits: Reloadable<Limits>,
    met: [LimitHits; Limit::ALL.len()],
}

/// How often something was beyond a limit.
#[derive(Debug, Default)]
struct LimitHits {
    refused: AtomicU64,
    measured: AtomicU64,
}

impl LimitRegistry {
    /// These limits, from now on.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits: Reloadable::new(limits), met: Limit::ALL.map(|_| LimitHits::default()) }
    }

    /// Those of this moment.
    #[must_use]
    pub fn now(&self) -> Arc<Limits> {
        self.limits.load()
    }

    /// Sets others in their place.
    pub fn replace(&self, limits: Limits) {
        self.limits.store(limits);
    }

    /// Decides about as much of something as this.
    ///
    /// # Errors
    /// How much is allowed, where it is refused.
    pub(crate) fn check(&self, limit: Limit, found: u64) -> Result<(), u64> {
        let bound = self.now().of(limit);
        let met = &self.met[limit as usize];
        if found > bound.allowed() {
            met.refused.fetch_add(1, Ordering::Relaxed);
            return Err(bound.most);
        }
        if found > bound.most {
            met.measured.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// How often each limit was met, and what came of it.
    pub fn hits(&self) -> impl Iterator<Item = (Limit, Enforcement, u64)> {
        Limit::ALL.into_iter().zip(&self.met).flat_map(|(limit, met)| {
            [(Enforcement::Refuse, &met.refused), (Enforcement::Measure, &met.measured)]
                .map(|(beyond, count)| (limit, beyond, count.load(Ordering::Relaxed)))
        })
    }
}
