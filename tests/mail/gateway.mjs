// A gateway of its own for the suite: `gateway serve` on a fresh SQLite database with the demo's export, and tokens for whomever one likes.
//   GATEWAY_PROGRAM   the program under test, if it is not target/debug/gateway

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const program = process.env.GATEWAY_PROGRAM ?? join(root, 'target/debug/gateway');

/** Longest wait for the gateway to serve. */
const START = 60_000;

const ISSUER = { issuer: 'https://cs12.example/mail-suite', audience: 'cs12', secret: 'the secret of a suite, which opens nothing else' };

/** Nothing of the caller's gateway reaches this one. */
function environment(smtpUrl) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('CS12_'));
  return {
    ...Object.fromEntries(own),
    NO_COLOR: '1',
    CS12_AUTHN__ISSUERS: `[{ issuer = "${ISSUER.issuer}", audience = "${ISSUER.audience}", secret = "${ISSUER.secret}" }]`,
    // The same key at each try: a mail that is sent twice holds one token.
    CS12_INVITATIONS__SECRET: 'the key of the tokens in this suite only',
    CS12_MAIL__SMTP_URL: smtpUrl,
    // Nobody balances load here.
    CS12_SERVER__DRAIN_SECONDS: '0',
  };
}

/** Starts a gateway that sends its mails to `smtpUrl`. */
export async function startGateway(smtpUrl) {
  const folder = await mkdtemp(join(tmpdir(), 'cs12-mail-'));
  const options = { cwd: folder, env: environment(smtpUrl) };
  const database = ['--database-url', `sqlite://${join(folder, 'mail.sqlite')}`];
  await run(program, ['migrate', 'up', ...database], options);
  const export_ = join(root, 'gateway/demo/legacy-cs12');
  const people = ['--owner', 'alan@allsolutions.example', '--exclude', 'valentina@elsewhere.example'];
  await run(program, ['import-legacy', export_, ...people, '--organization', 'AllSolutions', ...database], options);

  const served = spawn(program, ['serve', '--listen', '127.0.0.1:0', ...database], { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  served.stderr.setEncoding('utf8');
  const endpoint = await new Promise((resolve, reject) => {
    const failed = (why) => reject(new Error(`the gateway ${why}:\n${log}`));
    const timer = setTimeout(() => failed('is not ready'), START);
    served.once('exit', (code) => failed(`ended with ${code}`));
    served.once('error', reject);
    served.stderr.on('data', (text) => {
      log += text;
      const found = /serving GraphQL at (http:\S+)/.exec(log);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1]);
    });
  });

  const tokens = new Map();
  /** A token for whoever has this verified address. */
  const token = async (email, name) => {
    if (!tokens.has(email)) {
      const { stdout } = await run(program, ['token', '--email', email, '--name', name], options);
      tokens.set(email, stdout.trim());
    }
    return tokens.get(email);
  };

  return {
    origin: new URL(endpoint).origin,
    log: () => log,
    /** Asks as somebody, `{ email, name }`; gives the data, and throws what `errors` says. */
    async ask({ email, name }, query, variables = {}, headers = {}) {
      const authorization = `Bearer ${await token(email, name)}`;
      const answer = await fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization, ...headers },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = await answer.json();
      if (errors) throw new Error(`${answer.status}: ${JSON.stringify(errors)}`);
      return data;
    },
    /** Ends it as its operator would; gives the exit code. */
    async stop() {
      if (served.exitCode === null && served.signalCode === null) {
        const ended = once(served, 'exit');
        served.kill('SIGTERM');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
      return served.exitCode;
    },
  };
}
