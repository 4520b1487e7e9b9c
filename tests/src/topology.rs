//! By which way a test's gateways reach their database.
//!
//! Owns: reading `TOPOLOGY`, and the one pooler and the one replica of a run. May use: the tests' own servers. Invariant: a road
//! changes nothing of what is asked or answered; the same suites pass on each.
//!
//! `tests/run roads` runs the suites of isolation by each.

use std::sync::OnceLock;

use entity::db::ConnectOptions;
use tokio::sync::OnceCell;

use crate::postgres::{Pooler, Replica, cluster};

/// The roads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topology {
    /// One gateway, one PostgreSQL.
    Direct,
    /// Through a pooler that lends out sessions for a transaction: `TOPOLOGY=pooler`.
    Pooler,
    /// Reading on a streaming replica: `TOPOLOGY=replica`.
    Replica,
    /// Two gateways that take turns: `TOPOLOGY=two`.
    TwoGateways,
}

impl Topology {
    /// The road of this run.
    #[must_use]
    pub fn from_env() -> Self {
        match std::env::var("TOPOLOGY").as_deref() {
            Err(_) => Self::Direct,
            Ok("pooler") => Self::Pooler,
            Ok("replica") => Self::Replica,
            Ok("two") => Self::TwoGateways,
            Ok(other) => {
                panic!("`TOPOLOGY={other}` leads nowhere: `pooler`, `replica` and `two` do, or leave it unset")
            }
        }
    }

    /// The options that reach a database of the tests' cluster by this road.
    pub(crate) async fn connect_options(self, database: &str, options: ConnectOptions) -> ConnectOptions {
        static POOLER: OnceLock<Pooler> = OnceLock::new();
        static REPLICA: OnceCell<Replica> = OnceCell::const_new();
        match self {
            Self::Direct | Self::TwoGateways => options,
            Self::Pooler => {
                // Fewer sessions than a gateway has connections, so that sessions must be shared.
                let pooler = POOLER.get_or_init(|| cluster().pooler(3));
                ConnectOptions { pooler_url: Some(pooler.url(database)), ..options }
            }
            Self::Replica => {
                let replica = REPLICA.get_or_init(|| cluster().replica()).await;
                // The database may be new. If the replica did not have it yet, the gateway would not use the replica
                // for a while.
                replica.catch_up(cluster()).await;
                ConnectOptions { replica_urls: vec![replica.url(database)], ..options }
            }
        }
    }
}
