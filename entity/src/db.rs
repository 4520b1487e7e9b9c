//! The door.
//!
//! Owns: the pool and the way in. May use: sea-orm. Invariant: the pool is private and has no getter; the only way to a
//! tenant's rows is [`Db::enter`], which reads the caller's membership first.

mod connect;
mod enter;
mod run_as;
mod told;

pub use connect::ConnectOptions;
pub use enter::{Closed, Entry, Person, Selector};

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use crate::{
    Error, Recorder, Rules,
    recorder::Purpose,
    session::{Intent, Tx},
};

/// A pool of connections. Clones share it.
#[derive(Clone)]
pub struct Db {
    connection: DatabaseConnection,
    rules: Arc<Rules>,
    recorder: Option<Recorder>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Db")
    }
}

impl Db {
    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        let backend = self.connection.get_database_backend();
        self.connection.query_one_raw(Statement::from_string(backend, "SELECT 1")).await?;
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(self) -> Result<(), Error> {
        Ok(self.connection.close().await?)
    }

    pub(crate) fn over(connection: DatabaseConnection, rules: Arc<Rules>, recorder: Option<Recorder>) -> Self {
        Self { connection, rules, recorder }
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    pub(crate) async fn begin(&self, intent: Intent, purpose: Purpose) -> Result<Tx, Error> {
        Tx::begin(&self.connection, intent, self.recorder.clone(), purpose).await
    }
}
