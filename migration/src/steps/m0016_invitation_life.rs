//! What an invitation needs to be sent, sent again, answered and ended.
//!
//! Owns the columns of `invitations` that tell of its mails and its end. Invariant: `generation` counts the
//! tokens; only the latest one's hash is kept, so an older token opens nothing.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0016_invitation_life",
    up: UP,
    sqlite_up: "",
    postgres_up: POSTGRES_UP,
    walls: &[],
    sqlite_down: "",
    postgres_down: POSTGRES_DOWN,
    down: "
drop index invitations_by_token;
drop index invitations_by_address;
drop index invitations_by_time;
alter table invitations drop column sent_at;
alter table invitations drop column ended_at;
alter table invitations drop column generation;
",
};

/// Two indexes do not begin with the organization: who holds a token or an address does not know it yet.
const UP: &str = "
alter table invitations add column generation integer not null default 1 check (generation >= 1);
alter table invitations add column ended_at {time};
alter table invitations add column sent_at {time};

create index invitations_by_token   on invitations (token_hash);
create index invitations_by_address on invitations (email_normal, status);
create index invitations_by_time    on invitations (organization_id, created_at, id);
";

/// Whoever proves the address, or holds the token, may read the invitation. Changing it takes its tenant.
const POSTGRES_UP: &str = "
alter policy invitations_select on invitations using (
    organization_id = (select app_organization_id())
    or email_normal = (select app_email())
    or token_hash = (select app_setting('app.invitation')));

-- Who is invited may read by whom.
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

const POSTGRES_DOWN: &str = "
alter policy organizations_select on organizations using (
    id = (select app_organization_id())
    or slug = (select app_setting('app.slug'))
    or exists (
        select 1 from memberships m
        where m.organization_id = organizations.id and m.user_id = (select app_user_id())));
alter policy invitations_select on invitations using (organization_id = (select app_organization_id()));
";
