//! A transaction is entered again with the rights that the request began with, or not at all.
//!
//! Owns `app_enter_again` with the caller's rights. The one without stays for gateways of the version before, and is to be dropped one
//! release later. Invariant: the settings that it leaves in the transaction are those of an active membership of the person that it was
//! given, read in the same statement, and only if that membership has the rights that it was given; otherwise it leaves none.
//!
//! Guards decide by the rights that were read when the request began. A later transaction of the same request must not run under them after
//! the role or a grant has changed, so the function compares both and answers with the rights as they are. Null instead of the caller's
//! rights accepts any: for a caller who has just changed their own.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0025_context_rights",
    up: "",
    sqlite_up: "",
    postgres_up: POSTGRES_UP,
    walls: &[],
    sqlite_down: "",
    postgres_down: "drop function app_enter_again(text, text, text, uuid, text);",
    down: "",
};

/// The rights are a text: the role and, of a member, each living DSO with the role there, ordered by the DSO's id. The gateway writes the same
/// text from what `app_enter` answered (`entity`, `session/rights.rs`). Owners and admins have all DSOs, whatever their grants.
///
/// Stable, so that both looks see one moment.
const POSTGRES_UP: &str = "
create function app_enter_again(its_issuer text, its_subject text, its_email text, wanted_id uuid, its_rights text) returns text
language plpgsql stable security definer as $$
declare
    its_user uuid;
    its_member uuid;
    its_role text;
    its_dsos text := '*';
    rights text;
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
        return null;
    end if;

    rights := its_role;
    -- Owners and admins see archived ones, too, and can restore them.
    if its_role not in ('OWNER', 'ADMIN') then
        select coalesce(string_agg(d.id::text, ',' order by d.id), ''),
               its_role || coalesce(string_agg(' ' || d.id::text || ' ' || g.role, '' order by d.id), '')
        into its_dsos, rights
        from dso_grants g
        join dsos d on d.organization_id = g.organization_id and d.id = g.dso_id and d.deleted_at is null
        where g.organization_id = wanted_id and g.member_id = its_member;
    end if;
    if rights <> its_rights then
        return rights;
    end if;
    told := set_config('app.user_id', its_user::text, true) || set_config('app.organization_id', wanted_id::text, true)
        || set_config('app.dso_ids', its_dsos, true);
    return rights;
end
$$;

revoke execute on function app_enter_again(text, text, text, uuid, text) from public;
grant execute on function app_enter_again(text, text, text, uuid, text) to cs12_app;

do $$
begin
    -- The caller's own tables come last: nobody puts another `memberships` in front of this one.
    execute format(
        'alter function app_enter_again(text, text, text, uuid, text) set search_path = %I, pg_temp', current_schema());
    -- To own something in it, a role must be allowed to make something in it.
    execute format('grant usage, create on schema %I to cs12_platform', current_schema());
    alter function app_enter_again(text, text, text, uuid, text) owner to cs12_platform;
    execute format('revoke create on schema %I from cs12_platform', current_schema());
end
$$;
";
