//! The right to remember.
//!
//! Owns: the one connection that holds the lock under which [`ContextCache`] is open. May use: sqlx. Invariant: the cache is
//! open only while this process holds the lock alone, and is closed before the lock is given up.
//!
//! Of all processes on a database one at most remembers; the others read each time. Who wants to change what is remembered
//! waits for the lock (migration `m0022_context_changes`), and is seen waiting within [`LOOK`]. No notification has to arrive.
//! If the connection is lost, and the lock with it, the cache is closed as soon as that shows, within [`TERM`] in any case.

use std::time::{Duration, Instant};

use sea_orm::sqlx::{self, ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use tokio::{task::JoinHandle, time::sleep};

use super::cache::ContextCache;

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
    pub(super) fn new(options: PgConnectOptions, cache: ContextCache) -> Self {
        Self(tokio::spawn(async move {
            let closed = Closed(cache);
            loop {
                if let Err(cause) = keep(&options, &closed.0).await {
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

async fn keep(options: &PgConnectOptions, cache: &ContextCache) -> Result<(), sqlx::Error> {
    let mut connection = options.connect().await?;
    loop {
        // What is read after this answer is read under the lock; the term counts from before the question.
        let mut asked = Instant::now();
        if is(&mut connection, TAKE).await? {
            loop {
                cache.open(asked + TERM);
                sleep(LOOK).await;
                asked = Instant::now();
                if tokio::time::timeout(TERM, is(&mut connection, IS_AWAITED))
                    .await
                    .map_err(|_| sqlx::Error::PoolTimedOut)??
                {
                    break;
                }
            }
            cache.close();
            is(&mut connection, GIVE_UP).await?;
        }
        sleep(PAUSE).await;
        connection.ping().await?;
    }
}

async fn is(connection: &mut PgConnection, sql: &'static str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(sql).fetch_one(connection).await
}
