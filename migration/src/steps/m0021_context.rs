//! The way in, as one statement.
//!
//! Owns `app_enter`. Invariant: the tenant's settings that it leaves in the transaction are those of an active membership
//! of the person that it was given, read in the same statement; where there is none it leaves none.
//!
//! It runs as a role of its own, `cs12_platform`, which may read who belongs where and nothing else: nobody logs in as it,
//! nobody is a member of it but whoever migrates, and it asks no policy a question for every row. (As the application, under
//! the policies of all six tables, the same look took three to six times as long: each of them was planned anew.)

use crate::rls::role;
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0021_context",
    up: "",
    sqlite_up: "",
    postgres_up: POSTGRES_UP,
    walls: &[],
    sqlite_down: "",
    postgres_down: POSTGRES_DOWN,
    down: "",
};

/// A row for each of the person's active memberships, with its organization (one row without, for a person who has none; no
/// row for somebody whom nobody knows). `wanted_slug` is null where the request names no organization: then their default one
/// is entered, or their only one. The row that is `entered` has the DSOs that its member sees and, at the same place, their
/// role there, empty without a grant.
///
/// Stable, though it leaves settings behind: so all of its selects see the one moment at which it was called. Otherwise a
/// membership that comes meanwhile is not entered by the first and told by the last.
const POSTGRES_UP: &str = concat!(
    role!("cs12_platform"),
    "
do $$
declare
    known text;
begin
    foreach known in array array['identities', 'users', 'memberships', 'organizations', 'dsos', 'dso_grants'] loop
        execute format('grant select on %I to cs12_platform', known);
        execute format('create policy %I on %I for select to cs12_platform using (true)', known || '_platform', known);
    end loop;
end
$$;

create function app_enter(its_issuer text, its_subject text, its_email text, wanted_slug text, wanted_id uuid)
returns table (
    user_id uuid, user_name text, user_email text, default_organization_id uuid,
    organization_id uuid, member_id uuid, last_seen_at timestamptz, role text,
    name text, slug text, status text, created_at timestamptz, updated_at timestamptz, version integer, seat_limit integer,
    entered boolean, dso_ids uuid[], dso_roles text[])
language plpgsql stable security definer as $$
#variable_conflict use_column
declare
    wanted boolean;
begin
    perform set_config('app.issuer', its_issuer, true), set_config('app.subject', its_subject, true),
            set_config('app.email', its_email, true);

    for user_id, user_name, user_email, default_organization_id, organization_id, member_id, last_seen_at, role,
        name, slug, status, created_at, updated_at, version, seat_limit, wanted in
        select u.id, u.name, u.email, u.default_organization_id, o.id, m.id, m.last_seen_at, m.role,
               o.name, o.slug, o.status, o.created_at, o.updated_at, o.version, o.seat_limit,
               case when wanted_slug is not null then o.slug = wanted_slug or o.id = wanted_id
                    else o.id = u.default_organization_id or count(o.id) over () = 1 end
        from identities i
        join users u on u.id = i.user_id
        left join memberships m on m.user_id = u.id and m.status = 'ACTIVE'
        left join organizations o on o.id = m.organization_id and o.deleted_at is null
        where i.issuer = its_issuer and i.subject = its_subject
        order by o.name, o.id
    loop
        entered := coalesce(wanted and status = 'ACTIVE', false);
        dso_ids := null;
        dso_roles := null;
        if entered then
            -- All of them, for the look at which of them they may see.
            perform set_config('app.user_id', user_id::text, true),
                    set_config('app.organization_id', organization_id::text, true),
                    set_config('app.dso_ids', '*', true);
            select coalesce(array_agg(d.id order by d.id), '{}'),
                   coalesce(array_agg(coalesce(g.role, '') order by d.id), '{}')
            into dso_ids, dso_roles
            from dsos d
            left join dso_grants g
                on g.organization_id = d.organization_id and g.dso_id = d.id and g.member_id = app_enter.member_id
            where d.organization_id = app_enter.organization_id and d.deleted_at is null
              and (app_enter.role in ('OWNER', 'ADMIN') or g.role is not null);
            -- Archived ones, too, for owners and admins, who can restore them.
            if role not in ('OWNER', 'ADMIN') then
                perform set_config('app.dso_ids', array_to_string(dso_ids, ','), true);
            end if;
        end if;
        return next;
    end loop;
end
$$;

revoke execute on function app_enter(text, text, text, text, uuid) from public;
grant execute on function app_enter(text, text, text, text, uuid) to cs12_app;

do $$
begin
    -- The caller's own tables come last: nobody puts another `memberships` in front of this one.
    execute format(
        'alter function app_enter(text, text, text, text, uuid) set search_path = %I, pg_temp', current_schema());
    -- To own something in it, a role must be allowed to make something in it.
    execute format('grant usage, create on schema %I to cs12_platform', current_schema());
    alter function app_enter(text, text, text, text, uuid) owner to cs12_platform;
    execute format('revoke create on schema %I from cs12_platform', current_schema());
end
$$;
"
);

/// The role stays: another database of the cluster may use it.
const POSTGRES_DOWN: &str = "
drop function app_enter(text, text, text, text, uuid);
do $$
declare
    known text;
begin
    foreach known in array array['identities', 'users', 'memberships', 'organizations', 'dsos', 'dso_grants'] loop
        execute format('drop policy %I on %I', known || '_platform', known);
        execute format('revoke select on %I from cs12_platform', known);
    end loop;
    execute format('revoke usage on schema %I from cs12_platform', current_schema());
end
$$;
";
