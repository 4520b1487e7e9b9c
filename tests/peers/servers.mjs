// The servers: how each is started, where it answers, and what it does for the safety of its tenants.
//
// Owns: the list. All have 16 connections to PostgreSQL but the floor without walls, which needs only 8. A server's workloads are those
// for which it has a query; `floor-rows` is the floor's process, asked elsewhere.

import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const READ = ['w1', 'w2', 'w3', 'w4'];
const ALL = [...READ, 'w5'];
const graphql = () => '/graphql';

const node = (file) => ({ program: process.execPath, args: [file], cwd: `${here}node` });
const rust = (name) => ({ target }) => ({ program: `${target}/peers/rust/release/${name}` });

const ours = (program, port) => ({ program, args: ['serve', '--config', `${here}ours.toml`, '--listen', `127.0.0.1:${port}`] });

export const SERVERS = [
  {
    name: 'floor',
    about: 'the practical limit: one hand-written statement that returns ready JSON, no GraphQL',
    walls: 'filter in the statement',
    workloads: ALL,
    path: (workload) => `/${workload}`,
    command: rust('floor'),
    isLimit: true,
  },
  {
    name: 'floor-rls',
    about: 'the same under row-level security',
    walls: 'filter and row-level security',
    workloads: ALL,
    path: (workload) => `/${workload}`,
    command: rust('floor'),
    environment: { FLOOR_RLS: '1', POOL: '16' },
    isLimit: true,
  },
  {
    name: 'floor-rows',
    about: 'the floor, but with rows from the database and JSON made in the server',
    walls: 'filter in the statement',
    workloads: ['w3'],
    path: (workload) => `/${workload}rows`,
    processOf: 'floor',
    isLimit: true,
  },
  {
    name: 'ours',
    about: 'this gateway as in production: guards, limits, logging',
    walls: 'scope and row-level security',
    workloads: ALL,
    queries: 'ours',
    path: graphql,
    command: ({ gateway, port }) => ours(gateway, port),
    isOurs: true,
    hasPublicIds: true,
    // Our organizations have no plan; their slug is read in its place.
    lacksPlan: true,
  },
  {
    name: 'seaography',
    about: 'schema made of the entities; loaders made for each request, because its own mix tenants',
    walls: 'filter by a hook',
    workloads: READ,
    queries: 'seaography',
    path: graphql,
    command: rust('seaography-peer'),
  },
  {
    name: 'mercurius',
    about: 'hand-written resolvers and loaders on Fastify, compiled queries',
    walls: 'filter in each statement',
    workloads: ALL,
    queries: 'node',
    path: graphql,
    command: () => node('mercurius.mjs'),
  },
  {
    name: 'yoga',
    about: 'the same resolvers and loaders on GraphQL Yoga',
    walls: 'filter in each statement',
    workloads: ALL,
    queries: 'node',
    path: graphql,
    command: () => node('yoga.mjs'),
  },
  {
    name: 'postgraphile',
    about: 'schema made of the database, one planned statement or few',
    walls: 'row-level security',
    workloads: ALL,
    queries: 'postgraphile',
    path: graphql,
    command: () => node('postgraphile.mjs'),
  },
];

/** Another build of our gateway, for telling what a change of it costs. */
function another(program) {
  const server = SERVERS.find(({ isOurs }) => isOurs);
  return { ...server, name: 'beside', about: 'another build of this gateway', command: ({ port }) => ours(program, port) };
}

/** Those that were asked for, and the floor: everything is compared with it. */
export function chosen(names, beside) {
  const all = beside ? SERVERS.flatMap((server) => (server.isOurs ? [server, another(beside)] : [server])) : SERVERS;
  if (!names) return all;
  const unknown = names.filter((name) => !all.some((server) => server.name === name));
  if (unknown.length > 0) throw new Error(`no such server: ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}`);
  return all.filter(({ name }) => name === 'floor' || name === 'beside' || names.includes(name));
}
