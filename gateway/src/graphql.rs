//! From a document to an answer.
//!
//! Owns: parsing and its cache, the limits, the request that resolvers see, errors, and execution. May use: the guard,
//! the schema, the scope that tenancy chose. Invariant: a document runs only after its caller is known and its size is
//! bounded; every error that leaves has a code and a request id.

mod ahead;
mod anonymous;
mod chosen;
mod code;
mod denials;
mod document;
mod engine;
mod fault;
mod idempotency;
mod limits;
mod merges;
mod request;
mod run_as;
mod turn;

pub use code::Code;
pub use document::{DocumentFigures, Documents};
pub use engine::{Caller, Engine, Operation, Outcome, Permit, RefusedStatus};
pub use fault::Fault;
pub use limits::{Beyond, Bound, Bounds, Limit, Limits};
pub(crate) use request::{Locate, Request, Writing};
