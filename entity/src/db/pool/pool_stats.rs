//! What a pool of connections is doing.
//!
//! Owns: the figures of each pool. May use: what the pools tell of themselves. Invariant: numbers only; no address, no login.

use deadpool::Status;

use super::{
    Pool,
    replicas::{ReplicaStats, Replicas},
};

/// The connections of one pool, at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolStats {
    /// What they are for.
    pub to: PoolTarget,
    /// So many may be open.
    pub most: u32,
    /// So many are open.
    pub open: u32,
    /// So many of the open ones are used by nobody.
    pub idle: u32,
    /// So many wait for one.
    pub waiting: u32,
}

/// What a pool's connections lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolTarget {
    /// Where is written, and read.
    Writer,
    /// The replica of this place in the configuration, from 0.
    Replica(u32),
}

impl PoolStats {
    /// As the pool itself tells. As the only one it is the writer's.
    pub(super) fn of(status: &Status) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            to: PoolTarget::Writer,
            most: count(status.max_size),
            open: count(status.size),
            idle: count(status.available),
            waiting: count(status.waiting),
        }
    }
}

impl Pool {
    /// How often each replica was read and not read, in the order of the configuration.
    pub(crate) fn replica_stats(&self) -> Vec<ReplicaStats> {
        match self {
            Self::Postgres { replicas: Some(replicas), .. } => replicas.stats(),
            Self::Postgres { replicas: None, .. } | Self::Sqlite(_) => Vec::new(),
        }
    }

    /// The writer's first.
    pub(crate) fn stats(&self) -> Vec<PoolStats> {
        match self {
            Self::Sqlite(pool) => vec![pool.stats()],
            Self::Postgres { writer, replicas } => {
                let replicas = replicas.iter().flat_map(Replicas::pool_stats).zip(0..);
                let replicas = replicas.map(|(figures, place)| PoolStats { to: PoolTarget::Replica(place), ..figures });
                [writer.stats()].into_iter().chain(replicas).collect()
            }
        }
    }
}
