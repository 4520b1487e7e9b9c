//! The slugs that organizations gave up.
//!
//! Owns `slug_history`. Invariant: who held a slug, and since when it is free, is known as long as the
//! organization is; for how long nobody else may take it is not decided here.

use crate::rls::{ORGANIZATION, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0014_slugs",
    up: UP,
    sqlite_up: "",
    postgres_up: POSTGRES_UP,
    walls: &[Wall::new("slug_history", ORGANIZATION)
        .reading("organization_id = (select app_organization_id()) or slug = (select app_setting('app.slug'))")],
    sqlite_down: "",
    postgres_down: POSTGRES_DOWN,
    down: "drop table slug_history;",
};

/// The index does not begin with the organization: whoever wants a slug asks for it over all of them.
const UP: &str = "
create table slug_history (
    organization_id {uuid} not null references organizations (id),
    slug            text   not null,
    freed_at        {time} not null,
    primary key (organization_id, slug)
) {strict};

create index slug_history_by_slug on slug_history (slug, freed_at);
";

/// Whoever names a slug to the letter may learn which organization has it; nobody can list them.
const POSTGRES_UP: &str = "
alter policy organizations_select on organizations using (
    id = (select app_organization_id())
    or slug = (select app_setting('app.slug'))
    or exists (
        select 1 from memberships m
        where m.organization_id = organizations.id and m.user_id = (select app_user_id())));
";

const POSTGRES_DOWN: &str = "
alter policy organizations_select on organizations using (
    id = (select app_organization_id())
    or exists (
        select 1 from memberships m
        where m.organization_id = organizations.id and m.user_id = (select app_user_id())));
";
