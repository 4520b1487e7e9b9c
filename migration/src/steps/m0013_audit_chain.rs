//! The audit log, sealed: each event is chained to the one before it in its organization.
//!
//! Owns the columns of `audit_events` that tell of refusals, of where a request came from and of the chain, and
//! the triggers that keep what is written. Invariant: an event is never changed or removed, whoever asks.
//!
//! Events from before this step have no `sequence` and stand outside the chain.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0013_audit_chain",
    up: UP,
    sqlite_up: SQLITE_UP,
    postgres_up: POSTGRES_UP,
    walls: &[],
    sqlite_down: "
drop trigger audit_events_are_not_changed;
drop trigger audit_events_are_not_removed;
",
    postgres_down: "drop function audit_events_stay() cascade;",
    down: "
drop index audit_events_by_sequence;
alter table audit_events drop column hash;
alter table audit_events drop column sequence;
alter table audit_events drop column agent;
alter table audit_events drop column address;
alter table audit_events drop column reason;
alter table audit_events drop column outcome;
alter table audit_events drop column actor_user_id;
",
};

/// `actor_user_id` is no foreign key: it tells of people who are no members, such as one who declines an
/// invitation.
const UP: &str = "
alter table audit_events add column actor_user_id {uuid};
alter table audit_events add column outcome text not null default 'DONE' check (outcome in ('DONE', 'REFUSED'));
alter table audit_events add column reason text;
alter table audit_events add column address text;
alter table audit_events add column agent text;
alter table audit_events add column sequence integer check (sequence >= 1);
alter table audit_events add column hash text;

create unique index audit_events_by_sequence on audit_events (organization_id, sequence);
";

const SQLITE_UP: &str = "
create trigger audit_events_are_not_changed before update on audit_events
begin select raise(abort, 'the audit log is only added to'); end;

create trigger audit_events_are_not_removed before delete on audit_events
begin select raise(abort, 'the audit log is only added to'); end;
";

const POSTGRES_UP: &str = "
create function audit_events_stay() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is only added to';
end
$$;

create trigger audit_events_stay before update or delete or truncate on audit_events
    for each statement execute function audit_events_stay();
";
