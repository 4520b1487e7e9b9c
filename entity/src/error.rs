//! What can go wrong behind the door.
//!
//! Owns: [`Error`], which carries a meaning and never SQL. May use: sea-orm's error, which stays inside as a cause to be
//! logged. Invariant: `Display` is fit for a client's eyes.

use std::sync::Arc;

use crate::policy::Reason;

/// A failure of a verb.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// There is no such row, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// The caller can read the row but may not do this.
    #[error("not allowed: {0}")]
    Forbidden(Reason),
    /// Things that the caller can mend, all at once.
    #[error("the input has problems")]
    Invalid(Vec<Problem>),
    /// The database is away or too busy.
    #[error("the database is unavailable")]
    Unavailable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// Anything else; the cause is for the log only.
    #[error("internal error")]
    Internal(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

/// Something in the input that its author can mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem.
    pub code: ProblemCode,
    /// In words, lower case, naming the input in backticks.
    pub message: String,
    /// The path in the input: `["input", "name"]`.
    pub field: Vec<&'static str>,
}

impl Problem {
    /// A value that is not acceptable.
    pub(crate) fn bad(field: &'static str, message: impl Into<String>) -> Self {
        Self { code: ProblemCode::BadUserInput, message: message.into(), field: vec!["input", field] }
    }

    /// Somebody else changed the row since it was read.
    pub(crate) fn stale(expected: i32, found: i32) -> Self {
        Self {
            code: ProblemCode::StaleVersion,
            message: format!("`expectedVersion` is {expected}, but the row is at version {found}: read it again"),
            field: vec!["input", "expectedVersion"],
        }
    }
}

/// The kinds of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemCode {
    /// A value that is not acceptable.
    BadUserInput,
    /// The row has changed since it was read.
    StaleVersion,
    /// The row is not in a state that allows this.
    WrongState,
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        use sea_orm::DbErr;
        let unavailable = matches!(&error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) || is_connection_loss(&error);
        let cause: Arc<dyn std::error::Error + Send + Sync> = Arc::new(error);
        if unavailable { Self::Unavailable(cause) } else { Self::Internal(cause) }
    }
}

/// PostgreSQL's classes 08 (connection), 53 (resources), 57 (operator intervention) and broken sockets are a database that
/// is away; so is SQLite's `busy` after the timeout. See <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn is_connection_loss(error: &sea_orm::DbErr) -> bool {
    use sea_orm::{DbErr, RuntimeErr, sqlx};
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return false;
    };
    match cause.as_ref() {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(database) => database.code().is_some_and(|code| {
            ["08", "53", "57"].iter().any(|class| code.starts_with(class) && code.len() == 5) || code == "5"
        }),
        _ => false,
    }
}
