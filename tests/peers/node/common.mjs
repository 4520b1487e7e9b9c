// What Yoga and Mercurius share, as a typical team writes it: an executable schema, a pool, loaders made for each request, and the tenant's filter in
// every statement.
//   PGPORT, POOL   PostgreSQL's port, and how many connections

import DataLoader from 'dataloader';
import pg from 'pg';

import { claimsOf } from './token.mjs';

// Times as ISO texts, counts as numbers.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const login = { host: '127.0.0.1', port: Number(process.env.PGPORT), user: 'trusted', password: 'trusted', database: 'cs12' };
const pool = new pg.Pool({ ...login, max: Number(process.env.POOL ?? 16) });

/** Rows of a statement that is prepared under a name. */
const ask = async (name, text, values) => (await pool.query({ name, text, values })).rows;

const VISIBLE = `
  select d.id, d.name
  from app.dsos d
  join app.organization_members m on m.organization_id = d.organization_id and m.user_id = $2
  where d.organization_id = $1
    and (m.role in ('owner', 'admin')
      or exists (select from app.dso_grants g where g.organization_id = $1 and g.user_id = $2 and g.dso_id = d.id))
  order by d.name`;

const VIEWER = `
  select u.id, u.email, u.name
  from app.users u
  join app.organization_members m on m.user_id = u.id and m.organization_id = $1
  where u.id = $2`;

const DOCTORS = `
  select d.*
  from unnest($2::uuid[]) p(id),
  lateral (
    select id, dso_id "dsoId", name, email, risk_level "riskLevel", onboarding_period "onboardingPeriod", progress
    from app.doctors where organization_id = $1 and dso_id = p.id
    order by name, id limit $3) d`;

const ACTIVITIES = `
  select a.*
  from unnest($2::uuid[]) p(id),
  lateral (
    select id, doctor_id "doctorId", kind, occurred_at "occurredAt"
    from app.activities where organization_id = $1 and doctor_id = p.id
    order by occurred_at desc, id limit $3) a`;

const RISK = `
  select dso_id "dsoId", risk_level, count(*) n, sum(progress)::float8 s
  from app.doctors where organization_id = $1 and dso_id = any($2) group by 1, 2`;

const KINDS = `
  select dso_id "dsoId", kind, count(*) n
  from app.activities where organization_id = $1 and dso_id = any($2) and occurred_at >= $3 group by 1, 2`;

const LOG = `
  insert into app.activities (id, organization_id, dso_id, doctor_id, user_id, kind, occurred_at, note)
  select gen_random_uuid(), $1, dso_id, id, $2, $3, now(), $4
  from app.doctors where organization_id = $1 and id = $5 and dso_id = any($6)
  returning id, kind, occurred_at "occurredAt"`;

/** Who asks, and the loaders of their request; nothing if the token is not good. */
export function identify(authorization) {
  const claims = claimsOf(authorization);
  if (!claims) return {};
  const { org_id: org, user_id: user } = claims;
  return {
    org,
    user,
    dsos: once(() => ask('visible', VISIBLE, [org, user])),
    doctors: each((first) => lists('dsoId', (ids) => ask('doctors', DOCTORS, [org, ids, first]))),
    activities: each((first) => lists('doctorId', (ids) => ask('activities', ACTIVITIES, [org, ids, first]))),
    risk: lists('dsoId', (ids) => ask('risk', RISK, [org, ids])),
    kinds: each((since) => lists('dsoId', (ids) => ask('kinds', KINDS, [org, ids, since]))),
  };
}

/** Asks at the first use only. */
function once(load) {
  let loading;
  return () => (loading ??= load());
}

/** One loader for each value of an argument. */
function each(make) {
  const made = new Map();
  return (value) => {
    if (!made.has(value)) made.set(value, make(value));
    return made.get(value);
  };
}

/** A loader of the rows below each parent. */
function lists(key, load) {
  return new DataLoader(async (ids) => {
    const found = new Map(ids.map((id) => [id, []]));
    for (const row of await load(ids)) found.get(row[key])?.push(row);
    return ids.map((id) => found.get(id));
  });
}

export const typeDefs = /* GraphQL */ `
  type User { id: ID! email: String! name: String! }
  type Organization { id: ID! name: String! plan: String! }
  type Activity { id: ID! kind: String! occurredAt: String! }
  type Doctor {
    id: ID! name: String! email: String! riskLevel: String! onboardingPeriod: Int! progress: Int!
    activities(first: Int! = 20): [Activity!]!
  }
  type Kinds { phone: Int! email: Int! text: Int! }
  type Risk { low: Int! medium: Int! high: Int! }
  type Dso {
    id: ID! name: String!
    doctors(first: Int! = 20): [Doctor!]!
    risk: Risk! avgProgress: Float activityKinds(since: String!): Kinds!
  }
  type Query { viewer: User organization: Organization dsos(first: Int! = 20): [Dso!]! dso(id: ID!): Dso }
  type Mutation { logActivity(doctor: ID!, kind: String!, note: String!): Activity }
`;

/** A resolver for those signed in. */
const guarded = (resolve) => (parent, args, context) => {
  if (!context.org) throw new Error('unauthorized');
  return resolve(parent, args, context);
};

const tally = (rows, key, names) => Object.fromEntries(names.map((name) => [name, rows.find((row) => row[key] === name)?.n ?? 0]));
const total = (rows, key) => rows.reduce((sum, row) => sum + row[key], 0);

export const resolvers = {
  Query: {
    viewer: guarded(async (_, args, { org, user }) => (await ask('viewer', VIEWER, [org, user]))[0]),
    organization: guarded(async (_, args, { org }) => (await ask('organization', 'select id, name, plan from app.organizations where id = $1', [org]))[0]),
    dsos: guarded(async (_, { first }, { dsos }) => (await dsos()).slice(0, first)),
    dso: guarded(async (_, { id }, { dsos }) => (await dsos()).find((dso) => dso.id === id)),
  },
  Dso: {
    doctors: guarded(({ id }, { first }, { doctors }) => doctors(first).load(id)),
    risk: guarded(async ({ id }, args, { risk }) => tally(await risk.load(id), 'risk_level', ['low', 'medium', 'high'])),
    avgProgress: guarded(async ({ id }, args, { risk }) => {
      const rows = await risk.load(id);
      return rows.length > 0 ? total(rows, 's') / total(rows, 'n') : null;
    }),
    activityKinds: guarded(async ({ id }, { since }, { kinds }) => tally(await kinds(since).load(id), 'kind', ['phone', 'email', 'text'])),
  },
  Doctor: {
    activities: guarded(({ id }, { first }, { activities }) => activities(first).load(id)),
  },
  Mutation: {
    logActivity: guarded(async (_, { doctor, kind, note }, { org, user, dsos }) => {
      const visible = (await dsos()).map(({ id }) => id);
      return (await ask('log', LOG, [org, user, kind, note, doctor, visible]))[0];
    }),
  },
};
