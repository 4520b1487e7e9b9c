//! What a change of who may see what waits for.
//!
//! Owns the triggers on the tables that entering reads. Invariant: nobody changes what entering reads while anybody remembers
//! what they have read there.
//!
//! A gateway remembers only while it holds one advisory lock, alone (`entity`, `db/keeper.rs`). Whoever changes one of these
//! tables takes the same lock first, shared, until their transaction ends: another gateway, an import, somebody at a prompt.
//! So they wait until the gateway has forgotten everything and given the lock up, which it does at once when it is asked for.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0022_context_changes",
    up: "",
    sqlite_up: "",
    postgres_up: POSTGRES_UP,
    walls: &[],
    sqlite_down: "",
    postgres_down: POSTGRES_DOWN,
    down: "",
};

/// The columns are those that entering reads: that a member was seen, and a DSO's new name, wait for nobody.
const POSTGRES_UP: &str = "
create function app_context_changes() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(1668493618);
    return null;
end
$$;

create trigger identities_context before insert or delete or update
    on identities for each statement execute function app_context_changes();
create trigger users_context before insert or delete or update of id, name, email, default_organization_id
    on users for each statement execute function app_context_changes();
create trigger memberships_context before insert or delete or update of id, organization_id, user_id, role, status
    on memberships for each statement execute function app_context_changes();
create trigger organizations_context before insert or delete or update
    on organizations for each statement execute function app_context_changes();
create trigger dsos_context before insert or delete or update of id, organization_id, deleted_at
    on dsos for each statement execute function app_context_changes();
create trigger dso_grants_context before insert or delete or update
    on dso_grants for each statement execute function app_context_changes();
";

const POSTGRES_DOWN: &str = "
drop trigger identities_context on identities;
drop trigger users_context on users;
drop trigger memberships_context on memberships;
drop trigger organizations_context on organizations;
drop trigger dsos_context on dsos;
drop trigger dso_grants_context on dso_grants;
drop function app_context_changes();
";
