//! Who was asked to join an organization, and which DSOs they will find there.
//!
//! Owns `invitations`, `invitation_grants`. Invariant: the token itself is never stored, only its hash.

use crate::rls::{DSO, ORGANIZATION, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0009_invitations",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[Wall::new("invitations", ORGANIZATION), Wall::new("invitation_grants", DSO)],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table invitation_grants; drop table invitations;",
};

const UP: &str = "
create table invitations (
    organization_id {uuid} not null references organizations (id),
    id              {uuid} not null,
    email           text   not null,
    email_normal    text   not null,
    role            text   not null check (role in ('ADMIN', 'MEMBER')),
    status          text   not null
                    check (status in ('PENDING', 'ACCEPTED', 'DECLINED', 'REVOKED', 'EXPIRED')),
    token_hash      text,
    invited_by      {uuid},
    created_at      {time} not null,
    expires_at      {time} not null,
    accepted_at     {time},
    primary key (organization_id, id),
    foreign key (organization_id, invited_by) references memberships (organization_id, id)
) {strict};

create index invitations_by_email on invitations (organization_id, email_normal, id);

create table invitation_grants (
    organization_id {uuid} not null references organizations (id),
    invitation_id   {uuid} not null,
    dso_id          {uuid} not null,
    role            text   not null check (role in ('ADMIN', 'MANAGER', 'VIEWER')),
    primary key (organization_id, invitation_id, dso_id),
    foreign key (organization_id, invitation_id) references invitations (organization_id, id),
    foreign key (organization_id, dso_id)        references dsos (organization_id, id)
) {strict};
";
