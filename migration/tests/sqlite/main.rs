//! The migrations on a real SQLite file: up, down, up again; what the schema takes and what it refuses.
//!
//! The same on PostgreSQL, with its row-level policies, is in the project's `tests` crate, which starts a server.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop at the line")]

mod runs;
mod schema;

use std::path::PathBuf;

use migration::up;
use sea_orm_migration::sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

/// A fresh file in the system's temporary folder, gone with the test.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("cs12-migration-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.0.join("a database.sqlite").display())
    }

    async fn open(&self) -> DatabaseConnection {
        // sea-orm wants a url without blanks; the gateway's own connections do not.
        Database::connect(self.url().replace(' ', "%20")).await.unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(DbBackend::Sqlite, sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn migrated(name: &str) -> (File, DatabaseConnection) {
    let file = File::new(name);
    up(&file.url(), None).await.unwrap();
    let db = file.open().await;
    (file, db)
}
