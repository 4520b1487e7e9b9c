//! Opening the pool.
//!
//! Owns: which database an address means. May use: the pool. Invariant: on PostgreSQL every
//! connection acts as the role `cs12_app`, whatever login it was opened with, so that row-level security holds.

use std::{sync::Arc, time::Duration};

use sea_orm::{DbBackend, Statement};

use super::{Db, last_seen::LastSeen};
use crate::{
    db::{
        Recorder, Timeouts,
        figure_cache::FigureCache,
        pool::{
            Pool as AnyPool,
            postgres::{Address, Peer, Pool},
            replicas::Replicas,
            sqlite,
        },
        statement_recorder::Listeners,
    },
    error::Error,
    organization_settings::OrganizationSettings,
};

/// How to open a database.
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub url: String,
    /// A pooler in front of it, which lends out a session for one transaction at a time. PostgreSQL only.
    pub pooler_url: Option<String>,
    /// Its streaming replicas. PostgreSQL only.
    pub replica_urls: Vec<String>,
    /// At most so many connections; and as many to each replica.
    pub max_connections: u32,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
    /// How long a transaction may wait. PostgreSQL only.
    pub timeouts: Timeouts,
    /// What the operator decides about the life of organizations.
    pub organization_settings: OrganizationSettings,
    /// Who listens to the statements; for tests.
    pub recorder: Option<Recorder>,
}

impl ConnectOptions {
    /// The defaults for a database.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            pooler_url: None,
            replica_urls: vec![],
            max_connections: 16,
            acquire_timeout: Duration::from_secs(5),
            timeouts: Timeouts::REQUESTS,
            organization_settings: OrganizationSettings::default(),
            recorder: None,
        }
    }
}

impl Db {
    /// Opens a pool and checks that the database answers, and on PostgreSQL that row-level security cannot be passed.
    pub async fn connect(options: ConnectOptions) -> Result<Self, Error> {
        let pool = if options.url.starts_with("sqlite:") {
            AnyPool::Sqlite(sqlite::Pool::open(&options.url, options.max_connections, options.acquire_timeout).await?)
        } else {
            on_postgres(&options)?
        };
        let listeners = Listeners { recorder: options.recorder, ..Listeners::default() };
        let db = Self {
            pool,
            organization_settings: Arc::new(options.organization_settings),
            listeners,
            figure_cache: FigureCache::default(),
            last_seen: LastSeen::default(),
        };
        db.check_role().await?;
        db.pool.compare_replicas().await;
        Ok(db)
    }

    /// The second wall stands only if the role that the gateway acts as neither owns the tables nor is above the policies.
    async fn check_role(&self) -> Result<(), Error> {
        if self.pool.backend() != DbBackend::Postgres {
            return self.ping().await;
        }
        let sql = "SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) \
                   OR EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user) AS free";
        let rows = self.pool.query(Statement::from_string(DbBackend::Postgres, sql)).await?;
        let free = rows.first().map_or(Ok(true), |row| row.get_by_name("free"))?;
        if free {
            let cause = std::io::Error::other("the role `cs12_app` owns tables or may bypass row-level security");
            return Err(Error::Internal(Arc::new(cause)));
        }
        Ok(())
    }
}

fn on_postgres(options: &ConnectOptions) -> Result<AnyPool, Error> {
    let pool = |role: &str, url: &str, peer| {
        let (most, patience) = (options.max_connections, options.acquire_timeout);
        Pool::new(role, Address::new(url)?, peer, most, patience, options.timeouts)
    };
    let writer = match &options.pooler_url {
        Some(pooler) => pool("the pooler", pooler, Peer::Pooler)?,
        None => pool("the writer", &options.url, Peer::Server)?,
    };
    let replicas = options.replica_urls.iter().map(|url| pool("the replica", url, Peer::Server));
    let replicas = Replicas::new(replicas.collect::<Result<_, _>>()?, &writer);
    Ok(AnyPool::Postgres { writer, replicas })
}
