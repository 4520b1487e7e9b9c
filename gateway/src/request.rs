//! One request, as the layers above see it.
//!
//! Owns: the caller, the scope, the loaders, the denials and the recorded outcomes of a request, and the ids that it names. May use: the
//! loaders, errors. Invariant: a context serves one request and is dropped with it; nothing in it is shared.

mod context;
mod denials;
mod field;
mod id_arg;
mod mutation_outcome;

pub(crate) use context::{Identity, ListEncoding, LocateDso, RequestContext};
pub use field::{Field, GuardTarget};
pub use id_arg::IdArg;
pub(crate) use id_arg::id;
pub(crate) use mutation_outcome::{MutationOutcome, RecordedProblem};
