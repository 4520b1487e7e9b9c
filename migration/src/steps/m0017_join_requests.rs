//! People who ask to be let in.
//!
//! Owns `join_requests`. Invariant: a request is its person's, and names an organization by the slug that they
//! wrote; whether there is such an organization (`target_id`) only the organization itself learns.

use crate::rls::Wall;
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0017_join_requests",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[Wall::new(
        "join_requests",
        "user_id = (select app_user_id()) or target_id = (select app_organization_id())",
    )
    .inserting("user_id = (select app_user_id())")
    .updating("user_id = (select app_user_id()) or target_id = (select app_organization_id())")],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table join_requests;",
};

/// Not a tenant's table: it has no `organization_id`, because a request for an unknown slug is kept as any other
/// and looks the same to its person. Name and address are those that were proved when it was made.
const UP: &str = "
create table join_requests (
    id            {uuid}  not null primary key,
    user_id       {uuid}  not null references users (id),
    name          text    not null,
    email         text    not null,
    slug          text    not null,
    target_id     {uuid}  references organizations (id),
    message       text,
    status        text    not null
                  check (status in ('PENDING', 'APPROVED', 'DENIED', 'CANCELLED', 'CLOSED')),
    created_at    {time}  not null,
    decided_at    {time},
    decided_by    {uuid}
) {strict};

-- One open request at a time.
create unique index join_requests_open    on join_requests (user_id) where status = 'PENDING';
create index join_requests_by_user        on join_requests (user_id, created_at, id);
create index join_requests_by_target      on join_requests (target_id, created_at, id);
";
