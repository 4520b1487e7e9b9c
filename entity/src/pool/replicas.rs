//! Reading elsewhere than where is written.
//!
//! Owns: the replicas and the choice among them. May use: PostgreSQL's connections. Invariant: what is read on a replica is at
//! least as new as all that the writer had committed when the operation was let in. So nobody misses what they themselves, or
//! anybody else, was told to be done; and no process has to remember what another has written.
//!
//! Who may see what is not read here: membership and grants come from the writer, for each request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sea_orm::{DbBackend, Statement};
use tokio::time::{Instant, sleep};

use super::postgres::{Pool, Transaction};
use super::{Intent, figures::PoolFigures};
use crate::Error;

/// A place in the writer's log, as PostgreSQL writes it.
#[derive(Clone, Debug)]
pub(crate) struct Lsn(pub(crate) String);

/// How long a reader waits for a replica to come as far as the writer was; then the writer answers. A replica in the same
/// house is behind by a millisecond or so.
const PATIENCE: Duration = Duration::from_millis(50);

/// How often it is looked.
const LOOK: Duration = Duration::from_millis(2);

/// Connections to the replicas. Clones share them.
#[derive(Clone)]
pub(crate) struct Replicas {
    pools: Arc<[Pool]>,
    next: Arc<AtomicUsize>,
}

impl Replicas {
    /// None without any.
    pub(crate) fn new(pools: Vec<Pool>) -> Option<Self> {
        let some = !pools.is_empty();
        some.then(|| Self { pools: pools.into(), next: Arc::default() })
    }

    pub(super) fn figures(&self) -> impl Iterator<Item = PoolFigures> {
        self.pools.iter().map(Pool::figures)
    }

    pub(crate) fn close(&self) {
        for pool in &*self.pools {
            pool.close();
        }
    }

    /// A transaction on a replica that has all that the writer had at `since`; none if there is none in time.
    pub(crate) async fn begin(&self, since: &Lsn) -> Option<Transaction> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let pool = self.pools.get(turn % self.pools.len())?;
        match begin(pool, since).await {
            Ok(transaction) => transaction,
            Err(cause) => {
                tracing::warn!(%cause, "a replica cannot be read from; the writer answers");
                None
            }
        }
    }
}

async fn begin(pool: &Pool, since: &Lsn) -> Result<Option<Transaction>, Error> {
    let transaction = pool.begin(Intent::Read);
    let until = Instant::now() + PATIENCE;
    // Each statement sees what was there when it began, so those after this one see at least as much.
    let sql = "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn AS has_come";
    loop {
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [since.0.as_str().into()]);
        let rows = transaction.all(statement).await?;
        // Null on a server that replays nothing: it is no replica.
        let has_come: Option<bool> = rows.first().map_or(Ok(None), |row| row.named("has_come"))?;
        if has_come == Some(true) {
            return Ok(Some(transaction));
        }
        if has_come.is_none() || Instant::now() >= until {
            return Ok(None);
        }
        sleep(LOOK).await;
    }
}
