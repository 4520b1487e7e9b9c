-- The peers' rows: every value is a function of its row's number, so each run makes the same bytes. psql -v orgs=100, after schema.sql.
set search_path = app;
set synchronous_commit = off;
-- No foreign-key checks while loading: the generator makes them hold.
set session_replication_role = replica;

create or replace function app.uid(tag text, n bigint) returns uuid language sql immutable parallel safe as
  $$ select md5('cs12:' || tag || ':' || n)::uuid $$;
-- A cheap hash: deterministic and well spread.
create or replace function app.rnd(tag int, n bigint, m int) returns int language sql immutable parallel safe as
  $$ select (abs(hashint8extended(n, tag)) % m)::int $$;

insert into organizations
  select uid('org', o), 'Organization ' || o, (array['free', 'team', 'enterprise'])[1 + rnd(1, o, 3)],
    timestamptz '2024-01-01' + o * interval '1 hour'
  from generate_series(1, :orgs) o;

-- 10 an organization: 1 owner, 1 admin, 8 members.
insert into users
  select uid('user', n), 'user' || n || '@example.test', 'User ' || n
  from generate_series(10, :orgs * 10 + 9) n;

insert into organization_members
  select uid('org', n / 10), uid('user', n), case n % 10 when 0 then 'owner' when 1 then 'admin' else 'member' end
  from generate_series(10, :orgs * 10 + 9) n;

insert into dsos
  select uid('dso', n), uid('org', n / 5), 'DSO ' || lpad((n % 5)::text, 2, '0') || ' of org ' || n / 5
  from generate_series(5, :orgs * 5 + 4) n;

-- Each member is granted 3 of the 5 DSOs.
insert into dso_grants
  select uid('org', o), uid('dso', o * 5 + (u + k) % 5), uid('user', o * 10 + u), (array['admin', 'manager', 'viewer'])[1 + k]
  from generate_series(1, :orgs) o, generate_series(2, 9) u, generate_series(0, 2) k;

insert into doctors
  select uid('doc', n), uid('org', n / 200), uid('dso', n / 40), 'Dr ' || lpad(rnd(2, n, 100000)::text, 5, '0') || ' ' || n,
    'doctor' || n || '@example.test', (array['low', 'low', 'medium', 'high'])[1 + rnd(3, n, 4)], 1 + rnd(4, n, 12), rnd(5, n, 101)
  from generate_series(200, (:orgs + 1) * 200 - 1) n;

insert into activities
  select uid('act', n), uid('org', n / 4000), uid('dso', n / 800), uid('doc', n / 20), uid('user', n / 4000 * 10 + rnd(6, n, 10)),
    (array['phone', 'email', 'text'])[1 + rnd(7, n, 3)],
    timestamptz '2026-01-01 00:00:00+00' + rnd(8, n, 150 * 86400) * interval '1 second' + n % 20 * interval '1 millisecond',
    'note ' || n || ' ' || md5(n::text)
  from generate_series(4000::bigint, (:orgs + 1) * 4000 - 1) n;
