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
    /// There is such a row already. Whoever writes what may be there looks for this and says what it means.
    #[error("already there")]
    Duplicate,
    /// Something else came in between: the same may go well when it is sent again.
    #[error("{0}, try again")]
    Retry(Retry),
    /// The database is away or too busy.
    #[error("the database is unavailable")]
    Unavailable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// Anything else; the cause is for the log only.
    #[error("internal error")]
    Internal(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

/// Why the same may go well when it is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Retry {
    /// Another change has held the same rows for too long.
    #[error("another change holds the same rows for too long")]
    LockTimeout,
    /// The caller's role or grants are not those any more that the operation began with.
    #[error("your rights have changed in the meantime")]
    RightsChanged,
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

    /// A state of affairs that stands against it.
    pub(crate) fn of(code: ProblemCode, field: &'static str, message: impl Into<String>) -> Error {
        Error::Invalid(vec![Self { code, message: message.into(), field: vec!["input", field] }])
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

impl ProblemCode {
    /// As it is spelled in the schema and in the audit log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::StaleVersion => "STALE_VERSION",
            Self::WrongState => "WRONG_STATE",
            Self::LastOwner => "LAST_OWNER",
            Self::AlreadyMember => "ALREADY_MEMBER",
            Self::AlreadyInvited => "ALREADY_INVITED",
            Self::AlreadyRequested => "ALREADY_REQUESTED",
            Self::InvitationOver => "INVITATION_OVER",
            Self::EmailMismatch => "EMAIL_MISMATCH",
            Self::EmailUnverified => "EMAIL_UNVERIFIED",
            Self::SeatLimit => "SEAT_LIMIT",
            Self::SlugTaken => "SLUG_TAKEN",
            Self::OrganizationLimit => "ORGANIZATION_LIMIT",
            Self::RateLimited => "RATE_LIMITED",
            Self::CoolDown => "COOL_DOWN",
            Self::NotConfirmed => "NOT_CONFIRMED",
            Self::Oneself => "ONESELF",
            Self::NotFound => "NOT_FOUND",
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
    /// The organization would be left without an active owner.
    LastOwner,
    /// The person is a member already.
    AlreadyMember,
    /// There is an open invitation to this address already.
    AlreadyInvited,
    /// One has asked already, and the answer is open.
    AlreadyRequested,
    /// The invitation is over: answered, taken back, expired, or there never was one.
    InvitationOver,
    /// The invitation is for another address than the caller's verified one.
    EmailMismatch,
    /// The caller's address is not verified.
    EmailUnverified,
    /// The organization has no seat left.
    SeatLimit,
    /// The slug is in use, was until lately, or is reserved.
    SlugTaken,
    /// The person has as many organizations as they may have.
    OrganizationLimit,
    /// Too many of these lately.
    RateLimited,
    /// It was denied, and it is too early to ask again.
    CoolDown,
    /// The confirmation is not what was asked for.
    NotConfirmed,
    /// One cannot do this to oneself.
    Oneself,
    /// There is no such person, DSO or organization for the caller.
    NotFound,
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        use sea_orm::{DbErr, SqlErr};
        if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
            return Self::Duplicate;
        }
        let unavailable = matches!(&error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) || is_connection_loss(&error);
        let cause: Arc<dyn std::error::Error + Send + Sync> = Arc::new(error);
        if unavailable { Self::Unavailable(cause) } else { Self::Internal(cause) }
    }
}

/// SQLite's results after which the same may go well later: `busy` after the timeout, a disk that fails, and one that is full
/// (<https://www.sqlite.org/rescode.html>; what is above the lowest byte says more of it).
const PASSING: [i32; 3] = [5, 10, 13];

/// sqlx's broken connections, and SQLite's that pass, are a database that is away.
fn is_connection_loss(error: &sea_orm::DbErr) -> bool {
    use sea_orm::{DbErr, RuntimeErr, sqlx};
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return false;
    };
    match cause.as_ref() {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(database) => {
            let code: Option<i32> = database.code().and_then(|code| code.parse().ok());
            code.is_some_and(|code| PASSING.contains(&(code & 0xff)))
        }
        _ => false,
    }
}

/// The server has ended a transaction in which nothing was asked for too long, and closed its connection.
#[derive(Debug, thiserror::Error)]
#[error("the server has ended a transaction that was idle for too long")]
struct IdleTimeout;

/// What PostgreSQL says of itself, without the values that it names beside: they are somebody's.
#[derive(Debug, thiserror::Error)]
#[error("{message} ({code}, {at})")]
struct Told {
    code: String,
    message: String,
    at: String,
}

impl Error {
    /// Whether the connection has gone with it: the server has closed it (08, 57P), or its line is broken.
    pub(crate) fn is_of_a_lost_connection(&self) -> bool {
        let Self::Unavailable(cause) = self else { return false };
        match cause.downcast_ref::<Told>() {
            Some(Told { code, .. }) => code.starts_with("08") || code.starts_with("57P"),
            None => cause.is::<tokio_postgres::Error>() || cause.is::<IdleTimeout>(),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let Some(told) = error.as_db_error() else {
            let is_lost = error.is_closed()
                || std::error::Error::source(&error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
            let cause: Arc<dyn std::error::Error + Send + Sync> = Arc::new(error);
            return if is_lost { Self::Unavailable(cause) } else { Self::Internal(cause) };
        };
        if *told.code() == SqlState::UNIQUE_VIOLATION {
            return Self::Duplicate;
        }
        if *told.code() == SqlState::LOCK_NOT_AVAILABLE {
            return Self::Retry(Retry::LockTimeout);
        }
        if *told.code() == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT {
            // The server has closed the connection.
            return Self::Unavailable(Arc::new(IdleTimeout));
        }
        let code = told.code().code();
        let at = told.constraint().or(told.table()).unwrap_or("no table").to_owned();
        let cause = Arc::new(Told { code: code.to_owned(), message: told.message().to_owned(), at });
        // The classes 08 (connection), 40 (rolled back for another's sake), 53 (resources) and 57 (operator intervention):
        // <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
        if ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class)) {
            Self::Unavailable(cause)
        } else {
            Self::Internal(cause)
        }
    }
}
