//! A database for each test, seeded with the world.
//!
//! Owns: fast creation of databases: the world is seeded once for each kind and then copied. Invariant: no two tests
//! share a database.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection};
use tokio::sync::OnceCell;

use crate::{
    Topology,
    isolation::{IsolationLayers, disable_row_level_security},
    postgres::cluster,
    world::World,
};

/// The two databases that the gateway runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The embedded database.
    Sqlite,
    /// The database of production.
    Postgres,
}

impl Kind {
    /// Both kinds; only PostgreSQL if one of the walls is down or a road other than the direct one is used.
    pub const ALL: Kinds = Kinds;
}

/// The kinds of database that a test runs on.
#[derive(Clone, Copy, Debug)]
pub struct Kinds;

impl IntoIterator for Kinds {
    type Item = Kind;
    type IntoIter = std::vec::IntoIter<Kind>;

    fn into_iter(self) -> Self::IntoIter {
        match (IsolationLayers::from_env(), Topology::from_env()) {
            (IsolationLayers::Both, Topology::Direct) => vec![Kind::Sqlite, Kind::Postgres],
            // SQLite has one wall and one road.
            (
                IsolationLayers::Both
                | IsolationLayers::OnlyRowLevelSecurity
                | IsolationLayers::OnlyScope
                | IsolationLayers::None,
                _,
            ) => vec![Kind::Postgres],
        }
        .into_iter()
    }
}

/// One database.
pub struct Database {
    /// Kind of the database.
    pub kind: Kind,
    /// URL of the database; on PostgreSQL, a superuser's.
    pub url: String,
    folder: Option<tempfile::TempDir>,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

fn next_name() -> String {
    format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

impl Database {
    /// A database with all tables and no rows.
    pub async fn empty(kind: Kind) -> Self {
        static POSTGRES: OnceCell<()> = OnceCell::const_new();
        match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().expect("make a folder");
                let url = format!("sqlite://{}", folder.path().join("test.sqlite").display());
                migration::up(&url, None).await.expect("migrate SQLite");
                Self { kind, url, folder: Some(folder) }
            }
            Kind::Postgres => {
                POSTGRES
                    .get_or_init(|| async {
                        admin("CREATE DATABASE empty_template").await;
                        migration::up(&cluster().url("empty_template"), None).await.expect("migrate PostgreSQL");
                        if !IsolationLayers::from_env().has_row_level_security() {
                            disable_row_level_security(&connect(&cluster().url("empty_template")).await).await;
                        }
                    })
                    .await;
                Self::copy_of("empty_template").await
            }
        }
    }

    /// A database with the mirrored world.
    pub async fn world(kind: Kind) -> Self {
        static SQLITE: OnceCell<PathBuf> = OnceCell::const_new();
        static POSTGRES: OnceCell<()> = OnceCell::const_new();
        match kind {
            Kind::Sqlite => {
                let template = SQLITE
                    .get_or_init(|| async {
                        let made = Self::empty(kind).await;
                        let connection = made.connect().await;
                        World::rows(&connection).await;
                        made.roll_up().await;
                        World::log(&connection).await;
                        // Closing the last connection writes the write-ahead log into the database file, and only that
                        // file is copied.
                        connection.close().await.expect("close the template");
                        let folder = made.folder.expect("SQLite has a folder").keep();
                        folder.join("test.sqlite")
                    })
                    .await;
                let folder = tempfile::tempdir().expect("make a folder");
                let file = folder.path().join("test.sqlite");
                std::fs::copy(template, &file).expect("copy the world");
                Self { kind, url: format!("sqlite://{}", file.display()), folder: Some(folder) }
            }
            Kind::Postgres => {
                POSTGRES
                    .get_or_init(|| async {
                        let empty = Self::empty(kind).await;
                        let connection = empty.connect().await;
                        World::rows(&connection).await;
                        empty.roll_up().await;
                        World::log(&connection).await;
                        connection.close().await.expect("close the template");
                        let name = empty
                            .url
                            .split('?')
                            .next()
                            .and_then(|url| url.rsplit('/').next())
                            .expect("a name")
                            .to_owned();
                        admin(&format!("ALTER DATABASE {name} RENAME TO world_template")).await;
                    })
                    .await;
                Self::copy_of("world_template").await
            }
        }
    }

    async fn copy_of(template: &str) -> Self {
        let name = next_name();
        admin(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Self { kind: Kind::Postgres, url: cluster().url(&name), folder: None }
    }

    /// Builds the roll-ups of rows that were written without the store.
    pub async fn roll_up(&self) {
        let options =
            entity::db::ConnectOptions { max_connections: 1, ..entity::db::ConnectOptions::new(self.url.clone()) };
        let db = entity::db::Db::connect(options).await.expect("open the store");
        for roll_ups in db.all_roll_ups().await.expect("find the organizations") {
            roll_ups.rebuild().await.expect("make the roll-ups");
        }
        db.close().await.expect("close the store");
    }

    /// A connection that bypasses both walls, for seeding and inspection.
    pub async fn connect(&self) -> DatabaseConnection {
        connect(&self.url).await
    }
}

/// A connection that bypasses both walls.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    // Without a background task for idle connections; see how the store opens its pool.
    options.max_lifetime(None::<Duration>).idle_timeout(None::<Duration>);
    sea_orm::Database::connect(options).await.expect("connect to the test's database")
}

/// Copies of a template run one at a time: PostgreSQL refuses a copy while any session is connected to the template.
async fn admin(sql: &str) {
    static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _one = ONE.lock().await;
    let connection = connect(&cluster().url("postgres")).await;
    for _ in 0..50 {
        match connection.execute_unprepared(sql).await {
            Ok(_) => {
                connection.close().await.expect("close");
                return;
            }
            // A pool that was just closed may hold its last connection for a moment.
            Err(error) if error.to_string().contains("being accessed by other users") => {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            Err(error) => panic!("`{sql}` failed: {error}"),
        }
    }
    panic!("`{sql}` never found its template alone");
}
