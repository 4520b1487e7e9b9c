//! Of what was done under an `Idempotency-Key`, its outcome instead of its answer.
//!
//! Invariant: no field of a row is in it, so that a replay can show nothing that its caller may not read at that time.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0028_idempotency_outcomes",
    up: UP,
    sqlite_up: SQLITE_CLEAR,
    postgres_up: POSTGRES_CLEAR,
    walls: &[],
    sqlite_down: SQLITE_CLEAR,
    postgres_down: POSTGRES_CLEAR,
    down: DOWN,
};

/// The keys of the last day go: an answer is no outcome, and without one a repeated mutation would be refused until they
/// expire. The tables' owner passes no policy, and so deletes no row.
const POSTGRES_CLEAR: &str = "truncate idempotency_keys;";
const SQLITE_CLEAR: &str = "delete from idempotency_keys;";

const UP: &str = "
alter table idempotency_keys drop column response;
alter table idempotency_keys add column outcome text;
";

const DOWN: &str = "
alter table idempotency_keys drop column outcome;
alter table idempotency_keys add column response text;
";
