//! How often a person was refused.
//!
//! Owns `refused_attempts`. Invariant: a row counts one person's attempts at one action, for one reason and in one place,
//! within one period; it belongs to that person, and no organization's row is read or locked to count.

use crate::rls::Wall;
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0029_refused_attempts",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[Wall::new("refused_attempts", "user_id = (select app_user_id())")],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table refused_attempts;",
};

/// Not a tenant's table: an attempt at an organization that does not exist is counted as any other. So `place` is no foreign
/// key: it is the organization's id, or a number made of an unknown slug, or the nil UUID where no organization is meant.
///
/// `earlier` is how many attempts were counted in the period before this one, beside the first.
const UP: &str = "
create table refused_attempts (
    user_id  {uuid}  not null references users (id),
    place    {uuid}  not null,
    action   text    not null,
    reason   text    not null,
    since    {time}  not null,
    attempts integer not null check (attempts >= 1),
    earlier  integer not null default 0 check (earlier >= 0),
    primary key (user_id, place, action, reason)
) {strict};
";
