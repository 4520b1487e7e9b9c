//! The tenants, and who belongs to them.
//!
//! Owns `organizations`, `memberships`. Invariant: every index of a tenant's table begins with
//! `organization_id`, but for the one that is read before an organization is known.

use crate::rls::{ORGANIZATION, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0002_organizations",
    up: UP,
    sqlite_up: "",
    postgres_up: COLLEAGUES_SEE_EACH_OTHER,
    walls: &[
        Wall::new("organizations", "id = (select app_organization_id())").reading(
            "id = (select app_organization_id()) or exists (
                select 1 from memberships m
                where m.organization_id = organizations.id and m.user_id = (select app_user_id()))",
        ),
        Wall::new("memberships", ORGANIZATION)
            .reading("organization_id = (select app_organization_id()) or user_id = (select app_user_id())"),
    ],
    sqlite_down: "",
    postgres_down: PEOPLE_SEE_THEMSELVES,
    down: "drop table memberships; drop table organizations;",
};

const UP: &str = "
create table organizations (
    id         {uuid}  not null primary key,
    name       text    not null,
    slug       text    not null unique check (length(slug) between 3 and 48),
    status     text    not null default 'ACTIVE' check (status in ('ACTIVE', 'SUSPENDED')),
    created_at {time}  not null,
    updated_at {time}  not null,
    deleted_at {time},
    version    integer not null default 1 check (version >= 1)
) {strict};

create table memberships (
    organization_id {uuid}  not null references organizations (id),
    id              {uuid}  not null,
    user_id         {uuid}  not null references users (id),
    role            text    not null check (role in ('OWNER', 'ADMIN', 'MEMBER')),
    status          text    not null default 'ACTIVE' check (status in ('ACTIVE', 'SUSPENDED', 'REMOVED')),
    created_at      {time}  not null,
    updated_at      {time}  not null,
    version         integer not null default 1 check (version >= 1),
    primary key (organization_id, id),
    unique (organization_id, user_id)
) {strict};

-- The one index that does not begin with organization_id: it finds the organizations of a person.
create index memberships_by_user on memberships (user_id, organization_id);
";

/// A former colleague's name stays readable beside what they did, so the membership's status is not asked.
const COLLEAGUES_SEE_EACH_OTHER: &str = "
alter policy users_select on users using (
    id = (select app_user_id())
    or email_normal = (select app_email())
    or exists (
        select 1 from memberships m
        where m.organization_id = (select app_organization_id()) and m.user_id = users.id));
";

const PEOPLE_SEE_THEMSELVES: &str = "
alter policy users_select on users using (
    id = (select app_user_id()) or email_normal = (select app_email()));
drop policy organizations_select on organizations;
";
