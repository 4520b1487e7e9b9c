//! Counts that are kept, so that a look at ten years costs what one at a week costs.
//!
//! Owns `activity_rollups`, `standing_rollups` and `doctors.progress`. Invariant: each is derived from the rows, in the
//! transaction that changes them; `gateway roll-ups` makes and checks them anew.

use crate::rls::{DSO, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0019_rollups",
    up: UP,
    sqlite_up: "",
    postgres_up: POSTGRES_UP,
    walls: &[Wall::new("activity_rollups", DSO), Wall::new("standing_rollups", DSO)],
    sqlite_down: "",
    postgres_down: POSTGRES_DOWN,
    down: "
drop table standing_rollups;
drop table activity_rollups;
alter table doctors drop column progress;
",
};

/// `starts_on` and `day` count days since 1970, UTC. `key` is the kind's name, or the actor's id in 32 hexadecimal digits,
/// empty where it is not known: each activity counts once by its kind and once by its actor, never by both at once, which
/// would be as many rows as there are activities. `progress` is the sum of the percents of a doctor's twelve periods.
const UP: &str = "
alter table doctors add column progress integer not null default 0;

create table activity_rollups (
    organization_id {uuid}  not null references organizations (id),
    dso_id          {uuid}  not null,
    facet           text    not null check (facet in ('KIND', 'ACTOR')),
    unit            text    not null check (unit in ('DAY', 'MONTH', 'YEAR')),
    starts_on       integer not null,
    key             text    not null,
    activities      integer not null,
    primary key (organization_id, dso_id, facet, unit, starts_on, key),
    foreign key (organization_id, dso_id) references dsos (organization_id, id)
) {strict};

create table standing_rollups (
    organization_id   {uuid}  not null references organizations (id),
    dso_id            {uuid}  not null,
    day               integer not null,
    doctors           integer not null,
    progress          integer not null,
    on_track          integer not null,
    risk_none         integer not null,
    risk_low          integer not null,
    risk_medium       integer not null,
    risk_high         integer not null,
    risk_critical     integer not null,
    period_none       integer not null,
    period_1          integer not null,
    period_2          integer not null,
    period_3          integer not null,
    period_4          integer not null,
    period_5          integer not null,
    period_6          integer not null,
    period_7          integer not null,
    period_8          integer not null,
    period_9          integer not null,
    period_10         integer not null,
    period_11         integer not null,
    period_12         integer not null,
    cases_submitted   integer not null,
    cases_in_progress integer not null,
    cases_completed   integer not null,
    cases_cancelled   integer not null,
    primary key (organization_id, dso_id, day),
    foreign key (organization_id, dso_id) references dsos (organization_id, id)
) {strict};
";

/// Whoever makes all roll-ups anew finds the organizations.
const POSTGRES_UP: &str = "
alter policy organizations_select on organizations using (
    id = (select app_organization_id())
    or slug = (select app_setting('app.slug'))
    or (select app_setting('app.worker')) = 'rollups'
    or exists (
        select 1 from memberships m
        where m.organization_id = organizations.id and m.user_id = (select app_user_id()))
    or exists (
        select 1 from invitations i
        where i.organization_id = organizations.id and i.status = 'PENDING'
          and i.email_normal = (select app_email())));
";

const POSTGRES_DOWN: &str = "
alter policy organizations_select on organizations using (
    id = (select app_organization_id())
    or slug = (select app_setting('app.slug'))
    or exists (
        select 1 from memberships m
        where m.organization_id = organizations.id and m.user_id = (select app_user_id()))
    or exists (
        select 1 from invitations i
        where i.organization_id = organizations.id and i.status = 'PENDING'
          and i.email_normal = (select app_email())));
";
