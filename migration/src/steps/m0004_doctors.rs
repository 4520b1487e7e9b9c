//! The doctors of a DSO.
//!
//! Owns `doctors`. Invariant: `(organization_id, dso_id, id)` is unique, so that what belongs to a doctor can
//! point to all three and move with the doctor to another DSO.

use crate::rls::{DSO, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0004_doctors",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[Wall::new("doctors", DSO)],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table doctors;",
};

const UP: &str = "
create table doctors (
    organization_id   {uuid}  not null references organizations (id),
    id                {uuid}  not null,
    dso_id            {uuid}  not null,
    name              {name}    not null,
    email             text,
    email_normal      text,
    phone             text,
    practice          text,
    onboarding_period integer check (onboarding_period between 1 and 12),
    risk              text    check (risk in ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
    joined_at         {time},
    notes             text,
    last_contact_at   {time},
    created_at        {time}  not null,
    updated_at        {time}  not null,
    deleted_at        {time},
    version           integer not null default 1 check (version >= 1),
    primary key (organization_id, id),
    unique (organization_id, dso_id, id),
    foreign key (organization_id, dso_id) references dsos (organization_id, id)
) {strict};

create index doctors_by_name             on doctors (organization_id, name, id);
create index doctors_by_dso_name         on doctors (organization_id, dso_id, name, id);
create index doctors_by_dso_last_contact on doctors (organization_id, dso_id, last_contact_at, id);
";
