//! The door.
//!
//! Owns: the pool and the way in. May use: sea-orm. Invariant: the pool is private and has no getter; the only way to a
//! tenant's rows is [`Db::enter`], which reads the caller's membership first.

mod connect;
pub(crate) mod figure_cache;
mod health;
pub(crate) mod last_seen;
mod login;
pub(crate) mod pool;
mod pooler;
pub(crate) mod statement_count;
pub(crate) mod statement_recorder;
pub(crate) mod unscoped_test_build;

pub use figure_cache::{CachedFigure, FigureCacheStats};
pub use pool::pool_stats::{PoolStats, PoolTarget};
pub use pool::replicas::{ReplicaDeclined, ReplicaStats};
pub use pool::timeouts::Timeouts;
pub use statement_count::StatementCount;
pub use statement_recorder::{Purpose, Recorded, Recorder};

pub use connect::ConnectOptions;
pub use health::{Health, WriteStatus};
pub use login::{LoginCheck, LoginReport, RolePower};

use std::sync::Arc;

use sea_orm::Statement;

use self::last_seen::LastSeen;
use crate::{
    db::{figure_cache::FigureCache, pool::Pool, statement_recorder::Listeners},
    error::Error,
    organization_settings::OrganizationSettings,
    row::FromRow,
};

/// A pool of connections. Clones share it.
#[derive(Clone)]
pub struct Db {
    pub(crate) pool: Pool,
    pub(crate) organization_settings: Arc<OrganizationSettings>,
    pub(crate) listeners: Listeners,
    pub(crate) figure_cache: FigureCache,
    pub(crate) last_seen: LastSeen,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Db")
    }
}

impl Db {
    /// The steps that its schema has, as `m0004_doctors`, in no order.
    pub async fn applied_steps(&self) -> Result<Vec<String>, Error> {
        let statement = Statement::from_string(self.pool.backend(), "SELECT version FROM seaql_migrations");
        self.pool.query(statement).await?.iter().map(|row| Ok(row.get_by_name("version")?)).collect()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        self.pool.query(Statement::from_string(self.pool.backend(), "SELECT 1")).await?;
        Ok(())
    }

    /// How often a figure was kept, and how often not.
    #[must_use]
    pub fn figure_cache_stats(&self) -> FigureCacheStats {
        self.figure_cache.stats()
    }

    /// What its pools are doing: the writer's first.
    #[must_use]
    pub fn pool_stats(&self) -> Vec<PoolStats> {
        self.pool.stats()
    }

    /// How often its replicas were read and not read, in the order of the configuration.
    #[must_use]
    pub fn replica_stats(&self) -> Vec<ReplicaStats> {
        self.pool.replica_stats()
    }

    /// The same door for one operation, and how many statements will go through it.
    #[must_use]
    pub fn with_statement_counter(&self) -> (Self, StatementCount) {
        let count = StatementCount::default();
        let listeners = Listeners { count: count.clone(), ..self.listeners.clone() };
        (Self { listeners, ..self.clone() }, count)
    }

    /// Closes all connections.
    pub async fn close(self) -> Result<(), Error> {
        self.pool.close().await
    }

    pub(crate) fn with_pool(
        pool: Pool,
        organization_settings: Arc<OrganizationSettings>,
        listeners: Listeners,
        figure_cache: FigureCache,
    ) -> Self {
        Self { pool, organization_settings, listeners, figure_cache, last_seen: LastSeen::default() }
    }

    pub(crate) fn organization_settings(&self) -> &OrganizationSettings {
        &self.organization_settings
    }

    /// One statement by itself.
    pub(crate) async fn query<R: FromRow>(&self, statement: Statement, purpose: Purpose) -> Result<Vec<R>, Error> {
        self.listeners.sent(&statement.sql, purpose);
        let sql = self.listeners.recorder.as_ref().map(|recorder| (recorder, statement.sql.clone()));
        let rows = self.pool.query(statement).await?;
        if let Some((recorder, sql)) = sql {
            recorder.record_rows(&sql, rows.len());
        }
        rows.iter().map(|row| R::from_row(row).map_err(Error::from)).collect()
    }
}
