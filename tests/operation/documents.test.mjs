// The documents: the README's configuration is accepted as it stands, its commands exist, and no link is broken.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { program } from './gateway.mjs';

const run = promisify(execFile);
const top = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(join(top, path), 'utf8');
const documents = [
  'README.md',
  'tests/README.md',
  'tests/peers/README.md',
  'migration/README.md',
  ...readdirSync(join(top, 'gateway/docs')).map((name) => `gateway/docs/${name}`),
];

test('the configuration of the README is accepted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cs12-documents-'));
  try {
    const toml = /^```toml\n([^]*?)```/m.exec(read('README.md'))[1];
    const url = join(folder, 'database-url');
    writeFileSync(url, 'postgres://gateway_login@db/cs12\n');
    assert.ok(toml.includes('/run/secrets/database-url'), 'the README names a file with the address of the database');
    writeFileSync(join(folder, 'cs12.toml'), toml.replace('/run/secrets/database-url', url));
    await run(program, ['check-config', '--config', 'cs12.toml'], { cwd: folder, env: { PATH: process.env.PATH } });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every command that a document names exists', async () => {
  const named = new Set(documents.flatMap((path) => [...read(path).matchAll(/`gateway ([a-z-]+)((?: [a-z-]+)?)/g)].map(([, name]) => name)));
  assert.ok(named.size >= 10, `only ${[...named]}`);
  for (const name of named) await run(program, ['help', ...(name === 'help' ? [] : [name])], { env: {} });
});

test('every link of a document leads to a file', () => {
  for (const path of documents) {
    for (const [, link] of read(path).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)) {
      assert.ok(existsSync(resolve(top, dirname(path), link)), `${path}: ${link}`);
    }
  }
});

test('the README is read in minutes', () => {
  assert.ok(read('README.md').split('\n').length <= 250);
});
