//! Opening the pool.
//!
//! Owns: the settings of both databases. May use: sea-orm, sqlx's options. Invariant: on PostgreSQL every connection acts
//! as the role `cs12_app`, whatever login it was opened with, so that row-level security holds.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    ConnectOptions as PoolOptions, ConnectionTrait, Database, DbBackend, Statement,
    sqlx::{
        Executor,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

use super::Db;
use crate::{Error, Recorder, Rules};

/// How to open a database.
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub url: String,
    /// At most so many connections.
    pub max_connections: u32,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
    /// What the operator decides about the life of organizations.
    pub rules: Rules,
    /// Who listens to the statements; for tests.
    pub recorder: Option<Recorder>,
}

impl ConnectOptions {
    /// The defaults for a database.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 16,
            acquire_timeout: Duration::from_secs(5),
            rules: Rules::default(),
            recorder: None,
        }
    }
}

/// What a connection to PostgreSQL begins with. The second: a prepared statement is planned once. Ours have one shape for any
/// number of ids, in an array, of which PostgreSQL thinks it should look at each anew: that took longer than to find 40 rows.
const AT_FIRST: &str = "SET ROLE cs12_app; SET plan_cache_mode = force_generic_plan";

impl Db {
    /// Opens a pool and checks that the database answers, and on PostgreSQL that row-level security cannot be passed.
    pub async fn connect(options: ConnectOptions) -> Result<Self, Error> {
        let mut pool = PoolOptions::new(options.url);
        pool.max_connections(options.max_connections)
            .acquire_timeout(options.acquire_timeout)
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
                    .busy_timeout(Duration::from_secs(10))
            })
            .map_sqlx_postgres_pool_opts(|postgres| {
                postgres.after_connect(|connection, _| {
                    Box::pin(async move { connection.execute(AT_FIRST).await.map(|_| ()) })
                })
            });
        let connection = Database::connect(pool).await?;
        let db = Self { connection, rules: Arc::new(options.rules), recorder: options.recorder };
        db.check_role().await?;
        Ok(db)
    }

    /// The second wall stands only if the role neither owns the tables nor is above the policies.
    async fn check_role(&self) -> Result<(), Error> {
        if self.connection.get_database_backend() != DbBackend::Postgres {
            return self.ping().await;
        }
        let sql = "SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) \
                   OR EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user) AS free";
        let row = self.connection.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        let free = row.map_or(Ok(true), |row| row.try_get::<bool>("", "free"))?;
        if free {
            let cause = std::io::Error::other("the role `cs12_app` owns tables or may bypass row-level security");
            return Err(Error::Internal(Arc::new(cause)));
        }
        Ok(())
    }
}
