//! The connections, of either database.
//!
//! Owns: the pool and its transactions. May use: sea-orm, tokio-postgres. Invariant: a connection that is handed out carries nothing of
//! whoever had it before: no open transaction, so none of its settings.

pub(crate) mod figures;
pub(crate) mod postgres;
pub(crate) mod replicas;
pub(crate) mod sqlite;
pub(crate) mod timeouts;

use sea_orm::{DbBackend, Statement};

use self::postgres::Before;
use self::replicas::{Lsn, Replicas};
use crate::{Error, row::Row};

/// What a new transaction is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intent {
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

    pub(crate) async fn begin(&self, intent: Intent) -> Result<Transaction, Error> {
        match self {
            Self::Postgres { writer, .. } => Ok(Transaction::Postgres(Box::new(writer.begin(intent)))),
            Self::Sqlite(pool) => Ok(Transaction::Sqlite(Box::new(Box::pin(pool.begin(intent)).await?))),
        }
    }

    /// A transaction for reading what the writer had at `since`, on a replica if one has come so far.
    pub(crate) async fn begin_since(&self, since: &Lsn) -> Result<Transaction, Error> {
        if let Self::Postgres { replicas: Some(replicas), .. } = self
            && let Some(transaction) = Box::pin(replicas.begin(since)).await
        {
            return Ok(Transaction::Postgres(Box::new(transaction)));
        }
        self.begin(Intent::Read).await
    }

    /// One statement by itself, and its rows.
    pub(crate) async fn ask(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        match self {
            Self::Postgres { writer, .. } => Box::pin(writer.ask(statement)).await,
            Self::Sqlite(pool) => Box::pin(pool.ask(statement)).await,
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
    Sqlite(Box<sqlite::Transaction>),
}

impl Transaction {
    pub(crate) fn backend(&self) -> DbBackend {
        match self {
            Self::Postgres(_) => DbBackend::Postgres,
            Self::Sqlite(_) => DbBackend::Sqlite,
        }
    }

    /// On PostgreSQL, sends this before the next statement. Nothing on SQLite, which is told nothing of tenants.
    pub(crate) async fn before(&self, before: Before) {
        if let Self::Postgres(tx) = self {
            tx.before(before).await;
        }
    }

    pub(crate) async fn all(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        match self {
            // Boxed: what waits for a statement is not as large as what sends it.
            Self::Postgres(tx) => Box::pin(tx.all(statement)).await,
            Self::Sqlite(tx) => Box::pin(tx.all(statement)).await,
        }
    }

    pub(crate) async fn one(&self, statement: Statement) -> Result<Option<Row>, Error> {
        match self {
            Self::Postgres(tx) => Ok(Box::pin(tx.all(statement)).await?.into_iter().next()),
            Self::Sqlite(tx) => Box::pin(tx.one(statement)).await,
        }
    }

    /// How many rows it has changed.
    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, Error> {
        match self {
            Self::Postgres(tx) => Box::pin(tx.execute(statement)).await,
            Self::Sqlite(tx) => Box::pin(tx.execute(statement)).await,
        }
    }

    /// A statement of which nothing is asked. On PostgreSQL it goes with the next one, or with the commit, and so does its failure.
    pub(crate) async fn along(&self, statement: Statement) -> Result<(), Error> {
        match self {
            Self::Postgres(tx) => Box::pin(tx.along(statement)).await,
            Self::Sqlite(tx) => Box::pin(tx.execute(statement)).await.map(drop),
        }
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        match self {
            Self::Postgres(tx) => Box::pin(tx.commit()).await,
            Self::Sqlite(tx) => Box::pin(tx.commit()).await,
        }
    }
}
