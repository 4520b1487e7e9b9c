-- The peers' rows in our own schema: the same ids, names and times. psql -v orgs=100, on a database that the gateway has migrated.
-- What the peers do not have is made so that it changes no answer: owners and admins need no grant, a member's are of DSOs 2, 3 and 4.
set synchronous_commit = off;
-- No foreign-key checks and triggers while loading: the generator makes them hold.
set session_replication_role = replica;

create schema bench;
create function bench.uid(tag text, n bigint) returns uuid language sql immutable parallel safe as
  $$ select md5('cs12:' || tag || ':' || n)::uuid $$;
create function bench.rnd(tag int, n bigint, m int) returns int language sql immutable parallel safe as
  $$ select (abs(hashint8extended(n, tag)) % m)::int $$;

insert into organizations (id, name, slug, status, created_at, updated_at)
  select bench.uid('org', o), 'Organization ' || o, 'organization-' || o, 'ACTIVE', t, t
  from generate_series(1, :orgs) o, lateral (select timestamptz '2024-01-01' + o * interval '1 hour' as t) made;

insert into users (id, email, email_normal, name, created_at, updated_at)
  select bench.uid('user', n), e, e, 'User ' || n, '2024-01-01Z', '2024-01-01Z'
  from generate_series(10, :orgs * 10 + 9) n, lateral (select 'user' || n || '@example.test' as e) address;

insert into identities (issuer, subject, user_id, created_at)
  select 'peers', id::text, id, created_at from users;

-- 10 an organization: 1 owner, 1 admin, 8 members. Seen now: the first request of somebody not seen for long writes that down.
insert into memberships (organization_id, id, user_id, role, status, created_at, updated_at, last_seen_at)
  select bench.uid('org', n / 10), bench.uid('mem', n), bench.uid('user', n),
    case n % 10 when 0 then 'OWNER' when 1 then 'ADMIN' else 'MEMBER' end, 'ACTIVE', '2024-01-01Z', '2024-01-01Z', now()
  from generate_series(10, :orgs * 10 + 9) n;

insert into dsos (organization_id, id, name, created_at, updated_at)
  select bench.uid('org', n / 5), bench.uid('dso', n), 'DSO ' || lpad((n % 5)::text, 2, '0') || ' of org ' || n / 5, '2024-01-01Z', '2024-01-01Z'
  from generate_series(5, :orgs * 5 + 4) n;

-- At least manager, where the peers have a viewer: doctors' e-mails, for which a workload asks, need it here.
insert into dso_grants (organization_id, id, dso_id, member_id, role, created_at)
  select bench.uid('org', o), bench.uid('grant', (o * 10 + u) * 10 + k), bench.uid('dso', o * 5 + (u + k) % 5), bench.uid('mem', o * 10 + u),
    (array['ADMIN', 'MANAGER', 'MANAGER'])[1 + k], '2024-01-01Z'
  from generate_series(1, :orgs) o, generate_series(2, 9) u, generate_series(0, 2) k;

-- Progress is the mean over twelve periods here, kept as their sum; each period of a doctor has the same.
insert into doctors (organization_id, id, dso_id, name, email, email_normal, risk, onboarding_period, progress, joined_at, created_at, updated_at)
  select bench.uid('org', n / 200), bench.uid('doc', n), bench.uid('dso', n / 40), 'Dr ' || lpad(bench.rnd(2, n, 100000)::text, 5, '0') || ' ' || n, e, e,
    (array['LOW', 'LOW', 'MEDIUM', 'HIGH'])[1 + bench.rnd(3, n, 4)], 1 + bench.rnd(4, n, 12), 12 * bench.rnd(5, n, 101),
    '2024-01-01Z', '2024-01-01Z', '2024-01-01Z'
  from generate_series(200, (:orgs + 1) * 200 - 1) n, lateral (select 'doctor' || n || '@example.test' as e) address;

insert into onboarding_periods (organization_id, id, dso_id, doctor_id, period, percent, recorded_at)
  select bench.uid('org', n / 200), bench.uid('per', n * 12 + p), bench.uid('dso', n / 40), bench.uid('doc', n), p, bench.rnd(5, n, 101), '2024-01-01Z'
  from generate_series(200, (:orgs + 1) * 200 - 1) n, generate_series(1, 12) p;

insert into activities (organization_id, id, dso_id, doctor_id, actor_member_id, kind, occurred_at, note, created_at, updated_at)
  select bench.uid('org', n / 4000), bench.uid('act', n), bench.uid('dso', n / 800), bench.uid('doc', n / 20), bench.uid('mem', n / 4000 * 10 + bench.rnd(6, n, 10)),
    (array['PHONE', 'EMAIL', 'TEXT'])[1 + bench.rnd(7, n, 3)],
    timestamptz '2026-01-01 00:00:00+00' + bench.rnd(8, n, 150 * 86400) * interval '1 second' + n % 20 * interval '1 millisecond',
    'note ' || n || ' ' || md5(n::text), '2026-06-01Z', '2026-06-01Z'
  from generate_series(4000::bigint, (:orgs + 1) * 4000 - 1) n;

update doctors d set last_contact_at = a.at
  from (select organization_id, doctor_id, max(occurred_at) as at from activities group by 1, 2) a
  where a.organization_id = d.organization_id and a.doctor_id = d.id;

-- What the gateway computes with each row: of plain letters, the same in lower case.
update dsos set name_key = lower(name) || chr(1) || name;
update doctors set name_key = lower(name) || chr(1) || name, search_text = lower(name);

drop schema bench cascade;
