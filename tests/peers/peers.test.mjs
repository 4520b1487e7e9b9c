// What the comparison reckons without any server: ids, shapes, ratios, tables. Run by tests/run; alone: node --test tests/peers/peers.test.mjs

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isEmpty, shape } from './answers.mjs';
import { faults } from './measure.mjs';
import { options } from './options.mjs';
import { bodies, declared } from './requests.mjs';
import { SERVERS, chosen } from './servers.mjs';
import { details, digest, growth, median, ratios, summary, table } from './table.mjs';
import { publicId, tenants, uid, uuidOf } from './tenants.mjs';

test('a public id is the TypeID of its UUID, and leads back to it', () => {
  const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';
  assert.equal(publicId('doc', uuid), 'doc_01h455vb4pex5vsknk084sn02q');
  assert.equal(uuidOf('doc_01h455vb4pex5vsknk084sn02q'), uuid);
  for (const whole of ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff']) assert.equal(uuidOf(publicId('x', whole)), whole);
  assert.equal(uuidOf('Dr 00012 300'), null);
});

test('ids of rows are those that the SQL makes', () => {
  // select md5('cs12:org:1')::uuid
  assert.match(uid('org', 1), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(uid('org', 1), '16475f0a-adc2-c9fa-5138-301572680be4');
});

test('a hundred tenants are spread over the organizations, owners and members in turn', () => {
  const found = tenants(1000);
  assert.equal(found.length, 100);
  assert.equal(new Set(found.map(({ org }) => org)).size, 100);
  assert.equal(tenants(7).length, 7);
  const roles = found.map(({ token }) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).role);
  assert.deepEqual(roles.slice(0, 3), ['owner', 'member', 'owner']);
});

test('a query gets the variables that it declares, and the floor all', () => {
  assert.deepEqual(declared('query ($dso: ID!) { dso(id: $dso) { id } }', { dso: 1, doctor: 2 }), { dso: 1 });
  const [tenant] = tenants(100);
  const floor = JSON.parse(bodies({ name: 'floor' }, 'w2', [tenant])[0]);
  assert.deepEqual(floor, { variables: { org: tenant.org, user: tenant.user, dso: tenant.dso, doctor: tenant.doctor, since: tenant.since } });
  const ours = JSON.parse(bodies(SERVERS.find(({ isOurs }) => isOurs), 'w2', [tenant])[0]);
  assert.deepEqual(ours.variables, { dso: publicId('dso', tenant.dso) });
});

test('every server has a query for each of its workloads', () => {
  for (const server of SERVERS) for (const workload of server.workloads) assert.equal(bodies(server, workload, tenants(100)).length, 100);
});

test('answers of different servers have one shape', () => {
  const uuid = uid('doc', 1);
  const activity = { id: uuid, kind: 'phone', occurredAt: '2026-01-01T00:00:00.001+00:00' };
  const theirs = { data: { dsos: [{ id: uuid, name: 'D', doctors: [{ id: uuid, riskLevel: 'low', activities: [activity] }] }] } };
  const id = publicId('doc', uuid);
  const doctors = { nodes: [{ id, riskLevel: 'LOW', activities: { nodes: [{ id, kind: 'PHONE', occurredAt: '2026-01-01T00:00:00.001000Z' }] } }] };
  const ours = { data: { dsos: { nodes: [{ id, name: 'D', doctors }] } } };
  assert.deepEqual(shape('w3', ours), shape('w3', theirs));
  activity.occurredAt = '2026-01-01T00:00:00.002+00:00';
  assert.notDeepEqual(shape('w3', ours), shape('w3', theirs));
});

test('figures have one shape, wherever they stand', () => {
  const expected = [{ id: 'i', name: 'D', low: 1, medium: 0, high: 2, phone: 3, email: 0, text: 4, avgProgress: 12.345679 }];
  const flat = { id: 'i', name: 'D', low: 1, medium: 0, high: 2, phone: 3, email: 0, text: 4, avgProgress: 12.3456789 };
  const overview = {
    doctorsByRisk: [{ risk: 'LOW', doctors: { count: 1 } }, { risk: 'HIGH', doctors: { count: 2 } }, { risk: null, doctors: { count: 0 } }],
    averageProgress: { value: 12.3456789 },
    activitiesByKind: [{ kind: 'PHONE', activities: { count: 3 } }, { kind: 'TEXT', activities: { count: 4 } }],
  };
  assert.deepEqual(shape('w4', { data: { dsos: [flat] } }), expected);
  assert.deepEqual(shape('w4', { data: { dsos: { nodes: [{ id: 'i', name: 'D', overview }] } } }), expected);
});

test('an answer without rows is empty, and one with a row is not', () => {
  assert.equal(isEmpty({ errors: ['no'] }), true);
  assert.equal(isEmpty({ data: { dso: null, dsos: { nodes: [] } } }), true);
  assert.equal(isEmpty({ data: { dso: null, dsos: [{}] } }), false);
  assert.equal(isEmpty({ data: { viewer: { id: 'i' } } }), false);
});

test('an answer with errors has no other shape', () => {
  assert.match(shape('w1', { data: null, errors: [{ message: 'no' }] }).errors, /no/);
});

const SAME = { workload: 'w1', p50: 1, p99: 3, statements: 2, rows: 1, memory: 10, load: 0, faults: [] };
const record = (server, pass, perSecond, cpu) => ({ ...SAME, server, pass, perSecond, serverCpu: cpu, postgresCpu: cpu });
const RECORDS = [
  record('floor', 0, 1000, 10),
  record('floor', 1, 500, 20),
  record('ours', 0, 500, 30),
  record('ours', 1, 250, 60),
  record('yoga', 0, 100, 100),
  record('yoga', 1, 100, 100),
];

test('a median is the middle one, or the mean of the two', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
});

test('ratios are made within a pass: a busy pass harms both', () => {
  const of = (name) => RECORDS.filter(({ server }) => server === name);
  assert.deepEqual(ratios(of('ours'), of('floor')), { perSecond: 0.5, cpu: 3 });
  assert.equal(ratios(of('ours'), []), null);
});

test('the best peer is neither ours nor a limit', () => {
  const [found] = summary(RECORDS, ['floor']);
  assert.equal(found.best, 'yoga');
  assert.deepEqual(found.servers.map(({ name }) => name), ['floor', 'ours', 'yoga']);
  assert.match(digest([found]), /\| 375 \| 0\.50 \| 3\.75 \| 3\.00 \| 0\.45 \|/);
  assert.match(details(found), /\| ours \| 375 \(500, 250\) \| 0\.50 \|/);
});

test('the best peer in requests need not be the one in CPU', () => {
  const [found] = summary([...RECORDS, record('lean', 0, 50, 10), record('lean', 1, 50, 10)], ['floor']);
  assert.equal(found.best, 'yoga, lean');
  const { overBest } = found.servers.find(({ name }) => name === 'ours');
  assert.deepEqual(overBest, { perSecond: 3.75, cpu: 4.5 });
});

test('growth sets CPU and statements of two amounts of data side by side', () => {
  const few = summary([record('ours', 0, 100, 50)], []);
  const many = summary([record('ours', 0, 100, 55)], []);
  assert.match(growth(few, many), /\| 100 \| 110 \| 1\.10 \| 2\.00 \| 2\.00 \|/);
});

test('a table has a line for its head, its rule and each row', () => {
  assert.equal(table(['a', 'b'], [[1, 2]]), '| a | b |\n| --- | --- |\n| 1 | 2 |');
});

test('a run with refusals or with answers of another size is worthless', () => {
  const fine = { requests: 10, refused: 0, broken: 0, late: 0 };
  assert.deepEqual(faults(fine, 1010, 1000), []);
  assert.equal(faults(fine, 500, 1000).length, 1);
  assert.equal(faults({ ...fine, refused: 1, broken: 1, late: 1 }, 1000, 1000).length, 3);
  assert.deepEqual(faults({ ...fine, requests: 0 }, 1000, 1000), ['no answers']);
});

test('the command line is checked', () => {
  assert.equal(options([]).organizations, 100);
  assert.equal(options(['--scale', 'L']).organizations, 1000);
  assert.equal(options(['--scale', '7']).organizations, 7);
  for (const wrong of [['--scale', 'X'], ['--passes', '0'], ['--workloads', 'w9'], ['--unknown']]) assert.throws(() => options(wrong));
  assert.throws(() => chosen(['nobody']));
  assert.deepEqual(chosen(['ours']).map(({ name }) => name), ['floor', 'ours']);
  const [, , beside] = chosen(['ours'], 'another');
  assert.equal(beside.name, 'beside');
  assert.equal(beside.command({ gateway: 'one', port: 1 }).program, 'another');
});
