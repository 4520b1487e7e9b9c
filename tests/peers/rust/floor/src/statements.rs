//! One statement for each workload. Each filters by tenant itself and, except for the last, returns the whole answer
//! as JSON.
//!
//! Owns: the SQL. `$1` is the organization, `$2` the user; the meaning of `$3` depends on the workload.

/// DSOs that are visible to the user: all for owners and admins, the granted ones for members.
const VISIBLE: &str = "
visible as materialized (
  select d.id, d.name
  from app.dsos d
  join app.organization_members m on m.organization_id = d.organization_id and m.user_id = $2
  where d.organization_id = $1
    and (m.role in ('owner', 'admin')
      or exists (select from app.dso_grants g where g.organization_id = $1 and g.user_id = $2 and g.dso_id = d.id)))";

const VIEWER_AND_ORGANIZATION: &str = "
select json_build_object('data', json_build_object(
  'viewer', json_build_object('id', u.id, 'email', u.email, 'name', u.name),
  'organization', json_build_object('id', o.id, 'name', o.name, 'plan', o.plan)))::text
from app.organization_members m
join app.users u on u.id = m.user_id
join app.organizations o on o.id = m.organization_id
where m.organization_id = $1 and m.user_id = $2";

/// `$3` is the DSO.
const DOCTORS_OF_A_DSO: &str = "
with {VISIBLE}
select json_build_object('data', json_build_object('dso', (
  select json_build_object('id', v.id, 'name', v.name, 'doctors', (
    select coalesce(json_agg(json_build_object(
      'id', t.id, 'name', t.name, 'email', t.email,
      'riskLevel', t.risk_level, 'onboardingPeriod', t.onboarding_period)), '[]')
    from (
      select * from app.doctors t
      where t.organization_id = $1 and t.dso_id = v.id
      order by t.name, t.id limit 50) t))
  from visible v where v.id = $3)))::text";

const THREE_LEVELS: &str = "
with {VISIBLE}
select json_build_object('data', json_build_object('dsos', coalesce(json_agg(
  json_build_object('id', v.id, 'name', v.name, 'doctors', d.j) order by v.name), '[]')))::text
from (select * from visible order by name limit 5) v,
lateral (
  select json_agg(json_build_object(
    'id', t.id, 'name', t.name, 'progress', t.progress,
    'riskLevel', t.risk_level, 'activities', x.j) order by t.name, t.id) j
  from (
    select * from app.doctors t
    where t.organization_id = $1 and t.dso_id = v.id
    order by t.name, t.id limit 20) t,
  lateral (
    select json_agg(json_build_object('id', a.id, 'kind', a.kind, 'occurredAt', a.occurred_at)
      order by a.occurred_at desc, a.id) j
    from (
      select a.id, a.kind, a.occurred_at from app.activities a
      where a.organization_id = $1 and a.doctor_id = t.id
      order by a.occurred_at desc, a.id limit 5) a) x) d";

/// `$3` is the time from which on activities are counted.
const FIGURES: &str = "
with {VISIBLE},
d as (
  select t.dso_id, avg(progress)::float8 p,
    count(*) filter (where risk_level = 'low') low,
    count(*) filter (where risk_level = 'medium') medium,
    count(*) filter (where risk_level = 'high') high
  from app.doctors t where t.organization_id = $1 group by 1),
a as (
  select a.dso_id,
    count(*) filter (where kind = 'phone') phone,
    count(*) filter (where kind = 'email') email,
    count(*) filter (where kind = 'text') text_
  from visible v,
  lateral (
    select * from app.activities a
    where a.organization_id = $1 and a.dso_id = v.id and a.occurred_at >= $3::text::timestamptz) a
  group by 1)
select json_build_object('data', json_build_object('dsos', coalesce(json_agg(json_build_object(
  'id', v.id, 'name', v.name, 'avgProgress', p,
  'low', coalesce(low, 0), 'medium', coalesce(medium, 0), 'high', coalesce(high, 0),
  'phone', coalesce(phone, 0), 'email', coalesce(email, 0), 'text', coalesce(text_, 0)) order by v.name), '[]')))::text
from visible v left join d on d.dso_id = v.id left join a on a.dso_id = v.id";

/// `$3` is the doctor.
const LOG_ACTIVITY: &str = "
with {VISIBLE},
i as (
  insert into app.activities (id, organization_id, dso_id, doctor_id, user_id, kind, occurred_at, note)
  select gen_random_uuid(), $1, t.dso_id, t.id, $2, 'phone', now(), 'bench'
  from app.doctors t join visible v on v.id = t.dso_id
  where t.organization_id = $1 and t.id = $3
  returning id)
select json_build_object('data', json_build_object('logActivity', (select json_build_object('id', id) from i)))::text";

/// The three levels as rows.
const THREE_LEVELS_AS_ROWS: &str = "
with {VISIBLE}
select v.id, v.name, t.id, t.name, t.progress, t.risk_level, x.id, x.kind, x.occurred_at
from (select * from visible order by name limit 5) v,
lateral (
  select * from app.doctors t
  where t.organization_id = $1 and t.dso_id = v.id
  order by t.name, t.id limit 20) t
left join lateral (
  select a.id, a.kind, a.occurred_at from app.activities a
  where a.organization_id = $1 and a.doctor_id = t.id
  order by a.occurred_at desc, a.id limit 5) x on true
order by v.name, v.id, t.name, t.id, x.occurred_at desc, x.id";

/// Index of the statement that returns rows.
pub const AS_ROWS: usize = 5;

/// All statements: the workloads in their order, then the one that returns rows.
pub fn all() -> impl Iterator<Item = String> {
    [VIEWER_AND_ORGANIZATION, DOCTORS_OF_A_DSO, THREE_LEVELS, FIGURES, LOG_ACTIVITY, THREE_LEVELS_AS_ROWS]
        .into_iter()
        .map(|statement| statement.replace("{VISIBLE}", VISIBLE))
}
