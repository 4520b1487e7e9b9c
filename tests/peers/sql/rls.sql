-- The roles and the policies: `web` becomes `app_user` and is bound by them, `trusted` passes them all.
set search_path = app;
do $$ begin
  if not exists (select from pg_roles where rolname='app_user') then create role app_user nologin; end if;
  if not exists (select from pg_roles where rolname='web') then create role web login password 'web' noinherit; end if;
  -- trusted: the application filters tenants itself (Yoga, Mercurius, Seaography, floor); table owner rights, no RLS
  if not exists (select from pg_roles where rolname='trusted') then create role trusted login password 'trusted' bypassrls; end if;
end $$;
grant app_user to web;
grant app_user to trusted;
grant usage on schema app to app_user, trusted;
grant select on all tables in schema app to app_user, trusted;
grant insert, delete on app.activities to app_user, trusted;
-- identity, read once a statement: wrapped in (select ...) so that the planner makes an InitPlan
create or replace function app.cur_org() returns uuid language sql stable parallel safe as
 $$ select nullif(current_setting('app.org_id', true),'')::uuid $$;
create or replace function app.cur_user() returns uuid language sql stable parallel safe as
 $$ select nullif(current_setting('app.user_id', true),'')::uuid $$;
-- DSOs that the caller may see: all for owners and admins, the granted ones for members.
-- plpgsql on purpose: its plan is kept for the session; the same body as a SQL function is planned anew at every call (0.4 ms against 0.05)
create or replace function app.visible_dsos() returns uuid[] language plpgsql stable security definer set search_path = app as
 $$ begin return (select coalesce(array_agg(d.id), '{}') from dsos d
     join organization_members m on m.organization_id = d.organization_id and m.user_id = cur_user()
     where d.organization_id = cur_org()
       and (m.role in ('owner','admin') or exists (select from dso_grants g
            where g.organization_id = d.organization_id and g.user_id = m.user_id and g.dso_id = d.id))); end $$;
do $$ declare t text; begin
  foreach t in array array['organizations','users','organization_members','dsos','dso_grants','doctors','activities'] loop
    execute format('alter table app.%I enable row level security', t);
    execute format('drop policy if exists tenant on app.%I', t);
  end loop;
end $$;
create policy tenant on organizations to app_user using (id = (select cur_org()));
create policy tenant on users to app_user using (id = (select cur_user()) or exists (select from organization_members m
   where m.organization_id = (select cur_org()) and m.user_id = users.id));
create policy tenant on organization_members to app_user using (organization_id = (select cur_org()));
create policy tenant on dso_grants to app_user using (organization_id = (select cur_org()));
create policy tenant on dsos to app_user using (organization_id = (select cur_org()) and id = any ((select visible_dsos())::uuid[]));
create policy tenant on doctors to app_user using (organization_id = (select cur_org()) and dso_id = any ((select visible_dsos())::uuid[]));
create policy tenant on activities to app_user using (organization_id = (select cur_org()) and dso_id = any ((select visible_dsos())::uuid[]))
  with check (organization_id = (select cur_org()) and dso_id = any ((select visible_dsos())::uuid[]) and user_id = (select cur_user()));
