//! The way in, as one statement.
//!
//! Owns `app_enter`. Invariant: the tenant's settings that it leaves in the transaction are those of an active membership
//! of the person that it was given, read in the same statement; where there is none it leaves none.
//!
//! It runs with the caller's own rights, so it reads nothing that the policies do not show to that person.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0021_context",
    up: "",
    sqlite_up: "",
    postgres_up: POSTGRES_UP,
    walls: &[],
    sqlite_down: "",
    postgres_down: "drop function app_enter(text, text, text, text, uuid);",
    down: "",
};

/// A row for each of the person's active memberships (one row without, for a person who has none; no row for somebody
/// whom nobody knows). `wanted_slug` is null where the request names no organization: then their default one is entered,
/// or their only one. A row that is `entered` has the DSOs that its member sees and, at the same place, their role there,
/// empty without a grant.
const POSTGRES_UP: &str = "
create function app_enter(its_issuer text, its_subject text, its_email text, wanted_slug text, wanted_id uuid)
returns table (
    user_id uuid, user_name text, user_email text, default_organization_id uuid,
    organization_id uuid, member_id uuid, last_seen_at timestamptz, role text, name text, slug text, status text,
    entered boolean, dso_ids uuid[], dso_roles text[])
language plpgsql volatile as $$
#variable_conflict use_column
declare
    here record;
    seen uuid[];
    roles text[];
begin
    perform set_config('app.issuer', its_issuer, true), set_config('app.subject', its_subject, true),
            set_config('app.email', its_email, true);

    select m.id as member_id, m.user_id, m.organization_id, m.role, o.status into here
    from identities i
    join users u on u.id = i.user_id
    join memberships m on m.user_id = u.id and m.status = 'ACTIVE'
    join organizations o on o.id = m.organization_id and o.deleted_at is null
    where i.issuer = its_issuer and i.subject = its_subject
      and case when wanted_slug is not null then o.slug = wanted_slug or o.id = wanted_id
               else o.id = u.default_organization_id or not exists (
                   select 1 from memberships other join organizations p on p.id = other.organization_id
                   where other.user_id = u.id and other.status = 'ACTIVE' and p.deleted_at is null
                     and other.organization_id <> m.organization_id) end
    order by o.name, o.id
    limit 1;

    if here.status = 'ACTIVE' then
        -- All of them, for the look at which of them they may see.
        perform set_config('app.user_id', here.user_id::text, true),
                set_config('app.organization_id', here.organization_id::text, true),
                set_config('app.dso_ids', '*', true);
        select coalesce(array_agg(d.id order by d.id), '{}'), coalesce(array_agg(coalesce(g.role, '') order by d.id), '{}')
        into seen, roles
        from dsos d
        left join dso_grants g
            on g.organization_id = d.organization_id and g.dso_id = d.id and g.member_id = here.member_id
        where d.organization_id = here.organization_id and d.deleted_at is null
          and (here.role in ('OWNER', 'ADMIN') or g.role is not null);
        -- Archived ones, too, for owners and admins, who can restore them.
        if here.role not in ('OWNER', 'ADMIN') then
            perform set_config('app.dso_ids', array_to_string(seen, ','), true);
        end if;
    end if;

    return query
    select u.id, u.name, u.email, u.default_organization_id, o.id, m.id, m.last_seen_at, m.role, o.name, o.slug, o.status,
           coalesce(m.organization_id = here.organization_id and here.status = 'ACTIVE', false), seen, roles
    from identities i
    join users u on u.id = i.user_id
    left join memberships m on m.user_id = u.id and m.status = 'ACTIVE'
    left join organizations o on o.id = m.organization_id and o.deleted_at is null
    where i.issuer = its_issuer and i.subject = its_subject
    order by o.name, o.id;
end
$$;
";
