//! Connections to SQLite.
//!
//! Owns: the pool, its transactions, and how a statement is stopped. May use: sea-orm, deadpool. Invariant: a connection whose statement
//! nobody waits for any more goes on only until SQLite next looks whether it shall, and is then rolled back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use deadpool::{
    Runtime,
    managed::{Manager, Metrics, Object, Pool as Slots, RecycleResult, Timeouts},
};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use super::{TxMode, pool_stats::PoolStats};
use crate::{error::Error, row::Row};

/// How many instructions of SQLite's machine are run before it looks whether it shall go on: about a tenth of a millisecond.
const PROGRESS_INSTRUCTIONS: i32 = 10_000;

/// How long a writer waits for another to end.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Clones share the connections.
#[derive(Clone)]
pub(crate) struct Pool(Slots<ConnectionManager>);

/// Opens connections, each in a pool of its own: sea-orm does not tell which connection of a pool a transaction has.
struct ConnectionManager {
    url: String,
    patience: Duration,
}

struct Slot {
    connection: DatabaseConnection,
    stop: Arc<AtomicBool>,
}

impl Manager for ConnectionManager {
    type Type = Slot;
    type Error = DbErr;

    async fn create(&self) -> Result<Slot, DbErr> {
        let stop = Arc::new(AtomicBool::new(false));
        let stops = Arc::clone(&stop);
        let mut options = ConnectOptions::new(self.url.clone());
        options
            .max_connections(1)
            .acquire_timeout(self.patience)
            // Without these two the pool has no task that looks after idle connections. Seen with sqlx 0.9.0: that task
            // counts them while others come and go, may count below zero, and then burns a core for ever.
            .max_lifetime(None::<Duration>)
            .idle_timeout(None::<Duration>)
            // Both cost a round trip or a line for each statement.
            .sqlx_logging(false)
            .test_before_acquire(false)
            .map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Normal)
                    .foreign_keys(true)
                    .busy_timeout(BUSY_TIMEOUT)
            })
            .map_sqlx_sqlite_pool_opts(move |options| {
                let stops = Arc::clone(&stops);
                options.after_connect(move |connection, _| {
                    let stops = Arc::clone(&stops);
                    Box::pin(async move {
                        let goes_on = move || !stops.load(Ordering::Relaxed);
                        connection.lock_handle().await?.set_progress_handler(PROGRESS_INSTRUCTIONS, goes_on);
                        Ok(())
                    })
                })
            });
        // Boxed: to open is rare, and large.
        Ok(Slot { connection: Box::pin(Database::connect(options)).await?, stop })
    }

    async fn recycle(&self, _: &mut Slot, _: &Metrics) -> RecycleResult<DbErr> {
        Ok(())
    }
}

impl Pool {
    /// Opens the file, and with it the first connection.
    pub(crate) async fn open(url: &str, max_connections: u32, patience: Duration) -> Result<Self, Error> {
        let opens = ConnectionManager { url: url.to_owned(), patience };
        let slots = Slots::builder(opens)
            .max_size(max_connections as usize)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts { wait: Some(patience), create: None, recycle: None })
            .build()
            .map_err(|cause| Error::Internal(Arc::new(cause)))?;
        let pool = Self(slots);
        drop(pool.slot().await?);
        Ok(pool)
    }

    async fn slot(&self) -> Result<Object<ConnectionManager>, Error> {
        use deadpool::managed::PoolError;
        self.0.get().await.map_err(|cause| match cause {
            PoolError::Backend(cause) => Error::from(cause),
            other => Error::Unavailable(Arc::new(std::io::Error::other(other.to_string()))),
        })
    }

    pub(super) async fn begin(&self, intent: TxMode) -> Result<Transaction, Error> {
        let slot = self.slot().await?;
        // A deferred transaction that turns into a writer is refused at once when another writes; an immediate one waits its turn.
        let mode = match intent {
            TxMode::Read => SqliteTransactionMode::Deferred,
            TxMode::Write => SqliteTransactionMode::Immediate,
        };
        let options = TransactionOptions { sqlite_transaction_mode: Some(mode), ..Default::default() };
        let connection = slot.connection.clone();
        // In a task of its own, which is waited for whatever becomes of the request. Seen with sqlx 0.9.0: a BEGIN that is given
        // up while its answer is on the way is forgotten, and its connection goes back to the pool with an open transaction.
        let begun = tokio::spawn(async move { connection.begin_with_options(options).await }).await;
        let begun = begun.map_err(|lost| Error::Internal(Arc::new(lost)))??;
        // Whatever was to be stopped has ended: the BEGIN came behind it.
        slot.stop.store(false, Ordering::Relaxed);
        Ok(Transaction { begun: Some(begun), slot, under_way: AtomicUsize::new(0), has_failed: AtomicBool::new(false) })
    }

    /// What its connections are doing.
    pub(super) fn stats(&self) -> PoolStats {
        PoolStats::of(&self.0.status())
    }

    /// One statement by itself, and its rows.
    pub(super) async fn query(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        let slot = self.slot().await?;
        Ok(slot.connection.query_all_raw(statement).await?.into_iter().map(Row::Sqlite).collect())
    }

    /// Ends all connections that nobody uses, and lets nobody have one any more.
    pub(super) async fn close(self) -> Result<(), Error> {
        // Before the pool is closed, which would let go of them without waiting: the last one folds the log into the file.
        let idle = self.0.retain(|_, _| false).removed;
        self.0.close();
        for slot in idle {
            slot.connection.close().await?;
        }
        Ok(())
    }
}

/// Dropped without a commit, it is rolled back.
pub(crate) struct Transaction {
    /// None once it was committed.
    begun: Option<DatabaseTransaction>,
    slot: Object<ConnectionManager>,
    /// Statements whose answer was not read to its end.
    under_way: AtomicUsize,
    has_failed: AtomicBool,
}

impl Transaction {
    async fn run<T>(&self, asks: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T, DbErr>) -> Result<T, Error> {
        let over = || Error::Unavailable(Arc::new(std::io::Error::other("the transaction is over")));
        let begun = self.begun.as_ref().ok_or_else(over)?;
        self.under_way.fetch_add(1, Ordering::Relaxed);
        let done = asks(begun).await;
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        if done.is_err() {
            self.has_failed.store(true, Ordering::Relaxed);
        }
        Ok(done?)
    }

    pub(super) async fn all(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        let rows = self.run(async |begun| begun.query_all_raw(statement).await).await?;
        Ok(rows.into_iter().map(Row::Sqlite).collect())
    }

    pub(super) async fn query_opt(&self, statement: Statement) -> Result<Option<Row>, Error> {
        Ok(self.run(async |begun| begun.query_one_raw(statement).await).await?.map(Row::Sqlite))
    }

    /// How many rows it has changed.
    pub(super) async fn execute(&self, statement: Statement) -> Result<u64, Error> {
        Ok(self.run(async |begun| begun.execute_raw(statement).await).await?.rows_affected())
    }

    /// # Errors
    /// Also where a statement had failed, as on PostgreSQL: nothing of the transaction is kept.
    pub(super) async fn commit(mut self) -> Result<(), Error> {
        if *self.has_failed.get_mut() {
            return Err(super::failed_before());
        }
        match self.begun.take() {
            Some(begun) => Ok(begun.commit().await?),
            None => Ok(()),
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if *self.under_way.get_mut() > 0 {
            self.slot.stop.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests;
