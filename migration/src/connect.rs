//! From a database url to one open connection.
//!
//! Owns the reading of the url and the connection's settings. May use sqlx's connection options.
//! Invariant: an error made here names the place and the user, never the password.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use sea_orm_migration::sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm_migration::sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sea_orm_migration::sea_orm::sqlx::{self, ConnectOptions as _, Connection as _};
use sea_orm_migration::sea_orm::{DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector};

use tokio::time::sleep;

use crate::error::{MigrateError, driver_reason};
use crate::in_use::is_busy;

/// How long a server may take to answer the first packet.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// How long one run waits for another that holds SQLite's write lock: longer than any step takes.
const WAIT_FOR_LOCK: Duration = Duration::from_mins(1);

/// Pause before SQLite is opened again after it refused a lock.
const LOCK_RETRY_DELAY: Duration = Duration::from_millis(20);

/// A step asks one thing after another. A run that stands still in the middle of one keeps its locks no longer than this.
const END_WHEN_IDLE: &str = "set idle_in_transaction_session_timeout = '1min'";

/// Whether a SQLite file may come into being.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// `up` makes the file.
    Create,
    /// Everything else needs it to be there.
    Refuse,
}

/// Where a url points to.
pub(crate) enum Target {
    /// A file.
    Sqlite { options: Box<SqliteConnectOptions>, file: PathBuf },
    /// A server, and how to name it in a message.
    Postgres { options: Box<PgConnectOptions>, shown: String },
}

/// Reads a url without opening anything.
pub(crate) fn target(database_url: &str) -> Result<Target, MigrateError> {
    let not_a_url = || MigrateError::NotADatabaseUrl { shown: shown(database_url) };
    if database_url.starts_with("sqlite:") {
        let options: SqliteConnectOptions = database_url.parse().map_err(|_| not_a_url())?;
        let file = options.get_filename().to_path_buf();
        let in_memory = database_url.contains(":memory:") || database_url.contains("mode=memory");
        if in_memory {
            return Err(MigrateError::InMemory);
        }
        if file.as_os_str().is_empty() {
            return Err(not_a_url());
        }
        let options = Box::new(options);
        return Ok(Target::Sqlite { options, file });
    }
    if database_url.starts_with("postgres://") || database_url.starts_with("postgresql://") {
        let options: PgConnectOptions = database_url.parse().map_err(|_| not_a_url())?;
        let database = options.get_database().unwrap_or(options.get_username());
        let shown = match options.get_socket() {
            Some(socket) => format!("{}/{database}", socket.display()),
            None => format!("{}:{}/{database}", options.get_host(), options.get_port()),
        };
        let options = Box::new(options);
        return Ok(Target::Postgres { options, shown });
    }
    Err(not_a_url())
}

/// Opens the one connection that a run works on.
pub(crate) async fn open(target: Target, missing: Missing) -> Result<DatabaseConnection, MigrateError> {
    match target {
        Target::Sqlite { options, file } => sqlite(*options, file, missing).await,
        Target::Postgres { options, shown } => postgres(*options, shown).await,
    }
}

async fn sqlite(
    options: SqliteConnectOptions,
    file: PathBuf,
    missing: Missing,
) -> Result<DatabaseConnection, MigrateError> {
    let options = options
        .create_if_missing(missing == Missing::Create)
        .foreign_keys(true)
        .busy_timeout(WAIT_FOR_LOCK)
        .disable_statement_logging();
    let options = match missing {
        // WAL is a property of the file: the one who makes the file decides it.
        Missing::Create => options.journal_mode(SqliteJournalMode::Wal),
        Missing::Refuse => options,
    };
    // SQLite does not wait for the lock that a change of the journal mode needs: runs that create one file at once meet here.
    let until = Instant::now() + WAIT_FOR_LOCK;
    let pool = loop {
        let pool = SqlitePoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        match pool.connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && Instant::now() < until => sleep(LOCK_RETRY_DELAY).await,
            pool => break pool,
        }
    };
    let pool = pool.map_err(|error| MigrateError::Unreachable {
        target: file.display().to_string(),
        reason: driver_reason(&error),
    })?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

async fn postgres(options: PgConnectOptions, shown: String) -> Result<DatabaseConnection, MigrateError> {
    let options = options.disable_statement_logging();
    // A pool repeats a refused connection until its timeout and then forgets the reason: knock once by hand.
    let knock = tokio::time::timeout(ANSWER_WITHIN, options.connect()).await;
    let knock = knock.unwrap_or(Err(sqlx::Error::PoolTimedOut));
    let connection = knock.map_err(|error| login_error(&error, &options, &shown))?;
    drop(connection.close().await);

    let pool = PgPoolOptions::new()
        .max_connections(1)
        // No task that looks after idle connections: see how the store opens its pool.
        .max_lifetime(None)
        .idle_timeout(None)
        .acquire_timeout(ANSWER_WITHIN)
        .after_connect(|connection, _| {
            Box::pin(async move { sqlx::Executor::execute(connection, END_WHEN_IDLE).await.map(drop) })
        })
        .connect_with(options.clone())
        .await
        .map_err(|error| login_error(&error, &options, &shown))?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

fn login_error(error: &sqlx::Error, options: &PgConnectOptions, shown: &str) -> MigrateError {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    let target = shown.to_owned();
    let reason = driver_reason(error);
    // SQLSTATE class 28: invalid authorization. All else (no such database, starting up) is not about the login.
    if code.is_some_and(|code| code.starts_with("28")) {
        let user = options.get_username().to_owned();
        return MigrateError::Refused { target, user, reason };
    }
    // PgBouncer's words for a parameter that PostgreSQL knows.
    if reason.contains("unsupported startup parameter") {
        return MigrateError::Pooler { target };
    }
    MigrateError::Unreachable { target, reason }
}

/// As much of a wrong url as cannot hold a password: its scheme, or a text without `@` and `:`.
fn shown(database_url: &str) -> String {
    if database_url.is_empty() {
        return "it is empty".to_owned();
    }
    let is_plain = |text: &str| !text.contains(['@', ':', '=']);
    match database_url.split_once("://") {
        Some((scheme, _)) if is_plain(scheme) => format!("`{scheme}://…`"),
        None if is_plain(database_url) => format!("`{database_url}`"),
        _ => "it has no known scheme".to_owned(),
    }
}
