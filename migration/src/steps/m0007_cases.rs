//! The cases that a doctor sent in.
//!
//! Owns `cases`. Invariant: a case is in its doctor's DSO, also after the doctor moved.

use crate::rls::{DSO, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0007_cases",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[Wall::new("cases", DSO)],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table cases;",
};

const UP: &str = "
create table cases (
    organization_id {uuid}  not null references organizations (id),
    id              {uuid}  not null,
    dso_id          {uuid}  not null,
    doctor_id       {uuid}  not null,
    title           text    not null,
    status          text    not null check (status in ('SUBMITTED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED')),
    opened_at       {time}  not null,
    created_at      {time}  not null,
    updated_at      {time}  not null,
    version         integer not null default 1 check (version >= 1),
    primary key (organization_id, id),
    foreign key (organization_id, dso_id, doctor_id) references doctors (organization_id, dso_id, id)
        on update cascade
) {strict};

create index cases_by_doctor on cases (organization_id, doctor_id, opened_at, id);
create index cases_by_dso    on cases (organization_id, dso_id, opened_at, id);
";
