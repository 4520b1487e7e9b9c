//! What a resolver can fail with.
//!
//! Owns: the way from a failure to an error of the answer. May use: the store's error. Invariant: the text of an error is
//! ours; a cause from below is logged once and never sent.

use async_graphql::{Error, ErrorExtensionValues};
use entity::{auth::policy::Reason, error::Retry};

use super::ErrorCode;

/// A failed resolver.
#[derive(Clone, Debug)]
pub enum ResolverError {
    /// The guard refused and has noted it; nothing more is to be said.
    Denied,
    /// No such row, or none that the caller may know of.
    NotFound,
    /// The caller can read the row but may not do this.
    Forbidden(Reason),
    /// An argument that its author can mend.
    BadUserInput(String),
    /// A document that asks for too much.
    TooExpensive(String),
    /// Something else came in between: the same may go well when it is sent again.
    Retry(Retry),
    /// The database is away.
    Unavailable,
    /// Our fault.
    Internal,
}

/// The mark of a denial that the guard has noted already; `finish` drops the error that carries it.
pub(crate) const DENIED_MARKER: &str = "DENIED";

impl From<entity::error::Error> for ResolverError {
    fn from(error: entity::error::Error) -> Self {
        match error {
            entity::error::Error::NotFound => Self::NotFound,
            entity::error::Error::Forbidden(reason) => Self::Forbidden(reason),
            entity::error::Error::Invalid(problems) => {
                Self::BadUserInput(problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; "))
            }
            entity::error::Error::Duplicate => {
                tracing::error!("a row is there already, where nobody has looked for it");
                Self::Internal
            }
            entity::error::Error::Retry(retry) => {
                tracing::info!(cause = %retry, "the client is to try again");
                Self::Retry(retry)
            }
            entity::error::Error::Unavailable(cause) => {
                tracing::warn!(%cause, "the database is unavailable");
                Self::Unavailable
            }
            entity::error::Error::Internal(cause) => {
                tracing::error!(%cause, "a statement failed");
                Self::Internal
            }
        }
    }
}

impl ResolverError {
    fn parts(&self) -> (&'static str, String) {
        match self {
            Self::Denied => (DENIED_MARKER, String::new()),
            Self::NotFound => (ErrorCode::NotFound.as_str(), "not found".to_owned()),
            Self::Forbidden(reason) => (ErrorCode::Forbidden.as_str(), format!("not allowed: {reason}")),
            Self::BadUserInput(message) => (ErrorCode::BadUserInput.as_str(), message.clone()),
            Self::TooExpensive(message) => (ErrorCode::TooExpensive.as_str(), message.clone()),
            Self::Retry(retry) => (ErrorCode::Unavailable.as_str(), format!("{retry}, try again")),
            Self::Unavailable => (ErrorCode::Unavailable.as_str(), "the database is unavailable, try again".to_owned()),
            Self::Internal => (ErrorCode::Internal.as_str(), "internal error".to_owned()),
        }
    }
}

impl From<ResolverError> for Error {
    fn from(fault: ResolverError) -> Self {
        let (code, message) = fault.parts();
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", code);
        Error { message, source: None, extensions: Some(extensions) }
    }
}
