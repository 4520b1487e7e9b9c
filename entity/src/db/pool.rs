//! The connections, of either database.
//!
//! Owns: the pool and its transactions. May use: sea-orm, tokio-postgres. Invariant: a connection that is handed out carries nothing of
//! whoever had it before: no open transaction, so none of its settings.

pub(crate) mod pool_stats;
pub(crate) mod postgres;
pub(crate) mod replicas;
pub(crate) mod sqlite;
pub(crate) mod timeouts;

use futures_util::FutureExt as _;
use sea_orm::{DbBackend, Statement};

use self::postgres::QueuedStatement;
use self::replicas::{Lsn, ReplicaTransaction, Replicas};
use crate::{error::Error, row::Row};

/// What a new transaction is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TxMode {
    Read,
    Write,
}

/// Connections to one database. Clones share them.
#[derive(Clone)]
pub(crate) enum Pool {
    Postgres { writer: postgres::Pool, replicas: Option<Replicas> },
    Sqlite(sqlite::Pool),
}

impl Pool {
    pub(crate) fn backend(&self) -> DbBackend {
        match self {
            Self::Postgres { .. } => DbBackend::Postgres,
            Self::Sqlite(_) => DbBackend::Sqlite,
        }
    }

    pub(crate) fn has_replicas(&self) -> bool {
        matches!(self, Self::Postgres { replicas: Some(_), .. })
    }

    /// Compares the replicas with the writer: before that, none is read.
    pub(crate) async fn compare_replicas(&self) {
        if let Self::Postgres { replicas: Some(replicas), .. } = self {
            replicas.compare().await;
        }
    }

    pub(crate) async fn begin(&self, intent: TxMode) -> Result<Transaction, Error> {
        match self {
            Self::Postgres { writer, .. } => Ok(Transaction::Postgres(Box::new(writer.begin(intent)))),
            Self::Sqlite(pool) => Ok(Transaction::Sqlite(Box::new(pool.begin(intent).boxed().await?))),
        }
    }

    /// A transaction for reading what the writer had at `since`, on a replica if one has come so far.
    pub(crate) async fn begin_at_lsn(&self, since: &Lsn) -> Result<Transaction, Error> {
        if let Self::Postgres { replicas: Some(replicas), .. } = self
            && let Some(transaction) = replicas.begin(since).boxed().await
        {
            return Ok(Transaction::Replica(Box::new(transaction)));
        }
        self.begin(TxMode::Read).await
    }

    /// One statement by itself, and its rows.
    pub(crate) async fn query(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        match self {
            Self::Postgres { writer, .. } => writer.query(statement).boxed().await,
            Self::Sqlite(pool) => pool.query(statement).boxed().await,
        }
    }

    /// Closes the connections of the writer that no transaction has: new ones begin with the settings of now. Nothing on SQLite.
    pub(crate) fn renew(&self) {
        if let Self::Postgres { writer, .. } = self {
            writer.renew();
        }
    }

    /// Ends all connections that nobody uses, and lets nobody have one any more.
    pub(crate) async fn close(self) -> Result<(), Error> {
        match self {
            Self::Postgres { writer, replicas } => {
                writer.close();
                if let Some(replicas) = replicas {
                    replicas.close();
                }
                Ok(())
            }
            Self::Sqlite(pool) => pool.close().await,
        }
    }
}

/// A transaction. Dropped without a commit, it is rolled back.
///
/// On PostgreSQL it begins with its first statement.
pub(crate) enum Transaction {
    Postgres(Box<postgres::Transaction>),
    Replica(Box<ReplicaTransaction>),
    Sqlite(Box<sqlite::Transaction>),
}

impl Transaction {
    pub(crate) fn backend(&self) -> DbBackend {
        match self {
            Self::Postgres(_) | Self::Replica(_) => DbBackend::Postgres,
            Self::Sqlite(_) => DbBackend::Sqlite,
        }
    }

    /// On PostgreSQL, sends this before the next statement. Nothing on SQLite, which is told nothing of tenants.
    pub(crate) async fn enqueue_first(&self, before: QueuedStatement) {
        match self {
            Self::Postgres(tx) => tx.enqueue_first(before).await,
            Self::Replica(tx) => tx.enqueue_first(before).await,
            Self::Sqlite(_) => {}
        }
    }

    pub(crate) async fn query(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        match self {
            // Boxed: what waits for a statement is not as large as what sends it; and the compiler need not look into it, at each place that
            // waits, to see that it may go from thread to thread.
            Self::Postgres(tx) => tx.all(statement).boxed().await,
            Self::Replica(tx) => tx.all(statement).boxed().await,
            Self::Sqlite(tx) => tx.all(statement).boxed().await,
        }
    }

    pub(crate) async fn query_opt(&self, statement: Statement) -> Result<Option<Row>, Error> {
        match self {
            Self::Postgres(tx) => Ok(tx.all(statement).boxed().await?.into_iter().next()),
            Self::Replica(tx) => Ok(tx.all(statement).boxed().await?.into_iter().next()),
            Self::Sqlite(tx) => tx.query_opt(statement).boxed().await,
        }
    }

    /// How many rows it has changed.
    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, Error> {
        match self {
            Self::Postgres(tx) => tx.execute(statement).boxed().await,
            Self::Replica(tx) => tx.execute(statement).boxed().await,
            Self::Sqlite(tx) => tx.execute(statement).boxed().await,
        }
    }

    /// A statement of which nothing is asked. On PostgreSQL it goes with the next one, or with the commit, and so does its failure.
    pub(crate) async fn execute_deferred(&self, statement: Statement) -> Result<(), Error> {
        match self {
            Self::Postgres(tx) => tx.execute_deferred(statement).boxed().await,
            Self::Replica(tx) => tx.execute_deferred(statement).boxed().await,
            Self::Sqlite(tx) => tx.execute(statement).boxed().await.map(drop),
        }
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        match self {
            Self::Postgres(tx) => tx.commit().boxed().await,
            Self::Replica(tx) => tx.commit().boxed().await,
            Self::Sqlite(tx) => tx.commit().boxed().await,
        }
    }
}

/// A statement has failed, its caller went on, and the transaction is to be committed.
fn failed_before() -> Error {
    let words = "a transaction was to be committed in which a statement had failed: it was rolled back";
    Error::Internal(std::sync::Arc::new(std::io::Error::other(words)))
}
