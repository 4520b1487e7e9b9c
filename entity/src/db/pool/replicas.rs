//! Reading on streaming replicas.
//!
//! Owns: the choice among the replicas. May use: PostgreSQL's connections. Invariant: what is read on a replica is at least as new as all
//! that the writer had committed when the operation was let in, and is of the writer's own history. So no caller misses what they, or
//! anybody else, have written; and no process has to remember what another has written.
//!
//! Who may see what is not read here: membership and grants come from the writer, for each request.

mod breaker;
mod declined;
mod history;
mod replica;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use tokio::time::timeout;

use super::{pool_stats::PoolStats, postgres::Pool};

pub use self::declined::{ReplicaDeclined, ReplicaStats};
use self::replica::Replica;
pub(crate) use self::replica::ReplicaTransaction;

/// How long the start waits until the replicas are compared with the writer. Until they are, the writer answers.
const STARTUP_TIMEOUT: Duration = Duration::from_secs(1);

/// How far the writer was, and which server the writer is: its log position and the time at which it was started, with a space between.
#[derive(Clone, Debug)]
pub(crate) struct Lsn(pub(crate) String);

impl Lsn {
    /// The log position, and the server. None where one is missing.
    fn parts(&self) -> Option<(&str, &str)> {
        self.0.split_once(' ')
    }
}

/// Connections to the replicas. Clones share them.
#[derive(Clone)]
pub(crate) struct Replicas {
    all: Arc<[Arc<Replica>]>,
    next: Arc<AtomicUsize>,
}

impl Replicas {
    /// None without any.
    pub(crate) fn new(pools: Vec<Pool>, writer: &Pool) -> Option<Self> {
        if pools.is_empty() {
            return None;
        }
        let all: Arc<[_]> = pools.into_iter().map(|pool| Arc::new(Replica::new(pool, writer.clone()))).collect();
        Some(Self { all, next: Arc::default() })
    }

    /// Compares each with the writer, for the start: it is waited for no longer than [`AT_START`], and goes on in the background.
    pub(crate) async fn compare(&self) {
        let comparisons: Vec<_> = self.all.iter().map(|replica| replica.verify(None)).collect();
        let _ = timeout(STARTUP_TIMEOUT, join_all(comparisons)).await;
    }

    pub(super) fn pool_stats(&self) -> impl Iterator<Item = PoolStats> {
        self.all.iter().map(|replica| replica.pool_stats())
    }

    pub(super) fn stats(&self) -> Vec<ReplicaStats> {
        self.all.iter().map(|replica| replica.stats()).collect()
    }

    pub(crate) fn close(&self) {
        for replica in &*self.all {
            replica.close();
        }
    }

    /// A transaction on a replica that has all that the writer had at `since`. None if the next in turn has not, or not in time: then the
    /// writer answers.
    pub(crate) async fn begin(&self, since: &Lsn) -> Option<ReplicaTransaction> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let mut in_turn = (0..self.all.len()).filter_map(|step| self.all.get(turn.wrapping_add(step) % self.all.len()));
        // The first that is not left alone at present.
        let replica = in_turn.find(|replica| replica.is_available())?;
        replica.begin(since).await
    }
}
