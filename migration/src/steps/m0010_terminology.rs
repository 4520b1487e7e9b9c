//! What a DSO calls the things of the domain: a doctor may be a provider there.
//!
//! Owns `terminology`. Invariant: one label for each key of a DSO.

use crate::rls::{DSO, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0010_terminology",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[Wall::new("terminology", DSO)],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table terminology;",
};

const UP: &str = "
create table terminology (
    organization_id {uuid} not null references organizations (id),
    id              {uuid} not null,
    dso_id          {uuid} not null,
    key             {name}   not null,
    label           text   not null,
    primary key (organization_id, id),
    unique (organization_id, dso_id, key),
    foreign key (organization_id, dso_id) references dsos (organization_id, id)
) {strict};
";
