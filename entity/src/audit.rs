//! The audit log.
//!
//! Owns: the entries that changes and refusals leave, their hash chain, and reading both. May use: models, sessions. Invariant: an event is
//! appended in the transaction of the change that it describes.

pub(crate) mod diff;
pub(crate) mod hash_chain;
pub(crate) mod reader;
pub(crate) mod refused_attempts;
pub(crate) mod request_metadata;

pub use hash_chain::{ChainBreak, ChainFault};
pub use reader::{AuditLogReader, ChainHeadHash, ExpectedHead, Verdict};
pub use request_metadata::RequestMetadata;
