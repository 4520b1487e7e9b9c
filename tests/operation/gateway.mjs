// A gateway whose operator sends it signals: `gateway serve` on a fresh SQLite database, with a configuration file that tests rewrite.
//   GATEWAY_PROGRAM   the program under test, if it is not target/debug/gateway

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
export const program = process.env.GATEWAY_PROGRAM ?? join(root, 'target/debug/gateway');

/** Longest wait for anything that comes in far less on an idle machine. */
export const PATIENCE = 60_000;

/** Any 32 bytes and more. */
export const SECRET = 'the secret of a suite, which opens nothing else';

const sections = { server: {}, log: {}, limits: {} };

/** Nothing of the caller's gateway reaches this one. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CS12_')));

export class Gateway {
  log = '';
  program = program;

  /** A folder with a database and a file that says how to serve it. `settings` are tables of keys, as in the file. */
  static async make(settings = {}) {
    const gateway = new Gateway();
    gateway.folder = await mkdtemp(join(tmpdir(), 'cs12-operation-'));
    gateway.options = { cwd: gateway.folder, env: { ...environment, NO_COLOR: '1' } };
    gateway.arguments = ['--config', 'gateway.toml', '--database-url', `sqlite://${join(gateway.folder, 'db.sqlite')}`];
    await gateway.write('secret', SECRET);
    await gateway.configure(settings);
    await run(program, ['migrate', 'up', ...gateway.arguments], gateway.options);
    return gateway;
  }

  async write(file, text) {
    await writeFile(join(this.folder, file), text);
  }

  /** Writes the configuration anew, with another issuer if one is given; nobody has read it yet. */
  async configure(settings, another = '') {
    const tables = Object.entries({ ...sections, ...settings }).map(([section, keys]) =>
      [`[${section}]`, ...Object.entries(keys).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)].join('\n'),
    );
    const issuer = `[authn]\nissuers = [{ issuer = "suite", audience = "cs12", secret_file = "secret" }${another && `, ${another}`}]`;
    await this.write('gateway.toml', [...tables, issuer].join('\n\n'));
  }

  /** Serves; with `largestFileKiB` no file of it grows beyond that; with `variables` in its environment. */
  async serve({ largestFileKiB, variables = {} } = {}) {
    const words = ['serve', '--listen', '127.0.0.1:0', ...this.arguments];
    const options = { ...this.options, env: { ...this.options.env, ...variables }, stdio: ['ignore', 'ignore', 'pipe'] };
    // The shell counts in blocks of 512 bytes; without the trap the system would end the process instead of telling it.
    const limited = ['-c', `trap '' XFSZ; ulimit -f ${2 * largestFileKiB}; exec "$0" "$@"`, program, ...words];
    this.process = largestFileKiB ? spawn('sh', limited, options) : spawn(program, words, options);
    this.ended = once(this.process, 'exit').then(([code]) => code);
    this.process.stderr.setEncoding('utf8').on('data', (text) => (this.log += text));
    const [, origin] = await this.says(/serving GraphQL at (http:\S+)\/graphql/);
    this.origin = origin;
    return this;
  }

  /** Waits until the log says it, from a place on. */
  async says(pattern, from = 0) {
    for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(20)) {
      const found = pattern.exec(this.log.slice(from));
      if (found) return found;
      if (this.process.exitCode !== null) throw new Error(`the gateway ended with ${this.process.exitCode}:\n${this.log}`);
    }
    throw new Error(`the log does not say ${pattern}:\n${this.log}`);
  }

  signal(name) {
    this.process.kill(name);
  }

  /** Tells it to read its configuration again; gives what the log says of it. */
  async reload() {
    const from = this.log.length;
    this.signal('SIGHUP');
    await this.says(/the configuration was reloaded|not reloaded/, from);
    // What else it has to say of it comes with it.
    await sleep(100);
    return this.log.slice(from);
  }

  /** A token, signed with what the file `secret` holds now. */
  async token({ email = 'ada@suite.example', name = 'Ada', lifetime = '1h', variables = {} } = {}) {
    const words = ['token', '--config', 'gateway.toml', '--email', email, '--name', name, '--lifetime', lifetime];
    return (await run(program, words, { ...this.options, env: { ...this.options.env, ...variables } })).stdout.trim();
  }

  /** What a command of the gateway prints about its database; fails if the command does. */
  async tells(...words) {
    return (await run(program, [...words, ...this.arguments], this.options)).stdout.trim();
  }

  async remove() {
    this.process?.kill('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}
