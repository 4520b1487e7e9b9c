//! Why the writer answered in a replica's place.
//!
//! Owns: the reasons, and how often each applied. May use: nothing. Invariant: figures name a replica by its place in the
//! configuration, never by its address.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Why a replica was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplicaDeclined {
    /// It has not replayed what the writer had committed.
    Behind,
    /// It does not answer, or not in time.
    Away,
    /// It does not replay the writer's log: it is of another cluster, was ahead when another server was promoted or restored, or is no
    /// standby.
    OtherHistory,
    /// It is not known yet whether it replays the writer's log.
    Unverified,
}

impl ReplicaDeclined {
    /// All reasons.
    pub const ALL: [Self; 4] = [Self::Behind, Self::Away, Self::OtherHistory, Self::Unverified];

    /// As metrics and log lines spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Behind => "behind",
            Self::Away => "away",
            Self::OtherHistory => "other_history",
            Self::Unverified => "unverified",
        }
    }

    /// In words, after "the replica".
    pub(super) const fn description(self) -> &'static str {
        match self {
            Self::Behind => "is behind the writer",
            Self::Away => "does not answer in time",
            Self::OtherHistory => "does not replay the writer's log: it has another history, and must be rebuilt",
            Self::Unverified => "is not compared with the writer yet",
        }
    }

    /// How long the replica is left alone after it.
    pub(super) const fn cool_down(self) -> Duration {
        match self {
            Self::Behind => Duration::from_secs(1),
            Self::Away | Self::OtherHistory => Duration::from_secs(5),
            // The comparison is under way.
            Self::Unverified => Duration::ZERO,
        }
    }
}

/// How often a replica was not read, since the start of the process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplicaStats {
    /// For each of [`ReplicaDeclined::ALL`].
    pub declined: Vec<(&'static str, u64)>,
    /// Transactions that were begun on it.
    pub read: u64,
}

/// The counters behind it.
#[derive(Default)]
pub(super) struct Counters {
    behind: AtomicU64,
    away: AtomicU64,
    other_history: AtomicU64,
    unverified: AtomicU64,
    read: AtomicU64,
}

impl Counters {
    fn of(&self, declined: ReplicaDeclined) -> &AtomicU64 {
        match declined {
            ReplicaDeclined::Behind => &self.behind,
            ReplicaDeclined::Away => &self.away,
            ReplicaDeclined::OtherHistory => &self.other_history,
            ReplicaDeclined::Unverified => &self.unverified,
        }
    }

    pub(super) fn declined(&self, declined: ReplicaDeclined) {
        self.of(declined).fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self) {
        self.read.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn stats(&self) -> ReplicaStats {
        let declined = ReplicaDeclined::ALL.map(|reason| (reason.name(), self.of(reason).load(Ordering::Relaxed)));
        ReplicaStats { declined: declined.into(), read: self.read.load(Ordering::Relaxed) }
    }
}
