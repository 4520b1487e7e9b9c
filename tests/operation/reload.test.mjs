// SIGHUP: what is read anew, what is not, and that a fault changes nothing.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Gateway, PATIENCE, SECRET } from './gateway.mjs';

const OTHER = 'another secret of a suite, which opens nothing';

/** The status of a request with this token. */
async function asks(gateway, token, query = '{ viewer { name } }') {
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return (await fetch(`${gateway.origin}/graphql`, { method: 'POST', headers, body })).status;
}

test('keys, limits and the level of the log are read anew, all or nothing', { timeout: 3 * PATIENCE }, async (context) => {
  const gateway = await Gateway.make({ log: { level: 'info' } });
  context.after(() => gateway.remove());
  await gateway.serve();
  const first = await gateway.token();
  await gateway.write('secret', OTHER);
  const second = await gateway.token();
  assert.deepEqual([await asks(gateway, first), await asks(gateway, second)], [200, 401], 'nothing is read before it is asked for');

  // Several faults: all of them are told, and nothing of the rest is taken over, the key neither.
  await gateway.configure({ log: { level: 'debug' }, server: { client_address: 'who', drain_seconds: 301 } });
  const refused = await gateway.reload();
  for (const key of ['server.client_address', 'server.drain_seconds']) assert.ok(refused.includes(`\`${key}\``), `${key} is not told: ${refused}`);
  assert.deepEqual([await asks(gateway, first), await asks(gateway, second)], [200, 401], 'a fault must change nothing');
  // What is read beside the file, too.
  await gateway.configure({ log: { level: 'debug' } });
  await gateway.write('secret', 'short');
  assert.match(await gateway.reload(), /not reloaded.*has 5 bytes/);
  assert.deepEqual([await asks(gateway, first), await asks(gateway, second)], [200, 401]);
  // What is only found when a part is made: the others are not put in place either.
  await gateway.write('secret', OTHER);
  await gateway.configure({ log: { level: 'debug' } }, '{ issuer = "other", audience = "cs12", jwks_file = "gone.json" }');
  assert.match(await gateway.reload(), /not reloaded: everything stays as it was.*the keys of `other` cannot be loaded/);
  assert.deepEqual([await asks(gateway, first), await asks(gateway, second)], [200, 401]);
  await fetch(`${gateway.origin}/health/live`);
  assert.ok(!gateway.log.includes('/health/live'), 'the level of the log has changed with a fault');

  await gateway.write('secret', OTHER);
  await gateway.configure({ log: { level: 'debug' }, server: { public_host: 'cs12.example' } });
  const reloaded = await gateway.reload();
  assert.match(reloaded, /the configuration was reloaded/);
  assert.match(reloaded, /takes a restart.*server\.public_host/, 'what is not reloaded is named');
  assert.deepEqual([await asks(gateway, first), await asks(gateway, second)], [401, 200], 'the key is exchanged');
  await fetch(`${gateway.origin}/health/live`);
  await gateway.says(/route="?\/health\/live/);

  const long = `{ viewer { name } }${' '.repeat(300)}`;
  assert.equal(await asks(gateway, second, long), 200);
  await gateway.configure({ limits: { document_bytes: 256 } });
  await gateway.reload();
  assert.equal(await asks(gateway, second, long), 413, 'a limit is exchanged');

  assert.ok(!gateway.log.includes(SECRET) && !gateway.log.includes(OTHER), 'a secret is in the log');
});

test('a file that hangs holds up no connection, no second reload and no end', { timeout: 3 * PATIENCE }, async (context) => {
  const gateway = await Gateway.make({ server: { drain_seconds: 0 } });
  context.after(() => gateway.remove());
  await gateway.serve();
  const token = await gateway.token();
  const pipe = join(gateway.folder, 'pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  await gateway.configure({}, `{ issuer = "other", audience = "cs12", jwks_file = "pipe" }`);
  gateway.signal('SIGHUP');
  await sleep(300);
  for (let n = 0; n < 5; n += 1) {
    // A new connection each time.
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, connection: 'close' };
    const asked = fetch(`${gateway.origin}/graphql`, { method: 'POST', headers, body: '{"query":"{viewer{name}}"}', signal: AbortSignal.timeout(5000) });
    assert.equal((await asked).status, 200, 'new connections wait for a file');
  }
  await gateway.says(/the files could not be read within 5 s/);
  assert.match(await gateway.reload(), /the files of the reload before are still being read/);
  gateway.signal('SIGTERM');
  assert.equal(await gateway.ended, 0, 'it does not end');
});
