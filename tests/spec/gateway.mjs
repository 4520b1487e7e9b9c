// A gateway of its own for the comparison: a demo that nobody else asks.
//   GATEWAY_PROGRAM   the program under test, if it is not target/debug/gateway

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = process.env.GATEWAY_PROGRAM ?? fileURLToPath(new URL('../../target/debug/gateway', import.meta.url));

/** What is compared is the specification; the limits are a matter of their own. */
const LIMITS = {
  DOCUMENT_BYTES: 1048576, MAX_TOKENS: 100000, MAX_DEPTH: 64, MAX_ALIASES: 1000, MAX_ROOT_FIELDS: 1000, MAX_DIRECTIVES: 1000, MAX_FIELDS: 10000,
  MAX_COST: 10000000, MAX_ERRORS: 10000, ANSWER_BYTES: 268435456, OPERATION_MS: 600000, PERSON_COST_PER_MINUTE: 1000000000,
  ORGANIZATION_COST_PER_MINUTE: 1000000000,
};

export class Gateway {
  #agent = new Agent({ keepAlive: true, maxSockets: 4 });

  static async start() {
    const gateway = new Gateway();
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith('CS12_'));
    const limits = Object.entries(LIMITS).map(([name, most]) => [`CS12_LIMITS__${name}`, String(most)]);
    const env = { ...Object.fromEntries([...others, ...limits]), CS12_LOG__LEVEL: 'error' };
    gateway.process = spawn(program, ['demo', '--json', '--listen', '127.0.0.1:0'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    gateway.process.stderr.setEncoding('utf8').on('data', (text) => (log = (log + text).slice(-10000)));
    const line = await new Promise((resolve, reject) => {
      gateway.process.once('exit', () => reject(new Error(`the demo did not start:\n${log}`)));
      createInterface({ input: gateway.process.stdout }).once('line', resolve);
    });
    Object.assign(gateway, JSON.parse(line));
    return gateway;
  }

  /** Sends a request as the demo's owner, who may read all. Gives the status and the body. */
  async ask(asked) {
    const body = JSON.stringify(asked);
    const headers = {
      'content-type': 'application/json', accept: 'application/graphql-response+json', authorization: `Bearer ${this.tokens.alan}`,
      'x-organization-id': 'allsolutions', 'content-length': Buffer.byteLength(body),
    };
    const sent = request(this.url, { method: 'POST', headers, agent: this.#agent });
    sent.end(body);
    const [response] = await once(sent, 'response');
    const parts = [];
    for await (const part of response) parts.push(part);
    return { status: response.statusCode, body: JSON.parse(Buffer.concat(parts).toString('utf8')) };
  }

  async stop() {
    this.#agent.destroy();
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await ended;
  }
}
