//! What can go wrong while the schema changes, in words for the person at the terminal.
//!
//! Owns [`MigrateError`] and the translation of the driver's errors into it. Invariant: no text made here
//! holds a password, a statement or the name of a Rust type.

use sea_orm_migration::sea_orm::{DbErr, RuntimeErr, sqlx};

/// Why the schema could not be changed or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// The text is not an address of a database that the gateway knows.
    #[error("not a database url: {shown}; expected `sqlite://path` or `postgres://user@host/database`")]
    NotADatabaseUrl {
        /// The part that is safe to repeat: never more than the scheme, or a text that cannot hold a password.
        shown: String,
    },
    /// An in-memory database ends with the connection that made it, so its schema cannot outlive this call.
    #[error("an in-memory database cannot be migrated: name a file, as in `sqlite://cs12.sqlite`")]
    InMemory,
    /// Nothing answers at the address.
    #[error("cannot reach the database `{target}`: {reason}")]
    Unreachable {
        /// Host, port and database, or the file. Never a password.
        target: String,
        /// The operating system's or the server's reason.
        reason: String,
    },
    /// The server answered and refused the login.
    #[error("the database `{target}` refused the login of `{user}`: {reason}")]
    Refused {
        /// Host, port and database.
        target: String,
        /// The user that was refused.
        user: String,
        /// The server's reason.
        reason: String,
    },
    /// The server behind the address is a pooler.
    #[error(
        "the database `{target}` is behind a pooler: give that as `database.pooler_url`, and in `database.url` the address of \
         PostgreSQL itself"
    )]
    Pooler {
        /// Host, port and database.
        target: String,
    },
    /// The list of applied steps is there, but not for this login.
    #[error(
        "the login `{user}` may not read which steps are applied: grant it the gateway's role (`grant cs12_app to {user}`), or \
         use the login that migrates"
    )]
    Unreadable {
        /// The login.
        user: String,
    },
    /// The database was changed by a newer version of the gateway: this one must not touch it.
    #[error("the database has steps that this version does not know: use the version that applied them")]
    UnknownSteps,
    /// One step failed and was rolled back. The steps before it stay applied.
    #[error("step `{step}` failed and was rolled back: {reason}")]
    Step {
        /// The step's name.
        step: String,
        /// The database's reason.
        reason: String,
    },
    /// The list of applied steps could not be read or locked.
    #[error("cannot read which steps are applied: {reason}")]
    State {
        /// The database's reason.
        reason: String,
    },
}

/// The database's own message, without the driver's preamble.
pub(crate) fn reason(error: &DbErr) -> String {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => driver_reason(cause),
        DbErr::Custom(text) | DbErr::Migration(text) => text.clone(),
        _ => "the database driver failed".to_owned(),
    }
}

/// The same for an error that the driver returned directly.
pub(crate) fn driver_reason(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(cause) => cause.message().to_owned(),
        sqlx::Error::Io(cause) => cause.to_string(),
        sqlx::Error::Tls(cause) => format!("tls: {cause}"),
        sqlx::Error::PoolTimedOut => "it did not answer in time".to_owned(),
        _ => "the database driver failed".to_owned(),
    }
}
