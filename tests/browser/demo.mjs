// A demo of its own for a suite that needs mails: they are files, in a folder that only the greeting for people names.
//   GATEWAY_PROGRAM   the program under test, if it is not target/debug/gateway
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = process.env.GATEWAY_PROGRAM ?? fileURLToPath(new URL('../../target/debug/gateway', import.meta.url));

const INVITE = `mutation ($email: String!) {
  outcome: invitationCreate(input: { email: $email }) { userErrors { code message } }
}`;
const ACCEPT = `mutation ($token: String!) {
  outcome: invitationAccept(input: { token: $token }) { userErrors { code message } }
}`;

/** What the greeting says, once it is whole. */
function greetingIn(text) {
  const url = /ready at (\S+)/.exec(text)?.[1];
  const mails = /^Mails are written into (.+)$/m.exec(text)?.[1];
  if (!url || !mails || !text.includes('Ctrl-C')) return null;
  const tokens = Object.fromEntries([...text.matchAll(/^ {2}(\w+), .*\n {2}\S+#token=(\S+)$/gm)].map(([, who, token]) => [who, token]));
  return { url, mails, tokens };
}

async function start() {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('CS12_'));
  // The tests do in a minute, as one person, what a person does in a quarter of an hour.
  const env = { ...Object.fromEntries(own), CS12_LIMITS__PERSON_COST_PER_MINUTE: '6000000' };
  const demo = spawn(program, ['demo', '--listen', '127.0.0.1:0'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let log = '';
  demo.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  demo.stdout.setEncoding('utf8');
  const greeting = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => demo.kill('SIGTERM'), 120_000);
    demo.once('error', reject);
    demo.once('exit', () => reject(new Error(`the demo did not start:\n${log}`)));
    demo.stdout.on('data', (text) => {
      said += text;
      const found = greetingIn(said);
      if (!found) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
  return { demo, ...greeting };
}

/** The token in the link of a mail, whose lines are folded as quoted-printable. */
function tokenIn(mail) {
  return /\/dashboard\/#invitation=([a-z2-7]+)/.exec(mail.replaceAll(/=\r?\n/g, '').replaceAll('=3D', '='))?.[1];
}

/** The first mail to somebody, in the folder of a gateway's mails; it is written a moment after the mutation. */
async function mailTo(mails, email) {
  for (let tries = 0; tries < 150; tries += 1) {
    const names = await readdir(mails).catch(() => []);
    const texts = await Promise.all(names.filter((name) => name.endsWith('.eml')).map((name) => readFile(join(mails, name), 'utf8')));
    const found = texts.find((text) => text.includes(`To: ${email}`));
    if (found) return found;
    await pause(100);
  }
  throw new Error(`no mail to ${email}`);
}

/** The token in the first mail to somebody. */
export async function mailedToken(mails, email) {
  const token = tokenIn(await mailTo(mails, email));
  assert.ok(token, 'the mail holds a link');
  return token;
}

export async function startDemo() {
  const { demo, url, mails, tokens } = await start();

  /** A mutation that must succeed. */
  const change = async (as, query, variables, more = {}) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens[as]}`, ...more };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    const body = await answer.json();
    assert.deepEqual(body.data?.outcome?.userErrors, [], JSON.stringify(body));
  };

  return {
    origin: new URL(url).origin,
    tokens,
    /** Invites somebody, once, as somebody of the demo; gives the token in the mail. */
    async invite(as, organization, email) {
      await change(as, INVITE, { email }, { 'x-organization-id': organization });
      return mailedToken(mails, email);
    },
    accept: (as, token) => change(as, ACCEPT, { token }),
    async stop() {
      if (demo.exitCode !== null || demo.signalCode !== null) return;
      const ended = once(demo, 'exit');
      demo.kill('SIGTERM');
      await ended;
    },
  };
}
