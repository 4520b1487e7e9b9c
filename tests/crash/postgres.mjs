// A PostgreSQL of the suite's own, in a private folder, from the installed programs; it ends with the suite, however that ends.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, readdir } from 'node:fs/promises';
import { openSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where Debian keeps the programs, by version. */
const SHELF = '/usr/lib/postgresql';

/** Longest wait for the server, in steps of 100 ms. */
const STEPS = 200;

const SETTINGS = '-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c log_min_messages=fatal';

/** What is run of them. */
const PROGRAMS = ['initdb', 'postgres', 'pg_ctl', 'pg_isready'];

/** The folder of the programs: of the newest version, else one on the path. */
async function programs() {
  const versions = await readdir(SHELF).catch(() => []);
  versions.sort((one, other) => Number(other) - Number(one));
  const folders = [...versions.map((version) => join(SHELF, version, 'bin')), ...process.env.PATH.split(delimiter)];
  for (const folder of folders) {
    const found = await Promise.all(PROGRAMS.map((name) => access(join(folder, name)))).catch(() => null);
    if (found) return folder;
  }
  throw new Error('PostgreSQL is not installed; install its server (Debian: `apt-get install postgresql`) and run again');
}

/** Starts one; gives the address of its database, for a superuser, and how to end it. */
export async function startPostgres() {
  const bin = await programs();
  const folder = await mkdtemp(join(tmpdir(), 'cs12-crash-pg-'));
  const data = join(folder, 'data');
  // PostgreSQL refuses to run as root: then the system's own `postgres` user runs it.
  const isRoot = process.getuid() === 0;
  const as = isRoot ? 'runuser -u postgres -- ' : '';
  if (isRoot) await run('chown', ['postgres', folder]);
  const shell = (command) => run('sh', ['-c', command], { cwd: '/' });
  await shell(`${as}${bin}/initdb -D ${data} -U postgres -A trust --locale=C -E UTF8 --no-sync`);

  // The shell holds the server, and ends it when our end of the pipe closes. Its background job ignores the signal to interrupt,
  // so the server is told by its own tool.
  const script =
    `${as}${bin}/postgres -D ${data} -k ${folder} ${SETTINGS} & cat > /dev/null; ` +
    `${as}${bin}/pg_ctl -D ${data} -m immediate stop; wait; rm -rf ${folder}`;
  const log = openSync(join(folder, 'log'), 'w');
  const keeper = spawn('sh', ['-c', script], { cwd: '/', stdio: ['pipe', log, log] });
  closeSync(log);
  for (let step = 0; ; step += 1) {
    const isReady = await shell(`${bin}/pg_isready -q -h ${folder}`).then(() => true, () => false);
    if (isReady) break;
    if (step === STEPS) throw new Error(`PostgreSQL did not come up; its log says: ${await readFile(join(folder, 'log'), 'utf8')}`);
    await pause(100);
  }
  return {
    url: `postgres://postgres@localhost/postgres?host=${folder}`,
    /** For the gateway's own login, which `grant` makes: `serve` refuses a superuser. */
    servedUrl: `postgres://gateway_login@localhost/postgres?host=${folder}`,
    async grant() {
      await shell(`${bin}/psql -h ${folder} -U postgres -q -c 'create role gateway_login login' -c 'grant cs12_app to gateway_login'`);
    },
    async stop() {
      const ended = once(keeper, 'exit');
      keeper.stdin.end();
      await ended;
    },
  };
}
