//! What an operation answers instead of data.
//!
//! Owns: the closed list of error codes, and the error of a resolver. Invariant: every error that a client sees has one of the codes, and no
//! text of a database or of another tenant.

mod code;
mod resolver_error;

pub use code::ErrorCode;
pub(crate) use resolver_error::DENIED_MARKER;
pub use resolver_error::ResolverError;
