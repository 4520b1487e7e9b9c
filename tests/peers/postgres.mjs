// A PostgreSQL of this comparison's own, from the installed programs. It ends with the run; its data stays for the next one, because
// loading four million rows takes minutes.
//
// Owns: the cluster's folder and settings. Everybody on this machine may enter it while it runs: it holds invented rows only.

import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';

import { start, untilReady } from './processes.mjs';

const run = promisify(execFile);
const isRoot = process.getuid() === 0;

/** As a database server of 8 GB would be set up; syncs are on, because a write that is not safe is not done. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // No socket in the file system: its path may be longer than PostgreSQL takes.
  unix_socket_directories: '',
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': '5000',
  'pg_stat_statements.track_utility': 'on',
  max_connections: '150',
  shared_buffers: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '512MB',
  effective_cache_size: '8GB',
  random_page_cost: '1.1',
  max_wal_size: '4GB',
  // Both would only add noise: no query here is long enough.
  jit: 'off',
  max_parallel_workers_per_gather: '0',
};

/** Where the data is: not in the project when root runs this, because PostgreSQL's own user must reach it. */
export function dataFolder(project) {
  if (!isRoot) return `${project}/target/peers/postgres`;
  return `/var/tmp/cs12-peers-${createHash('sha256').update(project).digest('hex').slice(0, 8)}`;
}

/** Starts it on a port; makes its cluster first if there is none. */
export async function startPostgres({ bin, folder, port, log }) {
  // PostgreSQL refuses to run as root: then the system's own user `postgres` runs it. `setpriv` becomes the program, so the process is known.
  const as = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : [];
  const data = `${folder}/data`;
  if (!existsSync(`${data}/PG_VERSION`)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (isRoot) await run('chown', ['postgres:postgres', folder]);
    const [program, ...args] = [...as, `${bin}/initdb`, '-D', data, '-U', 'postgres', '-A', 'trust', '--no-locale', '-E', 'UTF8'];
    await run(program, args, { cwd: '/' });
  }
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [program, ...args] = [...as, `${bin}/postgres`, '-D', data, ...settings];
  // SIGINT ends the clients' sessions, too.
  const server = await start({ program, args, cwd: '/', env: process.env, log, signal: 'INT' });
  const postgres = new Postgres({ bin, port, server });
  await untilReady(server, () => postgres.ask('postgres', 'select 1'));
  return postgres;
}

class Postgres {
  #bin;
  #server;

  constructor({ bin, port, server }) {
    this.#bin = bin;
    this.port = port;
    this.#server = server;
  }

  get pid() {
    return this.#server.pid;
  }

  version() {
    return execFileSync(`${this.#bin}/postgres`, ['--version'], { encoding: 'utf8' }).trim();
  }

  /** The address of a database for a login. */
  url(database, login = 'postgres') {
    return `postgres://${login}@127.0.0.1:${this.port}/${database}`;
  }

  /** The rows of one statement or several, each a list of texts. */
  async ask(database, ...statements) {
    const out = await this.#psql(database, ['-At', '-F', '\t', ...statements.flatMap((statement) => ['-c', statement])]);
    return out.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
  }

  /** Runs files of SQL; `:name` in them is replaced. */
  async load(database, files, variables = {}) {
    const set = Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`]);
    await this.#psql(database, [...set, ...files.flatMap((file) => ['-f', file])]);
  }

  async #psql(database, args) {
    const env = { ...process.env, PGOPTIONS: '-c client_min_messages=warning' };
    const common = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', this.url(database)];
    const { stdout } = await run(`${this.#bin}/psql`, [...args, ...common], { env, maxBuffer: 1 << 28 });
    return stdout;
  }

  /** A copy of a database, made of its files. */
  async copy(from, to) {
    await this.ask('postgres', `drop database if exists ${to} with (force)`);
    const [[version]] = await this.ask('postgres', 'show server_version_num');
    await this.ask('postgres', `create database ${to} template ${from}${Number(version) >= 150_000 ? ' strategy file_copy' : ''}`);
  }
}

/** The fingerprint of files and words: equal if nothing of them has changed. */
export function fingerprint(files, ...words) {
  const hash = createHash('sha256').update(words.join(' '));
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}
