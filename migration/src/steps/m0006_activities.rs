//! Calls, e-mails, meetings and notes: what was done with a doctor, when and by whom.
//!
//! Owns `activities`. Invariant: an activity is in its doctor's DSO, also after the doctor moved.

use crate::rls::{DSO, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0006_activities",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[Wall::new("activities", DSO)],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table activities;",
};

const UP: &str = "
create table activities (
    organization_id {uuid}  not null references organizations (id),
    id              {uuid}  not null,
    dso_id          {uuid}  not null,
    doctor_id       {uuid}  not null,
    actor_member_id {uuid},
    kind            text    not null check (kind in ('PHONE', 'EMAIL', 'TEXT', 'MEETING', 'NOTE')),
    occurred_at     {time}  not null,
    note            text,
    created_at      {time}  not null,
    updated_at      {time}  not null,
    deleted_at      {time},
    version         integer not null default 1 check (version >= 1),
    primary key (organization_id, id),
    foreign key (organization_id, dso_id, doctor_id) references doctors (organization_id, dso_id, id)
        on update cascade,
    foreign key (organization_id, actor_member_id) references memberships (organization_id, id)
) {strict};

create index activities_by_time   on activities (organization_id, occurred_at, id);
create index activities_by_doctor on activities (organization_id, doctor_id, occurred_at, id);
create index activities_by_dso    on activities (organization_id, dso_id, occurred_at, id);
create index activities_by_actor  on activities (organization_id, actor_member_id, occurred_at, id);
";
