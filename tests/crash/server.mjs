// A gateway that is killed: `gateway serve` on one database that outlives it, and what is asked of it.
//   GATEWAY_PROGRAM   the program under test, if it is not target/debug/gateway

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const program = process.env.GATEWAY_PROGRAM ?? join(root, 'target/debug/gateway');

/** Longest wait for the gateway to serve, and for one answer. */
const START = 60_000;
const ANSWER = 30_000;

const ISSUER = '[{ issuer = "dev", audience = "cs12", secret = "the secret of a suite, which opens nothing else" }]';

/** Nothing of the caller's gateway reaches this one. */
function environment(mails) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('CS12_'));
  return {
    ...Object.fromEntries(own),
    NO_COLOR: '1',
    CS12_AUTHN__ISSUERS: ISSUER,
    // The same key after each start: a mail that is sent twice holds one token.
    CS12_INVITATIONS__SECRET: 'the key of the tokens in this suite only',
    // The same few people do everything.
    CS12_INVITATIONS__PER_RECIPIENT_PER_DAY: '1000',
    CS12_INVITATIONS__PER_ORGANIZATION_PER_DAY: '1000',
    CS12_INVITATIONS__YOUNG_DAYS: '0',
    CS12_ORGANIZATIONS__PER_PERSON: '1000',
    CS12_ORGANIZATIONS__JOIN_REQUESTS_PER_DAY: '1000',
    CS12_ORGANIZATIONS__TAKEN_SLUGS_PER_DAY: '1000',
    // A whole log is one page, and after each kill everything is read, by the same few people.
    CS12_LIMITS__MAX_PAGE_SIZE: '1000',
    CS12_LIMITS__MAX_COST: '10000000',
    CS12_LIMITS__ANSWER_BYTES: '268435456',
    CS12_LIMITS__PERSON_COST_PER_MINUTE: '1000000000',
    CS12_LIMITS__ORGANIZATION_COST_PER_MINUTE: '1000000000',
    CS12_SERVER__PUBLIC_URL: 'https://cs12.example',
    CS12_MAIL__FOLDER: mails,
    // Nobody balances load here.
    CS12_SERVER__DRAIN_SECONDS: '0',
  };
}

export class Server {
  #options;
  #database;
  #served;
  #process = null;
  #origin = null;
  #tokens = new Map();

  /** The gateway of a database, working in a folder and putting its mails into another. It serves with a login of its own, if there is one. */
  constructor(databaseUrl, folder, mails, servedUrl = databaseUrl) {
    this.#database = ['--database-url', databaseUrl];
    this.#served = ['--database-url', servedUrl];
    this.#options = { cwd: folder, env: environment(mails) };
  }

  async migrate() {
    await run(program, ['migrate', 'up', ...this.#database], this.#options);
  }

  /** Starts it on a port of its own each time: nothing that was asked of the one before reaches this one. */
  async start() {
    const stdio = ['ignore', 'ignore', 'pipe'];
    const served = spawn(program, ['serve', '--listen', '127.0.0.1:0', ...this.#served], { ...this.#options, stdio });
    this.#process = served;
    let log = '';
    served.stderr.setEncoding('utf8');
    this.#origin = await new Promise((resolve, reject) => {
      const failed = (why) => reject(new Error(`the gateway ${why}:\n${log}`));
      const timer = setTimeout(() => failed('is not ready'), START);
      served.once('exit', (code) => failed(`ended with ${code}`));
      served.once('error', reject);
      served.stderr.on('data', (text) => {
        log += text;
        const found = /serving GraphQL at (http:\S+)\/graphql/.exec(log);
        if (!found) return;
        clearTimeout(timer);
        resolve(found[1]);
      });
    });
    const ready = await fetch(`${this.#origin}/health/ready`, { signal: AbortSignal.timeout(ANSWER) });
    if (ready.status !== 200) throw new Error(`the gateway is not ready: ${ready.status} ${await ready.text()}`);
  }

  /** Ends it in the middle of whatever it does. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** Ends it as its operator would; gives the exit code. */
  async stop() {
    return this.#end('SIGTERM');
  }

  async #end(signal) {
    const served = this.#process;
    if (!served || served.exitCode !== null || served.signalCode !== null) return served?.exitCode ?? 0;
    const ended = once(served, 'exit');
    served.kill(signal);
    await ended;
    return served.exitCode;
  }

  /** A token for whoever has this verified address. */
  async token({ email, name }) {
    if (!this.#tokens.has(email)) {
      const { stdout } = await run(program, ['token', '--email', email, '--name', name, '--lifetime', '8h'], this.#options);
      this.#tokens.set(email, stdout.trim());
    }
    return this.#tokens.get(email);
  }

  /** Asks as somebody with a token; gives `{ data, errors }`, or null if no whole answer came. */
  async send(token, query, variables, headers = {}) {
    const signal = AbortSignal.timeout(ANSWER);
    try {
      const answer = await fetch(`${this.#origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
        body: JSON.stringify({ query, variables }),
        signal,
      });
      return await answer.json();
    } catch (error) {
      if (signal.aborted) throw new Error(`no answer within ${ANSWER} ms`, { cause: error });
      return null;
    }
  }

  /** What `gateway audit verify` says of an organization, sound or not. */
  async verify(slug) {
    const options = { ...this.#options, timeout: ANSWER, killSignal: 'SIGKILL' };
    const told = await run(program, ['audit', 'verify', ...this.#database, '--organization', slug], options).catch((error) => error);
    return told instanceof Error ? `${told.stdout}${told.stderr} (ended with ${told.code ?? told.signal})` : told.stdout.trim();
  }
}
