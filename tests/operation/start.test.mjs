// How a gateway starts where little is said, and how a demo ends whose terminal was closed.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { Gateway, program, SECRET } from './gateway.mjs';

const run = promisify(execFile);

const ISSUERS = '[{"issuer": "suite", "audience": "cs12", "secret_file": "secret"}]';

/** A folder with a secret in it, and the environment of a gateway there. */
async function folder(variables = {}) {
  const cwd = await mkdtemp(join(tmpdir(), 'cs12-start-'));
  await writeFile(join(cwd, 'secret'), SECRET);
  const env = { PATH: process.env.PATH, NO_COLOR: '1', CS12_AUTHN__ISSUERS: ISSUERS, CS12_SERVER__DRAIN_SECONDS: '0', ...variables };
  return { cwd, env };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** What a gateway that starts in a folder says until it serves. */
async function serve(options, ...words) {
  const process = spawn(program, ['serve', ...words], { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  const log = [];
  for await (const line of createInterface({ input: process.stderr })) {
    log.push(line);
    if (line.includes('serving GraphQL')) break;
  }
  return { process, log: log.join('\n') };
}

async function end({ process }) {
  const ended = once(process, 'exit');
  process.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
}

test('serve makes a SQLite file that is not there, with all steps, and says so; one that is there it leaves to `migrate up`', async () => {
  const options = await folder();
  try {
    const first = await serve(options, '--listen', 'localhost:0');
    assert.match(first.log, /the SQLite database was not there: it was made/);
    assert.match(first.log, /serving GraphQL at http:\/\/127\.0\.0\.1:[1-9]/);
    assert.ok((await stat(join(options.cwd, 'cs12.db'))).size > 0);
    await end(first);
    const second = await serve(options, '--listen', 'localhost:0');
    assert.doesNotMatch(second.log, /it was made/);
    await end(second);
    await run(program, ['migrate', 'down', '--yes'], options);
    const refused = await run(program, ['serve'], options).catch((error) => error);
    assert.match(refused.stderr, /1 of the database's steps are pending: run `gateway migrate up`/);
  } finally {
    await rm(options.cwd, { recursive: true, force: true });
  }
});

test('PORT and DATABASE_URL of the platform count where the operator says nothing', async () => {
  const port = await freePort();
  const options = await folder({ PORT: String(port), DATABASE_URL: 'sqlite://platform.db' });
  try {
    const gateway = await serve(options);
    assert.match(gateway.log, new RegExp(`serving GraphQL at http://0\\.0\\.0\\.0:${port}/`));
    assert.equal((await fetch(`http://127.0.0.1:${port}/health/ready`)).status, 200);
    await run(program, ['healthcheck', '--url', `http://127.0.0.1:${port}`], options);
    await run(program, ['healthcheck', '--url', `127.0.0.1:${port}`], options);
    assert.ok((await readdir(options.cwd)).includes('platform.db'));
    await end(gateway);
  } finally {
    await rm(options.cwd, { recursive: true, force: true });
  }
});

test('help, version, and the state of a database are printed as success', async () => {
  const gateway = await Gateway.make();
  try {
    const tells = async (...words) => (await run(program, words, gateway.options)).stdout;
    assert.match(await tells('help'), /healthcheck/);
    assert.match(await tells('help', 'migrate'), /status/);
    assert.equal(await tells('version'), await tells('--version'));
    await gateway.tells('migrate', 'down', '--yes');
    const { stdout, stderr } = await run(program, ['migrate', 'status', ...gateway.arguments], gateway.options);
    assert.match(stdout, /pending {2}m/);
    assert.match(stderr, /`gateway migrate up` applies the pending steps/);
  } finally {
    await gateway.remove();
  }
});

test('a demo whose terminal was closed tidies up', async () => {
  const before = await mkdtemp(join(tmpdir(), 'cs12-hangup-'));
  const env = { PATH: process.env.PATH, TMPDIR: before, NO_COLOR: '1', PORT: '1' };
  const demo = spawn(program, ['demo', '--json', '--listen', ':0'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await once(createInterface({ input: demo.stdout }), 'line');
    assert.equal((await readdir(before)).length, 1, 'the control: the database is in a folder there');
    const ended = once(demo, 'exit');
    demo.kill('SIGHUP');
    assert.deepEqual(await ended, [0, null]);
    assert.deepEqual(await readdir(before), []);
  } finally {
    demo.kill('SIGKILL');
    await rm(before, { recursive: true, force: true });
  }
});

test('an operator ties a person to the subject by which their identity provider knows them now', async () => {
  const gateway = await Gateway.make();
  try {
    await gateway.serve();
    const ask = async (token, query) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const answer = await fetch(`${gateway.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
      return answer.json();
    };
    const first = await gateway.token({ email: 'ada@suite.example' });
    assert.ok((await ask(first, '{ viewer { memberships { organizationSlug } } }')).data.viewer.memberships.length > 0);
    const relink = (...words) => gateway.tells('people', 'relink', '--email', 'ada@suite.example', ...words);
    const failed = (words) => relink(...words).then(() => assert.fail('it went well'), (error) => error.stderr);
    assert.match(await failed(['--subject', 'new', '--issuer', 'https://other.example']), /is not an issuer in `authn.issuers`/);
    assert.match(await relink('--subject', 'new'), /^done; 1 organizations have an event/);
    assert.match(await relink('--subject', 'new'), /nothing to do/);
    const lost = await ask(first, 'mutation { organizationCreate(input: { name: "New" }) { userErrors { message } } }');
    assert.match(lost.errors[0].message, /belongs to a person with another sign-in/);
    const slug = (await gateway.tells('organizations', 'list')).split('\n')[1].split('\t')[0];
    assert.match(await gateway.tells('audit', 'export', '--organization', slug), /"IDENTITY_RELINK"/);
    assert.match(await gateway.tells('audit', 'verify'), /none changed/);
  } finally {
    await gateway.remove();
  }
});
