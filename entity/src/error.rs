//! What can go wrong behind the door.
//!
//! Owns: [`Error`], which carries a meaning and never SQL. May use: the drivers' errors, which stay inside as a cause to be
//! logged. Invariant: `Display` is fit for a client's eyes.

mod server;
mod sqlite;
mod sqlstate;

pub(crate) use self::server::ServerName;

use std::sync::Arc;

use crate::auth::policy::Reason;

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
    Invalid(Vec<ValidationError>),
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
pub struct ValidationError {
    /// What kind of problem.
    pub code: ValidationCode,
    /// In words, lower case, naming the input in backticks.
    pub message: String,
    /// The path in the input: `["input", "name"]`.
    pub field: Vec<&'static str>,
}

impl ValidationError {
    /// A value that is not acceptable.
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self { code: ValidationCode::BadUserInput, message: message.into(), field: vec!["input", field] }
    }

    /// A state of affairs that stands against it.
    pub(crate) fn of(code: ValidationCode, field: &'static str, message: impl Into<String>) -> Error {
        Error::Invalid(vec![Self { code, message: message.into(), field: vec!["input", field] }])
    }

    /// Somebody else changed the row since it was read.
    pub(crate) fn stale(expected: i32, found: i32) -> Self {
        Self {
            code: ValidationCode::StaleVersion,
            message: format!("`expectedVersion` is {expected}, but the row is at version {found}: read it again"),
            field: vec!["input", "expectedVersion"],
        }
    }
}

impl ValidationCode {
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

/// The kinds of [`ValidationError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidationCode {
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
