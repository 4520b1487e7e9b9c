//! Opening the database for a command.
//!
//! Owns: the check that nothing is pending, and the hint about PostgreSQL's role. May use: `migration`, the door of
//! `entity`. Invariant: no command works on a schema that this version does not know, but `serve`, on one that only has more.

use std::time::Duration;

use entity::db::{ConnectOptions, Db, LoginCheck, LoginReport, RolePower, Timeouts, WriteStatus};
use migration::{MigrateError, StepState};

use super::error::CliError;
use crate::config::{Config, Database, Limit};

/// How to open the configured database for a command.
pub(super) fn options(config: &Config) -> ConnectOptions {
    ConnectOptions {
        timeouts: Timeouts::COMMANDS,
        max_connections: config.database.max_connections,
        pooler_url: config.database.pooler_url.as_ref().map(|url| url.expose().to_owned()),
        replica_urls: config.database.replica_urls.iter().map(|url| url.expose().to_owned()).collect(),
        organization_settings: config.rules.clone(),
        ..ConnectOptions::new(config.database.url.expose())
    }
}

/// The same for requests: the gateway itself stops a request before the server stops its statement.
fn serving(config: &Config) -> ConnectOptions {
    let longest = Duration::from_millis(config.limits.of(Limit::Time).allowed()) + Duration::from_secs(5);
    let statement = Timeouts::REQUESTS.statement.map(|statement| statement.max(longest));
    ConnectOptions { timeouts: Timeouts { statement, ..Timeouts::REQUESTS }, ..options(config) }
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
    refuse_pooler(config).await?;
    require_current(&config.database).await?;
    open(config, options(config)).await
}

/// Computes by what rows with a name are ordered and found, in all organizations; how many were behind.
pub(super) async fn fill_names(config: &Config) -> Result<u64, CliError> {
    let db = open(config, options(config)).await?;
    let mut names = 0;
    for roll_ups in db.all_roll_ups().await? {
        names += roll_ups.rebuild_names().await?;
    }
    db.close().await?;
    Ok(names)
}

/// The same for serving: there the database may also be newer, since a rollout brings the next version's steps while this one still serves,
/// and starts anew where it has to. They only add (`migration/README.md`).
///
/// A login that can pass row-level security is refused here, and only here: other commands may work as the tables' owner.
pub(super) async fn serve(config: &Config) -> Result<Db, CliError> {
    refuse_pooler(config).await?;
    create_database(&config.database).await?;
    let db = open_to_serve(config).await?;
    check_logins(config).await?;
    match db.health().await?.writes {
        WriteStatus::Taken => {}
        WriteStatus::Standby => tracing::warn!(
            "the database is a standby: queries are answered, mutations are UNAVAILABLE and `/health/ready` says `read-only` \
             until it is promoted; `database.url` should lead to the primary"
        ),
        WriteStatus::ReadOnly | WriteStatus::ReadOnlyFile => tracing::warn!(
            "the database takes no writes: queries are answered, mutations are UNAVAILABLE and `/health/ready` says `read-only`"
        ),
    }
    Ok(db)
}

/// A SQLite file that is not there yet is made: it is this gateway's alone. Whatever exists is migrated by an operator's command, and a
/// database of PostgreSQL, which several gateways may share, in any case.
async fn create_database(database: &Database) -> Result<(), CliError> {
    let url = database.url.expose();
    if migration::is_new_file(url)? {
        let steps = migration::up(url, None).await?.len();
        tracing::info!(steps, "the SQLite database was not there: it was made, with all steps of `gateway migrate up`");
    }
    Ok(())
}

/// The second wall stands only where the login, and every role that it could act as, is subject to it.
async fn check_logins(config: &Config) -> Result<(), CliError> {
    let list = |powers: &[RolePower]| powers.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    for LoginCheck { server, found } in options(config).check_logins().await? {
        match found {
            LoginReport::Sound => {}
            LoginReport::Passes(powers) => return Err(CliError::Login { server, powers: list(&powers) }),
            LoginReport::Suspect(powers) => {
                let powers = list(&powers);
                tracing::warn!(%server, %powers, "the gateway's login can do more than it needs: it should be a member of `cs12_app` alone");
            }
            LoginReport::Unknown(why) => {
                tracing::warn!(%server, %why, "it cannot be told whether the gateway's login passes row-level security");
            }
        }
    }
    Ok(())
}

async fn open_to_serve(config: &Config) -> Result<Db, CliError> {
    match require_current(&config.database).await {
        Err(CliError::Migrate(MigrateError::UnknownSteps)) => {
            let db = open(config, serving(config)).await?;
            let applied = db.applied_steps().await?;
            let pending = migration::names().filter(|step| !applied.iter().any(|one| one == step)).count();
            if pending > 0 {
                return Err(CliError::Pending(pending));
            }
            tracing::warn!("the database has steps of a newer version: this one serves until that one does");
            Ok(db)
        }
        Err(error) => Err(error),
        Ok(()) => open(config, serving(config)).await,
    }
}

/// First of all: what a pooler does with the statements of the other checks is not to be foreseen.
async fn refuse_pooler(config: &Config) -> Result<(), CliError> {
    // A database that does not answer is told by the next check, in its own words.
    if options(config).is_pooled().await.unwrap_or(false) { Err(CliError::Pooler) } else { Ok(()) }
}

async fn open(config: &Config, options: ConnectOptions) -> Result<Db, CliError> {
    Db::connect(options).await.map_err(|error| match error {
        // It has just answered, so it is not away. The pool tries to become `cs12_app` until its patience ends, and then
        // only says that it had no connection in time.
        entity::error::Error::Unavailable(_) if config.database.url.expose().starts_with("postgres") => {
            CliError::Role(error)
        }
        other => other.into(),
    })
}
