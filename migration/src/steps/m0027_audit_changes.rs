//! The last event of an organization that tells of a change.
//!
//! Owns the index `audit_events_by_change`. Invariant: it holds the events that tell that rows were changed: what was refused changed
//! nothing, nor did a look at what another member sees, nor a download of the log.
//!
//! A gateway keeps figures by the hash of the last of them (`entity`, `chain.rs`), so that refusals do not make it forget.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0027_audit_changes",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[],
    sqlite_down: "",
    postgres_down: "",
    down: "drop index audit_events_by_change;",
};

const UP: &str = "
create index audit_events_by_change on audit_events (organization_id, sequence)
    where outcome = 'DONE' and action not in ('RUN_AS', 'AUDIT_LOG_EXPORT') and sequence is not null;
";
