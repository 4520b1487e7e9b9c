//! No change of a membership waits for a gateway.
//!
//! Owns the removal of what `m0022_context_changes` made. Invariant: no statement of the gateway takes an advisory lock.
//!
//! A gateway that stood still held the lock, and so stopped every change of members, grants and DSOs in all the others. Membership is now
//! read in each request, and nothing waits for another process.

use super::m0022_context_changes as made;
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0024_drop_context_triggers",
    up: "",
    sqlite_up: "",
    postgres_up: made::STEP.postgres_down,
    walls: &[],
    sqlite_down: "",
    postgres_down: made::STEP.postgres_up,
    down: "",
};
