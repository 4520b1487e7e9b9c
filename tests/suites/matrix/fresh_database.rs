//! Worlds to be changed.
//!
//! Owns: a fresh world with a gateway on it, what it holds, and its end. Invariant: a half of the world
//! that somebody has changed is not used again.

use std::collections::BTreeMap;

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection};
use tests::{Actor, Database, Gateway, Kind, dump::dump, postgres::cluster};

/// All rows, by table.
pub(crate) type Rows = BTreeMap<String, Vec<String>>;

/// A world of one's own.
pub(crate) struct Pristine {
    pub(crate) gateway: Gateway,
    connection: DatabaseConnection,
    database: Database,
    rows: Rows,
    /// Whether somebody has changed A, and B.
    changed: [bool; 2],
}

impl Pristine {
    pub(crate) async fn new(kind: Kind) -> Self {
        let database = Database::world(kind).await;
        let gateway = Gateway::with_connections(&database, 2).await;
        let connection = database.connect().await;
        let rows = dump(&connection).await;
        Self { gateway, connection, database, rows, changed: [false; 2] }
    }

    /// Whether the actor's organization is as it was made.
    pub(crate) fn is_fresh_for(&self, actor: Actor) -> bool {
        !self.changed[usize::from(actor.may_see_b())]
    }

    /// What it held before the actor's turn, and what it holds now.
    pub(crate) async fn look(&mut self, actor: Actor) -> (Rows, Rows) {
        let before = std::mem::replace(&mut self.rows, dump(&self.connection).await);
        if before != self.rows {
            self.changed[usize::from(actor.may_see_b())] = true;
        }
        (before, self.rows.clone())
    }

    /// Gives the disk back: the matrix makes some hundred worlds.
    pub(crate) async fn end(self) {
        let Self { gateway, connection, database, rows: _, changed: _ } = self;
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
