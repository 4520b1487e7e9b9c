//! Mails that are to be sent, written in the transaction of what they tell of.
//!
//! Owns `outbox`. Invariant: a mail is in here if and only if its cause was committed; it holds no token.

use crate::rls::{ORGANIZATION, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0018_outbox",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[Wall::new("outbox", ORGANIZATION).reading(WORKER).changing(WORKER)],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table outbox;",
};

/// The postman serves all organizations.
const WORKER: &str =
    "organization_id = (select app_organization_id()) or (select app_setting('app.worker')) = 'outbox'";

/// The index does not begin with the organization: the postman asks what is due, whoever sent it.
const UP: &str = "
create table outbox (
    organization_id {uuid}  not null references organizations (id),
    id              {uuid}  not null,
    invitation_id   {uuid}  not null,
    generation      integer not null,
    recipient       text    not null,
    content         {json}  not null,
    created_at      {time}  not null,
    attempts        integer not null default 0,
    due_at          {time}  not null,
    primary key (organization_id, id),
    foreign key (organization_id, invitation_id) references invitations (organization_id, id)
) {strict};

create index outbox_by_due on outbox (due_at);
";
