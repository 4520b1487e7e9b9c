//! From a document to an answer.
//!
//! Owns: parsing, validation and their cache, which documents may be run, the limits, the request that resolvers see, errors, and execution. May use: the guard,
//! the schema, the scope that tenancy chose. Invariant: a document runs only after its caller is known and its size is
//! bounded; every error that leaves has a code and a request id.

mod access_hint;
mod admission_step;
mod anonymous;
mod answer_size;
mod cost;
mod document_cache;
mod document_size;
mod duplicate_keys;
mod executable;
mod execution;
mod executor;
mod idempotency;
mod lexer;
mod nesting;
mod operation;
mod operation_selection;
mod parse;
mod persisted;
mod positions;
mod rules;
mod run_as;
mod token_scan;

pub use document_cache::{DocumentCache, DocumentCacheStats};
pub use executor::Executor;
pub(crate) use executor::{Cause, Ended, EndpointRejected, EndpointRequest, SubscriptionStream, code_of};
pub use operation::{AllowedOperations, Caller, Operation, Outcome, RefusedStatus};
pub use persisted::{DocumentRef, DocumentRegistry, ManifestError, RegistryConfig};
