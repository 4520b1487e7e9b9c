// The files of gateway/deploy: what they promise, and that systemd takes the unit. There is no engine for containers everywhere, so the
// container's file is read here, by the rules that its linters have.
//   GATEWAY_PROGRAM   the program under test, if it is not target/debug/gateway

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const program = process.env.GATEWAY_PROGRAM ?? join(root, 'target/debug/gateway');

/** The unit's keys; one that is written twice has both values. */
function keys(unit) {
  const found = new Map();
  for (const line of unit.split('\n')) {
    const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (key) found.set(key, found.has(key) ? `${found.get(key)}\n${value}` : value);
  }
  return found;
}

/** The container file's instructions, each with its continued lines, by the stages that `FROM` begins. */
function stages(text) {
  const lines = text.replace(/^\s*#.*$/gm, '').replace(/\\\n/g, ' ').split('\n').map((line) => line.trim()).filter(Boolean);
  const found = [];
  for (const line of lines) {
    const [word, ...rest] = line.split(/\s+/);
    if (word === 'FROM') found.push([]);
    found.at(-1).push({ word, rest: rest.join(' ') });
  }
  return found;
}

function exists(command) {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('the unit gives the drain its time, reloads on a hangup, and lets the service do nothing else', () => {
  const unit = keys(read('gateway/deploy/cs12-gateway.service'));
  const expected = {
    DynamicUser: 'yes',
    ProtectSystem: 'strict',
    NoNewPrivileges: 'yes',
    CapabilityBoundingSet: '',
    // A reload that is refused is a failure of the reload, too.
    ExecReload: '/usr/local/bin/gateway check-config\n/bin/kill -HUP $MAINPID',
    KillSignal: 'SIGTERM',
    Restart: 'always',
  };
  for (const [key, value] of Object.entries(expected)) assert.equal(unit.get(key), value, key);
  assert.match(unit.get('MemoryMax') ?? '', /^\d+[MG]$/);
  const drain = Number(/^drain_seconds = (\d+)$/m.exec(read('gateway/src/config/default.toml'))[1]);
  const shutdown = Number(/const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs\((\d+)\)/.exec(read('gateway/src/http/server.rs'))[1]);
  const patience = Number(unit.get('TimeoutStopSec'));
  assert.ok(patience > drain + shutdown, `TimeoutStopSec is ${patience}, but a drain may take ${drain} + ${shutdown} seconds`);
  for (const line of unit.get('Environment').split('\n')) assert.ok(!/(SECRET|PASSWORD|URL)=/.test(line), `a secret in the environment: ${line}`);
});

test('systemd takes the unit, and finds little that the service could still do', (context) => {
  // Where there is no systemd nobody runs the unit; what it promises was read above.
  if (!exists('systemd-analyze')) return context.diagnostic('there is no systemd here to ask');
  const folder = mkdtempSync(join(tmpdir(), 'cs12-unit-'));
  const file = join(folder, 'cs12-gateway.service');
  // It is looked for, and is where it was built.
  writeFileSync(file, read('gateway/deploy/cs12-gateway.service').replaceAll('/usr/local/bin/gateway', program));
  try {
    execFileSync('systemd-analyze', ['verify', '--man=no', file], { stdio: 'pipe' });
    // Out of ten tenths of exposure, which a service without any of this has: 2.0.
    execFileSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', '--threshold=20', file], { stdio: 'pipe' });
  } catch (error) {
    assert.fail(`systemd-analyze says: ${error.stdout}${error.stderr}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the container is built of pinned parts, holds no secret, runs as nobody and tells its health', () => {
  const text = read('gateway/deploy/Containerfile');
  const all = stages(text);
  assert.ok(all.length > 1, 'what builds the program must not be in what runs it');
  const named = all.map(([from]) => /^(\S+)(?: AS (\S+))?$/.exec(from.rest));
  for (const [index, [, image]] of named.entries()) {
    const isStage = named.slice(0, index).some(([, , name]) => name === image);
    assert.ok(isStage || /:\d+\.\d+(\.\d+)?(-[a-z-]+)?(@sha256:[0-9a-f]{64})?$/.test(image), `${image} is not pinned to a release`);
  }
  const last = all.at(-1);
  const value = (word) => last.filter((line) => line.word === word).at(-1)?.rest;
  const [user] = (value('USER') ?? '').split(':');
  assert.ok(/^\d+$/.test(user) && Number(user) >= 1000, `it runs as \`${user}\`: write the number of somebody who is not root`);
  assert.ok(last.findIndex(({ word }) => word === 'USER') > last.findLastIndex(({ word }) => word === 'RUN'), 'the last words are for nobody in particular');
  assert.match(value('HEALTHCHECK') ?? '', /CMD \["gateway", "healthcheck"\]$/);
  assert.equal(value('STOPSIGNAL'), 'SIGTERM');
  for (const word of ['ENTRYPOINT', 'CMD']) assert.match(value(word) ?? '', /^\[/, `${word} must be a list: a shell swallows signals`);
  for (const { word, rest } of all.flat()) {
    assert.ok(!['ADD', 'MAINTAINER'].includes(word), `${word}: COPY takes what is meant, and nothing from elsewhere`);
    assert.ok(!(['ENV', 'ARG'].includes(word) && /(SECRET|PASSWORD|TOKEN|URL)[A-Z_]*=/.test(rest)), `a secret in the image: ${word} ${rest}`);
    assert.ok(word !== 'RUN' || !/\b(sudo|curl|wget)\b|apt-get upgrade|chmod (-R )?777/.test(rest), `${word} ${rest}`);
  }
});

test('nothing gets into the image but what the build needs', () => {
  const [first, ...rest] = read('gateway/deploy/Containerfile.dockerignore').split('\n').filter((line) => line && !line.startsWith('#'));
  assert.equal(first, '*', 'everything is left out first');
  const members = /^members = \[(.*)\]$/m.exec(read('Cargo.toml'))[1].split(', ').map((name) => name.slice(1, -1).split('/')[0]);
  for (const needed of [...new Set(members), 'Cargo.toml', 'Cargo.lock', '.cargo']) assert.ok(rest.includes(`!${needed}`), `${needed} is left out, and the build needs it`);
  assert.ok(!rest.includes('!.git'), 'the history is no part of an image');
});
