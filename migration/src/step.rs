//! What a step is: two texts of SQL, and the walls of the tables that it makes.
//!
//! Owns the few words that differ between the databases, and the order in which a step's parts run.
//! Invariant: a step says everything about a table in one place, in SQL that a DBA can read.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::rls::Wall;

/// One step of the schema's history. Once released, a step never changes: a mistake is mended by a next step.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// The file's name, which is also the name in the database's list of applied steps.
    pub(crate) name: &'static str,
    /// Run on both databases, after [`for_database`] has put in the types.
    pub(crate) up: &'static str,
    /// Run on SQLite only, after `up`.
    pub(crate) sqlite_up: &'static str,
    /// Run on PostgreSQL only, after `up` and before the walls.
    pub(crate) postgres_up: &'static str,
    /// The row-level policies of every table that `up` makes.
    pub(crate) walls: &'static [Wall],
    /// Run on SQLite only, before `down`.
    pub(crate) sqlite_down: &'static str,
    /// Run on PostgreSQL only, before `down`.
    pub(crate) postgres_down: &'static str,
    /// Undoes `up`, on both databases.
    pub(crate) down: &'static str,
}

/// The words of a step's SQL that are spelled differently on the two databases: word, PostgreSQL, SQLite.
///
/// `{name}` is a text by which lists are ordered: by its bytes on both databases, whatever the cluster's locale says.
/// `{strict}` ends a table on SQLite, so that a column takes only its own type there too: without it an id
/// written as text would be taken, and never found again by its bytes.
const WORDS: [(&str, &str, &str); 6] = [
    ("{uuid}", "uuid", "blob"),
    ("{time}", "timestamptz", "text"),
    ("{json}", "jsonb", "text"),
    ("{name}", "text collate \"C\"", "text"),
    ("{bool}", "boolean", "integer"),
    (" {strict}", "", " strict"),
];

fn for_database(sql: &str, backend: DbBackend) -> String {
    WORDS.iter().fold(sql.to_owned(), |sql, (word, postgres, sqlite)| {
        sql.replace(word, if backend == DbBackend::Postgres { postgres } else { sqlite })
    })
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let backend = connection.get_database_backend();
        connection.execute_unprepared(&for_database(self.up, backend)).await?;
        if backend == DbBackend::Postgres {
            connection.execute_unprepared(self.postgres_up).await?;
            for wall in self.walls {
                connection.execute_unprepared(&wall.sql()).await?;
            }
        } else {
            connection.execute_unprepared(self.sqlite_up).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared(self.postgres_down).await?;
        } else {
            connection.execute_unprepared(self.sqlite_down).await?;
        }
        connection.execute_unprepared(self.down).await?;
        Ok(())
    }
}
