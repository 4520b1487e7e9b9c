//! Dashboards that members keep.
//!
//! Owns `dashboards` and `dashboard_widgets`. Invariant: a private dashboard, with its widgets, is seen by its author only,
//! whatever roles anybody has; a shared one by every member of the organization.

use crate::rls::{ORGANIZATION, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0020_dashboards",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[
        Wall::new("dashboards", SEEN).inserting(ORGANIZATION),
        Wall::new("dashboard_widgets", OF_SEEN).inserting(ORGANIZATION),
    ],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table dashboard_widgets; drop table dashboards;",
};

/// A person is the author whose membership says so: the settings name the person, not the membership.
const SEEN: &str = "organization_id = (select app_organization_id()) and (visibility = 'SHARED' or exists (
    select 1 from memberships m
    where m.organization_id = dashboards.organization_id and m.id = dashboards.author_member_id
      and m.user_id = (select app_user_id())))";

/// The other table's own policy stands behind the look into it.
const OF_SEEN: &str = "organization_id = (select app_organization_id()) and exists (
    select 1 from dashboards d
    where d.organization_id = dashboard_widgets.organization_id and d.id = dashboard_widgets.dashboard_id)";

/// The grid is 12 columns wide. `query` holds what was asked as it was written; whoever looks asks it anew with their own
/// rights, so that nothing that anybody has read is in here.
const UP: &str = "
create table dashboards (
    organization_id  {uuid}  not null references organizations (id),
    id               {uuid}  not null,
    author_member_id {uuid}  not null,
    title            {name}  not null,
    visibility       text    not null check (visibility in ('PRIVATE', 'SHARED')),
    created_at       {time}  not null,
    updated_at       {time}  not null,
    version          integer not null default 1 check (version >= 1),
    primary key (organization_id, id),
    foreign key (organization_id, author_member_id) references memberships (organization_id, id)
) {strict};

create index dashboards_by_title on dashboards (organization_id, title, id);

create table dashboard_widgets (
    organization_id {uuid}  not null references organizations (id),
    id              {uuid}  not null,
    dashboard_id    {uuid}  not null,
    title           text    not null,
    kind            text    not null check (kind in ('NUMBER', 'BAR', 'LINE', 'PIE', 'TABLE', 'LIST')),
    x               integer not null check (x between 0 and 11),
    y               integer not null check (y between 0 and 999),
    width           integer not null check (width >= 1 and x + width <= 12),
    height          integer not null check (height between 1 and 24),
    query           {json}  not null,
    created_at      {time}  not null,
    updated_at      {time}  not null,
    primary key (organization_id, id),
    foreign key (organization_id, dashboard_id) references dashboards (organization_id, id)
) {strict};

create index dashboard_widgets_by_place on dashboard_widgets (organization_id, dashboard_id, y, x, id);
";
