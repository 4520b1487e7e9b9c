// SIGTERM under load: probes are told first, and every request that somebody has sent is answered whole.

import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Gateway, PATIENCE } from './gateway.mjs';

const DRAIN_SECONDS = 3;
const CLIENTS = 12;
const BODY = JSON.stringify({ query: '{ viewer { name } }' });

async function gateway(context, seconds) {
  const made = await Gateway.make({ server: { drain_seconds: seconds } });
  context.after(() => made.remove());
  return made.serve();
}

/** One request; gives the status, the body and whether the connection ends with it. */
function ask(origin, token, agent, path = '/graphql') {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'content-length': BODY.length };
    const method = path === '/graphql' ? 'POST' : 'GET';
    const request = http.request(`${origin}${path}`, { method, agent, headers: method === 'POST' ? headers : {} });
    request.once('error', reject);
    request.once('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.once('error', reject);
      response.once('aborted', () => reject(new Error('the answer was cut off')));
      response.on('data', (text) => (body += text));
      response.once('end', () => resolve({ status: response.statusCode, body, closes: response.headers.connection === 'close' }));
    });
    request.end(method === 'POST' ? BODY : undefined);
  });
}

/** Asks over a kept connection until nobody listens any more. */
async function keepAsking(origin, token, answers) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (;;) {
    try {
      answers.push({ at: Date.now(), ...(await ask(origin, token, agent)) });
    } catch (error) {
      agent.destroy();
      // Nothing was sent: nobody listens, so there was no connection.
      if (error.code === 'ECONNREFUSED') return;
      throw error;
    }
  }
}

test('a drain loses no request: probes first, then the door, and what is under way to its end', { timeout: 3 * PATIENCE }, async (context) => {
  const served = await gateway(context, DRAIN_SECONDS);
  const token = await served.token();
  const probe = () => ask(served.origin, token, undefined, '/health/ready');
  assert.equal((await probe()).status, 200);
  const answers = [];
  const load = Promise.all(Array.from({ length: CLIENTS }, () => keepAsking(served.origin, token, answers)));
  await sleep(500);

  // Sent in part: its rest comes when nobody takes connections any more.
  const slow = net.connect(new URL(served.origin).port, '127.0.0.1');
  let slowly = '';
  slow.setEncoding('utf8').on('data', (text) => (slowly += text));
  const head = `POST /graphql HTTP/1.1\r\nhost: suite\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\n`;
  slow.write(`${head}content-length: ${BODY.length}\r\n\r\n${BODY.slice(0, 9)}`);
  await sleep(200);

  const told = Date.now();
  served.signal('SIGTERM');
  await served.says(/stopping/);
  const unready = await probe();
  assert.equal(unready.status, 503, 'the probe must say at once that nobody should come');
  assert.match(unready.body, /not ready: draining/);
  await load;
  const shut = Date.now();
  assert.ok(shut - told >= DRAIN_SECONDS * 1000, `the door was shut after ${shut - told} ms: the probes had no time to tell`);
  const ended = once(slow, 'close');
  slow.write(BODY.slice(9));
  await ended;
  assert.match(slowly, /^HTTP\/1\.1 200 [^]*connection: close[^]*"name":"Ada"/, 'a request that was under way when the door was shut');
  assert.equal(await served.ended, 0, served.log);

  assert.ok(answers.length > CLIENTS, `only ${answers.length} were answered`);
  for (const { status, body } of answers) assert.equal(`${status} ${JSON.parse(body).data?.viewer?.name}`, '200 Ada', body);
  // A second is more than the signal takes.
  const late = answers.filter(({ at }) => at > told + 1000);
  assert.ok(late.length > 0 && late.every(({ closes }) => closes), 'an answer of a draining gateway does not say that its connection ends');
});

test('Ctrl-C does not wait, and takes leave of a connection that asks nothing', { timeout: PATIENCE }, async (context) => {
  const served = await gateway(context, 300);
  const idle = net.connect(new URL(served.origin).port, '127.0.0.1');
  await once(idle, 'connect');
  const ended = once(idle, 'close');
  served.signal('SIGINT');
  await ended;
  assert.equal(await served.ended, 0, served.log);
});

test('a second signal ends it at once, whatever is under way', { timeout: PATIENCE }, async (context) => {
  const served = await gateway(context, 300);
  served.signal('SIGTERM');
  await served.says(/stopping/);
  served.signal('SIGTERM');
  assert.equal(await served.ended, 1, served.log);
  assert.match(served.log, /requests under way were cut off/);
});
