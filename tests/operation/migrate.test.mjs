// What `gateway migrate` asks before it takes data away, and how a command is told that there is no configuration file.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { Gateway } from './gateway.mjs';

const run = promisify(execFile);

/** What a command that must fail writes on standard error. */
async function refused(gateway, ...words) {
  const failed = await gateway.tells(...words).then(
    (text) => assert.fail(`${words.join(' ')} went well: ${text}`),
    (error) => error,
  );
  assert.equal(failed.code, 1, failed.stderr);
  return failed.stderr;
}

test('steps are undone only with consent, and never while a gateway serves', async () => {
  const gateway = await Gateway.make();
  try {
    assert.match(await refused(gateway, 'migrate', 'down'), /nothing was undone: .*`--yes`/);
    await gateway.serve();
    assert.match(await refused(gateway, 'migrate', 'down', '--yes'), /nothing was undone: .*connections of gateways/);
    assert.equal((await fetch(`${gateway.origin}/health/ready`)).status, 200, 'the gateway has noticed nothing');
    gateway.signal('SIGINT');
    assert.equal(await gateway.ended, 0);
    await gateway.tells('migrate', 'status', '--exit-code');
    assert.match(await gateway.tells('migrate', 'down', '--yes'), /^undone {2}m\d{4}_/);
    assert.match(await refused(gateway, 'migrate', 'status', '--exit-code'), /1 of the database's steps are pending/);
    await gateway.tells('migrate', 'status');
    assert.match(await gateway.tells('migrate', 'up'), /^applied {2}m\d{4}_/);
    assert.match(await gateway.tells('migrate', 'down', '--yes', '--all'), /undone {2}m0001_people/);
    assert.match(await gateway.tells('migrate', 'down'), /nothing to do/, 'where nothing is lost nobody is asked');
  } finally {
    await gateway.remove();
  }
});

test('an empty CS12_CONFIG says that there is no file', async () => {
  const gateway = await Gateway.make();
  try {
    const env = { ...gateway.options.env, CS12_CONFIG: '', CS12_AUTHN__ISSUERS: '[{"issuer": "suite", "audience": "cs12", "secret_file": "secret"}]' };
    const { program } = gateway;
    const { stdout } = await run(program, ['check-config'], { ...gateway.options, env });
    assert.equal(stdout.trim(), 'the configuration is sound');
  } finally {
    await gateway.remove();
  }
});
