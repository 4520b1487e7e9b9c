//! Answers of mutations that were sent with an `Idempotency-Key`, for those that come twice.
//!
//! Owns `idempotency_keys`. Invariant: a key means one request of one member of one organization.

use crate::rls::{ORGANIZATION, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0012_idempotency",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[Wall::new("idempotency_keys", ORGANIZATION)],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table idempotency_keys;",
};

const UP: &str = "
create table idempotency_keys (
    organization_id {uuid} not null references organizations (id),
    member_id       {uuid} not null,
    key             text   not null,
    request_hash    text   not null,
    response        text,
    created_at      {time} not null,
    primary key (organization_id, member_id, key),
    foreign key (organization_id, member_id) references memberships (organization_id, id)
) {strict};

create index idempotency_keys_by_age on idempotency_keys (organization_id, created_at);
";
