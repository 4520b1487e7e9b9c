//! Lists in the order of names.
//!
//! Owns the indexes on `name_key`. Invariant: each stands beside the one on `name`, which the version before uses until it is gone.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0032_name_key_indexes",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[],
    sqlite_down: "",
    postgres_down: "",
    down: DOWN,
};

const UP: &str = "
create index if not exists doctors_by_name_key on doctors (organization_id, name_key, id);
create index if not exists doctors_by_dso_name_key on doctors (organization_id, dso_id, name_key, id);
create index if not exists attendees_by_course_name_key on attendees (organization_id, course_id, name_key, id);
";

const DOWN: &str = "
drop index attendees_by_course_name_key;
drop index doctors_by_dso_name_key;
drop index doctors_by_name_key;
";
