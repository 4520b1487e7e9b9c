//! How far a doctor came in each period of the onboarding.
//!
//! Owns `onboarding_periods`. Invariant: one row for each doctor and period, in the doctor's own DSO.

use crate::rls::{DSO, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0005_onboarding",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[Wall::new("onboarding_periods", DSO)],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table onboarding_periods;",
};

const UP: &str = "
create table onboarding_periods (
    organization_id {uuid}  not null references organizations (id),
    id              {uuid}  not null,
    dso_id          {uuid}  not null,
    doctor_id       {uuid}  not null,
    period          integer not null check (period between 1 and 12),
    percent         integer not null check (percent between 0 and 100),
    recorded_at     {time}  not null,
    recorded_by     {uuid},
    version         integer not null default 1 check (version >= 1),
    primary key (organization_id, id),
    unique (organization_id, doctor_id, period),
    -- A doctor who moves to another DSO takes the history along, in the database itself.
    foreign key (organization_id, dso_id, doctor_id) references doctors (organization_id, dso_id, id)
        on update cascade,
    foreign key (organization_id, recorded_by) references memberships (organization_id, id)
) {strict};
";
