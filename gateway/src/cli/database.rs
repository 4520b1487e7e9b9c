//! Opening the database for a command.
//!
//! Owns: the check that nothing is pending, and the hint about PostgreSQL's role. May use: `migration`, the door of
//! `entity`. Invariant: no command works on a schema that this version does not know.

use entity::{ConnectOptions, Db};
use migration::StepState;

use super::error::CliError;
use crate::config::{Config, Database};

/// How to open the configured database.
pub(super) fn options(config: &Config) -> ConnectOptions {
    ConnectOptions {
        max_connections: config.database.max_connections,
        memory: config.database.memory,
        pooler_url: config.database.pooler_url.as_ref().map(|url| url.expose().to_owned()),
        replica_urls: config.database.replica_urls.iter().map(|url| url.expose().to_owned()).collect(),
        rules: config.rules.clone(),
        ..ConnectOptions::new(config.database.url.expose())
    }
}

/// Refuses a database that lacks steps, or has steps of a newer version.
pub(super) async fn require_current(database: &Database) -> Result<(), CliError> {
    let steps = migration::status(database.url.expose()).await?;
    match steps.iter().filter(|step| step.state == StepState::Pending).count() {
        0 => Ok(()),
        pending => Err(CliError::Pending(pending)),
    }
}

/// Opens a database that is current.
pub(super) async fn connect(config: &Config) -> Result<Db, CliError> {
    require_current(&config.database).await?;
    Db::connect(options(config)).await.map_err(|error| match error {
        // It has just answered, so it is not away. The pool tries to become `cs12_app` until its patience ends, and then
        // only says that it had no connection in time.
        entity::Error::Unavailable(_) if config.database.url.expose().starts_with("postgres") => CliError::Role(error),
        other => other.into(),
    })
}
