//! What a request's line in the log tells of its operation.
//!
//! Owns: what is told, on its way from the operation's watch to whoever writes the line. May use: closed sets of words, public ids.
//! Invariant: told once at the most. Fields of the line and not of the request's span: the JSON of a span is read and written anew each
//! time that something is recorded, and read once more for each line. (Measured: an eighth of what a small query costs.)

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use entity::id::TypedId;

use super::{labels::Kind, outcome::OutcomeLabel, probe_detector::CallerIds};

/// A place for it. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct AccessLogSlot(Arc<OnceLock<OperationFields>>);

/// What is told.
#[derive(Debug)]
pub(crate) struct OperationFields {
    /// Out of a bounded set.
    pub(crate) operation: Arc<str>,
    pub(crate) kind: &'static str,
    pub(crate) code: &'static str,
    pub(crate) statements: u64,
    pub(crate) cost: Option<u64>,
    /// For its turn.
    pub(crate) waited_ms: u64,
    pub(crate) organization: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) member: Option<String>,
}

impl AccessLogSlot {
    pub(super) fn set(&self, told: OperationFields) {
        // Its watch tells once, and nobody else does.
        let _ = self.0.set(told);
    }

    /// None where the request was no operation, or is none yet.
    pub(crate) fn take(&self) -> Option<&OperationFields> {
        self.0.get()
    }
}

impl OperationFields {
    pub(super) fn new(
        operation: Arc<str>,
        kind: Kind,
        code: OutcomeLabel,
        asker: CallerIds,
        cost: Option<u64>,
        statements: u64,
        waited: Duration,
    ) -> Self {
        Self {
            operation,
            kind: kind.as_str(),
            code: code.as_str(),
            statements,
            cost,
            waited_ms: u64::try_from(waited.as_millis()).unwrap_or(u64::MAX),
            organization: asker.organization.map(TypedId::to_text),
            user: asker.user.map(TypedId::to_text),
            member: asker.member.map(TypedId::to_text),
        }
    }
}
