//! From a document to an answer.
//!
//! Owns: parsing, validation and their cache, which documents may be run, the limits, the request that resolvers see, errors, and execution. May use: the guard,
//! the schema, the scope that tenancy chose. Invariant: a document runs only after its caller is known and its size is
//! bounded; every error that leaves has a code and a request id.

mod ahead;
mod anonymous;
mod answer_size;
mod chosen;
mod code;
mod compute;
mod denials;
mod document;
mod engine;
mod executable;
mod execution;
mod fault;
mod idempotency;
mod lexer;
mod library;
mod limits;
mod merges;
mod operation;
mod outcome;
mod parse;
mod positions;
mod request;
mod rules;
mod run_as;
mod turn;

pub use code::Code;
pub(crate) use compute::{Stop, compute};
pub use document::{DocumentFigures, Documents};
pub use engine::Engine;
pub(crate) use engine::{Cause, Ended, EndpointRequest, NotTaken, Subscribed, code_of};
pub use fault::Fault;
pub use library::{Library, Shelf, Unsound, Wanted};
pub use limits::{Beyond, Bound, Bounds, Limit, Limits};
pub use operation::{Caller, Operation, Outcome, Permit, RefusedStatus};
pub(crate) use outcome::{Outcome as MutationOutcome, RecordedProblem};
pub(crate) use request::{Locate, Request, Writing};
