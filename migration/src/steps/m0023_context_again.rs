//! The way in once more, for somebody who was let in a moment ago.
//!
//! Owns `app_enter_again`. Invariant: as that of `app_enter`: the settings that it leaves in the transaction are those of an active
//! membership of the person that it was given, read in the same statement; where there is none it leaves none.
//!
//! `app_enter` tells the gateway all about a person and finds out which organization they mean. Each further transaction of the same
//! operation knows that; it only has to be let in anew. So this looks at three rows by their keys, and at the grants of whoever is
//! neither owner nor admin.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0023_context_again",
    up: "",
    sqlite_up: "",
    postgres_up: POSTGRES_UP,
    walls: &[],
    sqlite_down: "",
    postgres_down: "drop function app_enter_again(text, text, text, uuid);",
    down: "",
};

/// Settings are made in assignments: what has no table in it is evaluated as it stands, where a `perform` runs a query.
///
/// Stable, so that both looks see one moment.
const POSTGRES_UP: &str = "
create function app_enter_again(its_issuer text, its_subject text, its_email text, wanted_id uuid) returns boolean
language plpgsql stable security definer as $$
declare
    its_user uuid;
    its_member uuid;
    its_role text;
    its_dsos text := '*';
    told text;
begin
    told := set_config('app.issuer', its_issuer, true) || set_config('app.subject', its_subject, true)
        || set_config('app.email', its_email, true);

    select m.user_id, m.id, m.role into its_user, its_member, its_role
    from identities i
    join memberships m on m.user_id = i.user_id and m.organization_id = wanted_id and m.status = 'ACTIVE'
    join organizations o on o.id = m.organization_id and o.status = 'ACTIVE' and o.deleted_at is null
    where i.issuer = its_issuer and i.subject = its_subject;
    if not found then
        return false;
    end if;

    -- Owners and admins see archived ones, too, and can restore them.
    if its_role not in ('OWNER', 'ADMIN') then
        select coalesce(string_agg(d.id::text, ',' order by d.id), '') into its_dsos
        from dso_grants g
        join dsos d on d.organization_id = g.organization_id and d.id = g.dso_id and d.deleted_at is null
        where g.organization_id = wanted_id and g.member_id = its_member;
    end if;
    told := set_config('app.user_id', its_user::text, true) || set_config('app.organization_id', wanted_id::text, true)
        || set_config('app.dso_ids', its_dsos, true);
    return true;
end
$$;

revoke execute on function app_enter_again(text, text, text, uuid) from public;
grant execute on function app_enter_again(text, text, text, uuid) to cs12_app;

do $$
begin
    -- The caller's own tables come last: nobody puts another `memberships` in front of this one.
    execute format(
        'alter function app_enter_again(text, text, text, uuid) set search_path = %I, pg_temp', current_schema());
    -- To own something in it, a role must be allowed to make something in it.
    execute format('grant usage, create on schema %I to cs12_platform', current_schema());
    alter function app_enter_again(text, text, text, uuid) owner to cs12_platform;
    execute format('revoke create on schema %I from cs12_platform', current_schema());
end
$$;
";
