//! The record of who changed what.
//!
//! Owns `audit_events`. Invariant: rows come in and stay as they are. `target_id` and `dso_id` are no foreign
//! keys: the record outlives what it speaks of.

use crate::rls::{ORGANIZATION, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0011_audit",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[Wall::new("audit_events", ORGANIZATION).append_only()],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table audit_events;",
};

const UP: &str = "
create table audit_events (
    organization_id {uuid} not null references organizations (id),
    id              {uuid} not null,
    at              {time} not null,
    action          text   not null check (action <> '' and action = upper(action)),
    actor_kind      text   not null check (actor_kind in ('PERSON', 'SYSTEM')),
    actor_member_id {uuid},
    target_kind     text   not null,
    target_id       {uuid} not null,
    dso_id          {uuid},
    request_id      text   not null,
    before          {json},
    after           {json},
    primary key (organization_id, id),
    foreign key (organization_id, actor_member_id) references memberships (organization_id, id)
) {strict};

create index audit_events_by_time   on audit_events (organization_id, at, id);
create index audit_events_by_target on audit_events (organization_id, target_id, at);
";
