//! The dental service organizations of a tenant, and which member may do what in which of them.
//!
//! Owns `dsos`, `dso_grants`. Invariant: a grant joins a member and a DSO of one and the same organization.

use crate::rls::{DSO, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0003_dsos",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[
        Wall::new(
            "dsos",
            "organization_id = (select app_organization_id()) \
             and ((select app_all_dsos()) or id = any ((select app_dso_ids())::uuid[]))",
        ),
        Wall::new("dso_grants", DSO).reading(VISIBLE_OR_OWN_GRANT),
    ],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table dso_grants; drop table dsos;",
};

/// One's own grants are read to learn which DSOs one may see: before `app.dso_ids` can be set.
const VISIBLE_OR_OWN_GRANT: &str = "
    (organization_id = (select app_organization_id())
     and ((select app_all_dsos()) or dso_id = any ((select app_dso_ids())::uuid[])))
    or exists (
        select 1 from memberships m
        where m.organization_id = dso_grants.organization_id and m.id = dso_grants.member_id
          and m.user_id = (select app_user_id()))";

const UP: &str = "
create table dsos (
    organization_id {uuid}  not null references organizations (id),
    id              {uuid}  not null,
    name            {name}    not null,
    created_at      {time}  not null,
    updated_at      {time}  not null,
    deleted_at      {time},
    version         integer not null default 1 check (version >= 1),
    primary key (organization_id, id)
) {strict};

create table dso_grants (
    organization_id {uuid} not null references organizations (id),
    id              {uuid} not null,
    dso_id          {uuid} not null,
    member_id       {uuid} not null,
    role            text   not null check (role in ('ADMIN', 'MANAGER', 'VIEWER')),
    granted_by      {uuid},
    created_at      {time} not null,
    primary key (organization_id, id),
    unique (organization_id, member_id, dso_id),
    foreign key (organization_id, dso_id)     references dsos (organization_id, id),
    foreign key (organization_id, member_id)  references memberships (organization_id, id),
    foreign key (organization_id, granted_by) references memberships (organization_id, id)
) {strict};

create index dso_grants_by_dso on dso_grants (organization_id, dso_id, id);
";
