//! What the life of an organization adds to its members: when each was last seen, and how many there may be.
//!
//! Owns `memberships.last_seen_at`, `organizations.seat_limit`. Invariant: no limit means any number.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0015_membership_life",
    up: "
alter table memberships add column last_seen_at {time};
alter table organizations add column seat_limit integer check (seat_limit >= 1);
",
    sqlite_up: "",
    postgres_up: "",
    walls: &[],
    sqlite_down: "",
    postgres_down: "",
    down: "
alter table organizations drop column seat_limit;
alter table memberships drop column last_seen_at;
",
};
