//! How much is let in.
//!
//! Owns: the limits in force, their verdicts, and how often each was met. May use: the configuration's limits, the library's tree of a document.
//! Invariant: whatever is looked at is looked at in linear time, and before validation, which is not.

mod cost;
mod nesting;
mod scan;
mod size;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

pub(super) use cost::{Estimate, INTROSPECTION, Prices};
pub(super) use scan::scan;
pub(super) use size::{Size, measure};

pub use crate::config::{Beyond, Bound, Limit, Limits};
use crate::reloadable::Reloadable;

/// The limits in force. They may be replaced while operations run.
#[derive(Debug)]
pub struct Bounds {
    limits: Reloadable<Limits>,
    met: [Met; Limit::ALL.len()],
}

/// How often something was beyond a limit.
#[derive(Debug, Default)]
struct Met {
    refused: AtomicU64,
    measured: AtomicU64,
}

impl Bounds {
    /// These limits, from now on.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits: Reloadable::new(limits), met: Limit::ALL.map(|_| Met::default()) }
    }

    /// Those of this moment.
    #[must_use]
    pub fn now(&self) -> Arc<Limits> {
        self.limits.take()
    }

    /// Sets others in their place.
    pub fn replace(&self, limits: Limits) {
        self.limits.put(limits);
    }

    /// Decides about as much of something as this.
    ///
    /// # Errors
    /// How much is allowed, where it is refused.
    pub(crate) fn judge(&self, limit: Limit, found: u64) -> Result<(), u64> {
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
    pub fn met(&self) -> impl Iterator<Item = (Limit, Beyond, u64)> {
        Limit::ALL.into_iter().zip(&self.met).flat_map(|(limit, met)| {
            [(Beyond::Refuse, &met.refused), (Beyond::Measure, &met.measured)]
                .map(|(beyond, count)| (limit, beyond, count.load(Ordering::Relaxed)))
        })
    }
}

#[cfg(test)]
mod tests;
