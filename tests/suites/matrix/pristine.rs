//! Worlds to be changed.
//!
//! Owns: a fresh world with a gateway on it, what it holds, and its end. Invariant: a world that anybody has changed is not
//! used again.

use std::collections::BTreeMap;

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection};
use tests::{Database, Gateway, Kind, dump::dump, postgres::cluster};

/// All rows, by table.
pub(crate) type Rows = BTreeMap<String, Vec<String>>;

/// A world of one's own.
pub(crate) struct Pristine {
    pub(crate) gateway: Gateway,
    connection: DatabaseConnection,
    database: Database,
}

impl Pristine {
    pub(crate) async fn new(kind: Kind) -> Self {
        let database = Database::world(kind).await;
        let gateway = Gateway::with_connections(&database, 2).await;
        let connection = database.connect().await;
        Self { gateway, connection, database }
    }

    /// What it holds now.
    pub(crate) async fn rows(&self) -> Rows {
        dump(&self.connection).await
    }

    /// Gives the disk back: the matrix makes some hundred worlds.
    pub(crate) async fn end(self) {
        let Self { gateway, connection, database } = self;
        drop(gateway);
        connection.close().await.expect("close the looking connection");
        if database.kind == Kind::Postgres {
            let name = database.url.split('?').next().and_then(|url| url.rsplit('/').next()).expect("a name");
            let mut options = ConnectOptions::new(cluster().url("postgres"));
            options.max_connections(1).sqlx_logging(false);
            let server = sea_orm::Database::connect(options).await.expect("connect to the server");
            let dropped = server.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
            dropped.expect("drop a database that was used up");
            server.close().await.expect("close");
        }
    }
}
