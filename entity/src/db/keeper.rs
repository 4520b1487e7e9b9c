//! The right to remember.
//!
//! Owns: the one connection that holds the lock under which [`ContextCache`] is open. May use: PostgreSQL's
//! connections. Invariant: the cache is open only while this process holds the lock alone, and is closed before the lock is given up.
//!
//! Of all processes on a database one at most remembers; the others read each time. Who wants to change what is remembered
//! waits for the lock (migration `m0022_context_changes`), and is seen waiting within [`LOOK`]. No notification has to arrive.
//! If the connection is lost, and the lock with it, the cache is closed as soon as that shows, within [`TERM`] in any case.

use std::time::{Duration, Instant};

use tokio::{task::JoinHandle, time::sleep};
use tokio_postgres::{Client, Statement};

use super::cache::ContextCache;
use crate::pool::postgres::Address;

/// How often it is looked whether anybody waits for the lock.
const LOOK: Duration = Duration::from_millis(20);

/// How long the cache stays open without a look that has come back.
const TERM: Duration = Duration::from_millis(250);

/// How long the lock is left to those who change something, before it is tried for again.
const PAUSE: Duration = Duration::from_millis(300);

/// How long nothing is tried after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

const TAKE: &str = "SELECT pg_try_advisory_lock(1668493618)";
const GIVE_UP: &str = "SELECT pg_advisory_unlock(1668493618)";
const IS_AWAITED: &str = "\
    SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
    WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.classid = 0 AND l.objid = 1668493618 \
    AND l.objsubid = 1 AND NOT l.granted)";

/// Keeps the lock as long as it lives.
pub(super) struct Keeper(JoinHandle<()>);

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Keeper {
    pub(super) fn new(address: Address, cache: ContextCache) -> Self {
        Self(tokio::spawn(async move {
            let closed = Closed(cache);
            loop {
                if let Err(cause) = keep(&address, &closed.0).await {
                    tracing::debug!(%cause, "nothing is remembered of who may see what until the database answers again");
                }
                closed.0.close();
                sleep(AFTER_FAILURE).await;
            }
        }))
    }
}

/// Whatever ends the task: without it the lock goes, and nobody may remember.
struct Closed(ContextCache);

impl Drop for Closed {
    fn drop(&mut self) {
        self.0.close();
    }
}

async fn keep(address: &Address, cache: &ContextCache) -> Result<(), Lost> {
    let client = address.connect().await?;
    let take = client.prepare(TAKE).await?;
    let give_up = client.prepare(GIVE_UP).await?;
    let is_awaited = client.prepare(IS_AWAITED).await?;
    loop {
        // What is read after this answer is read under the lock; the term counts from before the question.
        let mut asked = Instant::now();
        if is(&client, &take).await? {
            loop {
                cache.open(asked + TERM);
                sleep(LOOK).await;
                asked = Instant::now();
                if tokio::time::timeout(TERM, is(&client, &is_awaited)).await?? {
                    break;
                }
            }
            cache.close();
            is(&client, &give_up).await?;
        }
        sleep(PAUSE).await;
    }
}

async fn is(client: &Client, statement: &Statement) -> Result<bool, tokio_postgres::Error> {
    client.query_one(statement, &[]).await?.try_get(0)
}

/// Why the lock is gone.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error(transparent)]
    Refused(#[from] tokio_postgres::Error),
    #[error("the database takes too long to answer")]
    Slow(#[from] tokio::time::error::Elapsed),
}
