//! What rows with a name are ordered by, and what is searched of them.
//!
//! Owns the columns `name_key` and `search_text`. Invariant: they hold what the gateway has folded, and are compared by their bytes on
//! both databases; empty, where a version wrote the row that does not know them.
//!
//! The rows that are there are behind row-level security, and folded in Rust: `gateway migrate up` fills them in when the steps are done.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0031_name_keys",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[],
    sqlite_down: "",
    postgres_down: "",
    down: DOWN,
};

const UP: &str = "
alter table doctors add column name_key {name} not null default '';
alter table doctors add column search_text {name} not null default '';
alter table dsos add column name_key {name} not null default '';
alter table attendees add column name_key {name} not null default '';
";

const DOWN: &str = "
alter table attendees drop column name_key;
alter table dsos drop column name_key;
alter table doctors drop column search_text;
alter table doctors drop column name_key;
";
