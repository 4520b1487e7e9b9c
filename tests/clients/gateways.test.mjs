// Two gateways over one PostgreSQL: changes made at one arrive at subscribers of the other, and so does the end of their rights.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import WebSocket from 'ws';
import { startPostgres } from '../crash/postgres.mjs';
import { program, SECRET } from '../operation/gateway.mjs';
import { changes, connect } from './subscribe.mjs';

const run = promisify(execFile);
const SECOND = 1_000;
const PATIENCE = 20_000;

let postgres;
let folder;
let options;
const gateways = [];

async function serve() {
  const process = spawn(program, ['serve', '--listen', 'localhost:0', '--database-url', postgres.servedUrl], { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  const lines = createInterface({ input: process.stderr });
  for await (const line of lines) {
    const found = /serving GraphQL at (http:\S+)/.exec(line);
    if (found) {
      process.stderr.resume();
      gateways.push({ process, url: found[1] });
      return;
    }
  }
  throw new Error('the gateway did not start');
}

const token = async (email, lifetime = '1h') => (await run(program, ['token', '--email', email, '--lifetime', lifetime], options)).stdout.trim();

async function ask(gateway, token, query, organization) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  if (organization) headers['x-organization-id'] = organization;
  const answer = await fetch(gateways[gateway].url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

async function until(holds) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await pause(10)) if (holds()) return;
  assert.fail(`it does not come true: ${holds}`);
}

async function subscribe(gateway, token, organization) {
  const seen = { got: [], closed: null };
  const headers = () => ({ authorization: `Bearer ${token}`, 'x-organization-id': organization });
  const client = connect(gateways[gateway].url, headers, {
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    on: { closed: ({ code }) => (seen.closed = { code, at: Date.now() }) },
  });
  changes(client, (message) => seen.got.push(message), () => {});
  await until(() => seen.got.length > 0 || seen.closed);
  return { seen, dispose: () => client.dispose() };
}

before(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'cs12-gateways-'));
  await writeFile(join(folder, 'secret'), SECRET);
  const others = Object.entries(process.env).filter(([name]) => !/^CS12_|^DATABASE_URL$|^PORT$/.test(name));
  const issuers = '[{"issuer": "suite", "audience": "cs12", "secret_file": "secret"}]';
  // No leeway: a token ends when it says so.
  const ours = { NO_COLOR: '1', CS12_AUTHN__ISSUERS: issuers, CS12_AUTHN__LEEWAY_SECONDS: '0', CS12_SERVER__DRAIN_SECONDS: '0' };
  options = { cwd: folder, env: { ...Object.fromEntries(others), ...ours } };
  await run(program, ['migrate', 'up', '--database-url', postgres.url], options);
  await postgres.grant();
  await serve();
  await serve();
});
after(async () => {
  for (const { process } of gateways) process.kill('SIGKILL');
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

it('sends at one gateway what was changed at the other, within a second', async () => {
  const ada = await token('ada@suite.example');
  const { viewer } = await ask(0, ada, '{ viewer { memberships { organizationSlug } } }');
  const [{ organizationSlug: slug }] = viewer.memberships;
  const made = await ask(0, ada, 'mutation { dsoCreate(input: { name: "One" }) { dso { id } } }', slug);
  const waiting = await subscribe(0, ada, slug);
  const began = Date.now();
  const { doctorCreate } = await ask(1, ada, `mutation { doctorCreate(input: { dsoId: "${made.dsoCreate.dso.id}", name: "Ben" }) { doctor { id } } }`, slug);
  await until(() => waiting.seen.got.length > 1);
  assert.ok(Date.now() - began < SECOND, `${Date.now() - began} ms`);
  assert.deepEqual(waiting.seen.got[1].rows, [{ type: 'DOCTOR', id: doctorCreate.doctor.id, version: 1 }]);
  waiting.dispose();
});

it('closes the line within a second of what ends the rights at the other gateway', async () => {
  const ada = await token('ada@suite.example');
  const { viewer } = await ask(0, ada, '{ viewer { memberships { organizationSlug } } }');
  const [{ organizationSlug: slug }] = viewer.memberships;
  const waiting = await subscribe(0, ada, slug);
  await ask(1, ada, 'mutation { organizationDelete(input: { confirmation: "' + slug + '" }) { userErrors { message } } }', slug);
  const began = Date.now();
  await until(() => waiting.seen.closed);
  assert.ok(waiting.seen.closed.at - began < SECOND, `${waiting.seen.closed.at - began} ms`);
  assert.equal(waiting.seen.closed.code, 4403);
});

it('closes the line when the token ends', async () => {
  const long = await token('bea@suite.example');
  const { viewer } = await ask(0, long, '{ viewer { memberships { organizationSlug } } }');
  const [{ organizationSlug: slug }] = viewer.memberships;
  const short = await token('bea@suite.example', '3s');
  const ends = Date.now() + 3 * SECOND;
  const waiting = await subscribe(0, short, slug);
  assert.ok(waiting.seen.got.length > 0, 'the control');
  await until(() => waiting.seen.closed);
  assert.equal(waiting.seen.closed.code, 4401);
  assert.ok(Math.abs(waiting.seen.closed.at - ends) < 1.5 * SECOND, `${waiting.seen.closed.at - ends} ms after its end`);
});

it('closes the lines of a gateway that leaves', async () => {
  const bea = await token('bea@suite.example');
  const { viewer } = await ask(0, bea, '{ viewer { memberships { organizationSlug } } }');
  const waiting = await subscribe(1, bea, viewer.memberships[0].organizationSlug);
  assert.ok(waiting.seen.got.length > 0, 'the control');
  const ended = once(gateways[1].process, 'exit');
  gateways[1].process.kill('SIGTERM');
  await until(() => waiting.seen.closed);
  assert.equal(waiting.seen.closed.code, 1001);
  assert.deepEqual(await ended, [0, null]);
});
