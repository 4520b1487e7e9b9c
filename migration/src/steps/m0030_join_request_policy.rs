//! Whether an organization takes requests to join.
//!
//! Owns the column `join_requests` of `organizations`. Invariant: only the organization itself learns what it says; for
//! people outside a `CLOSED` organization does not exist.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0030_join_request_policy",
    up: "
alter table organizations add column join_requests text not null default 'OPEN'
    check (join_requests in ('OPEN', 'CLOSED'));
",
    sqlite_up: "",
    postgres_up: "",
    walls: &[],
    sqlite_down: "",
    postgres_down: "",
    down: "alter table organizations drop column join_requests;",
};
