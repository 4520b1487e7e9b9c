//! What the database is fit for.
//!
//! Owns: the one statement that asks. May use: the pool. Invariant: a database that takes no writes is not called fit, whether it is a
//! standby, is set so, or is a file that cannot be written to.

use std::time::Duration;

use sea_orm::{DbBackend, Statement};

use super::Db;
use crate::{db::pool::TxMode, error::Error};

/// What a database is fit for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// The steps that its schema has, as `m0004_doctors`, in no order.
    pub steps: Vec<String>,
    /// Whether it takes writes.
    pub writes: WriteStatus,
}

/// Whether a database takes writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteStatus {
    /// It does.
    Taken,
    /// It is a standby: it replays another server's log.
    Standby,
    /// `default_transaction_read_only` is on, for the server, the database or the login.
    ReadOnly,
    /// The file cannot be written to.
    ReadOnlyFile,
}

/// What a session has is of the time at which it began. The stored settings are of now: those of the login come before those of the
/// database (<https://www.postgresql.org/docs/current/sql-alterrole.html>).
const HEALTH_QUERY: &str = "\
    SELECT version, pg_is_in_recovery() AS is_standby, \
           current_setting('transaction_read_only')::boolean AS is_session_read_only, \
           coalesce((SELECT split_part(setting, '=', 2)::boolean \
               FROM pg_db_role_setting stored CROSS JOIN unnest(stored.setconfig) AS setting \
               WHERE stored.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) \
                 AND stored.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user)) \
                 AND split_part(setting, '=', 1) = 'default_transaction_read_only' \
               ORDER BY stored.setrole <> 0 DESC, stored.setdatabase <> 0 DESC LIMIT 1), false) AS is_read_only \
    FROM seaql_migrations";

/// A write that changes no row. `BEGIN IMMEDIATE` alone does not tell: of a read-only file SQLite begins a transaction that only reads
/// (<https://www.sqlite.org/lang_transaction.html>).
const PROBE_WRITE: &str = "UPDATE seaql_migrations SET version = version WHERE false";

/// How long SQLite's write lock is waited for. Where another writer has it, the file can be written to.
const LOCK: Duration = Duration::from_millis(250);

impl Db {
    /// What the database is fit for.
    pub async fn health(&self) -> Result<Health, Error> {
        match self.pool.backend() {
            DbBackend::Postgres => self.health_of_postgres().await,
            _ => Ok(Health { steps: self.applied_steps().await?, writes: self.sqlite_write_status().await? }),
        }
    }

    async fn health_of_postgres(&self) -> Result<Health, Error> {
        let mut health = Health { steps: Vec::new(), writes: WriteStatus::Taken };
        for row in self.pool.query(Statement::from_string(DbBackend::Postgres, HEALTH_QUERY)).await? {
            health.steps.push(row.get_by_name("version")?);
            health.writes = match (
                row.get_by_name("is_standby")?,
                row.get_by_name("is_session_read_only")?,
                row.get_by_name("is_read_only")?,
            ) {
                (true, _, _) => WriteStatus::Standby,
                (false, false, false) => WriteStatus::Taken,
                (false, _, _) => WriteStatus::ReadOnly,
            };
        }
        if health.writes == WriteStatus::ReadOnly {
            // Sessions keep what was set when they began: new ones have what is set now, on or off.
            self.pool.renew();
        }
        Ok(health)
    }

    async fn sqlite_write_status(&self) -> Result<WriteStatus, Error> {
        let write = async {
            let transaction = self.pool.begin(TxMode::Write).await?;
            transaction.execute(Statement::from_string(DbBackend::Sqlite, PROBE_WRITE)).await
        };
        match tokio::time::timeout(LOCK, write).await {
            Ok(Err(cause)) if cause.is_of_a_read_only_file() => Ok(WriteStatus::ReadOnlyFile),
            Ok(Err(cause)) => Err(cause),
            Ok(Ok(_)) | Err(_) => Ok(WriteStatus::Taken),
        }
    }
}
