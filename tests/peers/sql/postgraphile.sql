-- What PostGraphile reads as fields: the caller, their organization, a DSO's figures, and a mutation. After rls.sql.
set search_path = app;

create or replace function app.viewer() returns app.users language sql stable as
  $$ select * from app.users where id = app.cur_user() $$;
create or replace function app.current_org() returns app.organizations language sql stable as
  $$ select * from app.organizations where id = app.cur_org() $$;

create type app.dso_stats as (low int, medium int, high int, avg_progress float8, phone int, email int, text int);

-- In PL/pgSQL, whose plans are kept for the session.
create or replace function app.dsos_stats(d app.dsos, since timestamptz) returns app.dso_stats language plpgsql stable as $$
begin
  return (
    select row(t.low, t.medium, t.high, t.p, a.phone, a.email, a.text_)::app.dso_stats
    from (
      select
        count(*) filter (where risk_level = 'low')::int low,
        count(*) filter (where risk_level = 'medium')::int medium,
        count(*) filter (where risk_level = 'high')::int high,
        avg(progress)::float8 p
      from app.doctors where organization_id = d.organization_id and dso_id = d.id) t, (
      select
        count(*) filter (where kind = 'phone')::int phone,
        count(*) filter (where kind = 'email')::int email,
        count(*) filter (where kind = 'text')::int text_
      from app.activities where organization_id = d.organization_id and dso_id = d.id and occurred_at >= since) a);
end $$;

create or replace function app.log_activity(doctor uuid, kind text, note text) returns app.activities language sql volatile as $$
  insert into app.activities (id, organization_id, dso_id, doctor_id, user_id, kind, occurred_at, note)
  select gen_random_uuid(), app.cur_org(), t.dso_id, t.id, app.cur_user(), log_activity.kind, now(), log_activity.note
  from app.doctors t where t.id = log_activity.doctor
  returning * $$;

-- Not fields: what the policies and the generator are made of.
comment on function app.cur_org() is E'@behavior -*';
comment on function app.cur_user() is E'@behavior -*';
comment on function app.visible_dsos() is E'@behavior -*';
comment on function app.uid(text, bigint) is E'@behavior -*';
comment on function app.rnd(int, bigint, int) is E'@behavior -*';
grant execute on all functions in schema app to app_user, trusted;
