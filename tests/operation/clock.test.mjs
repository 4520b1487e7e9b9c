// The clock is set while the gateway serves: hours forward, back, and to before it was started.

import assert from 'node:assert/strict';
import net from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from './clock.mjs';
import { Gateway, PATIENCE } from './gateway.mjs';

const READ = '{ viewer { name } organization { slug } }';
const CHANGE = 'mutation($name: String!) { dsoCreate(input: { name: $name }) { dso { id } userErrors { code } } }';
const COUNT = '{ dsos(first: 1) { totalCount } organization { slug auditLog(first: 1) { totalCount } } }';
// Costs more than half of the budget.
const DEAR = '{ doctors(first: 100) { nodes { id } } }';
const BUDGET = 150;
/** Longest that a request may take while somebody sets the clock; each takes some milliseconds. */
const AT_MOST = 5_000;
/** As long as the gateway waits for a body. */
const BODY_PATIENCE = 15_000;

async function ask(gateway, token, query, variables) {
  const began = performance.now();
  const answer = await fetch(`${gateway.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const body = await answer.json();
  return { status: answer.status, headers: answer.headers, body, took: performance.now() - began };
}

/** Asks until it is told to stop; each answer must be right and come in time. */
async function keepAsking(gateway, token, run, query, variables, isRight) {
  let count = 0;
  for (; !run.ends; count += 1) {
    const { status, body, took } = await ask(gateway, token, query, variables?.(count));
    assert.ok(status === 200 && isRight(body), `while the clock was ${run.clock}: ${status} ${JSON.stringify(body)}`);
    assert.ok(took < AT_MOST, `while the clock was ${run.clock}, an answer took ${took} ms`);
    // Within their budgets: each of these spends little.
    await sleep(run.pause);
  }
  return count;
}

/** Sends half of a request. */
function halfSent(gateway, token) {
  const body = JSON.stringify({ query: READ });
  const socket = net.connect(new URL(gateway.origin).port, '127.0.0.1');
  const half = { text: '', ended: once(socket, 'close'), finish: () => socket.write(body.slice(9)) };
  socket.setEncoding('utf8').on('data', (text) => (half.text += text));
  const head = `POST /graphql HTTP/1.1\r\nhost: suite\r\nconnection: close\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\n`;
  socket.write(`${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 9)}`);
  return half;
}

test('the clock is set by hours and back: nobody waits, nothing is lost, and only tokens go by it', { timeout: 5 * PATIENCE }, async (context) => {
  const gateway = await Gateway.make({ server: { drain_seconds: 0 } });
  context.after(() => gateway.remove());
  const clock = await Clock.make(gateway.folder);
  // Good from a week before to long after.
  const lasting = (email, name) => gateway.token({ email, name, lifetime: '90d', variables: clock.off('-7d') });
  const ada = await lasting('ada@suite.example', 'Ada');
  const grace = await lasting('grace@suite.example', 'Grace');
  const short = await gateway.token({ email: 'short@suite.example', name: 'Short' });
  await gateway.serve({ variables: clock.variables });
  const { body: founded } = await ask(gateway, ada, COUNT);
  const { slug } = founded.data.organization;
  const events = founded.data.organization.auditLog.totalCount;
  for (const token of [grace, short]) assert.equal((await ask(gateway, token, READ)).status, 200);

  const run = { ends: false, clock: 'right', pause: 20 };
  const reading = keepAsking(gateway, grace, run, READ, undefined, ({ data, errors }) => !errors && data.viewer.name === 'Grace');
  const changing = keepAsking(gateway, ada, run, CHANGE, (n) => ({ name: `DSO ${n}` }), ({ data }) => data?.dsoCreate?.dso?.id);
  // Whichever of them fails, fails the test at once.
  const load = Promise.all([reading, changing]);
  const steps = async () => {
    // Is the token, good for an hour from now, believed?
    for (const [offset, status] of [['+3h', 401], ['+0', 200], ['+26h', 401], ['-5h', 401], ['+0', 200]]) {
      const half = halfSent(gateway, ada);
      await sleep(300);
      await clock.set(offset);
      run.clock = offset;
      assert.equal((await ask(gateway, short, READ)).status, status, `the clock was set to ${offset}`);
      half.finish();
      await half.ended;
      assert.match(half.text, /^HTTP\/1\.1 200 [^]*"name":"Ada"/, `a request that was half sent when the clock was set to ${offset}`);
      await sleep(1000);
    }
  };
  await Promise.race([steps(), load.then(() => assert.fail('the load has ended by itself'))]);
  run.ends = true;
  const [read, made] = await load;
  assert.ok(read > 50 && made > 50, `only ${read} were read and ${made} made: there was no load`);

  const { body } = await ask(gateway, ada, COUNT);
  assert.deepEqual([body.data.dsos.totalCount, body.data.organization.auditLog.totalCount], [made, events + made]);
  const sound = `${events + made} events, none changed, removed or slipped in; the last is ${events + made}:`;
  assert.ok((await gateway.tells('audit', 'verify', '--organization', slug)).startsWith(sound));
  gateway.signal('SIGTERM');
  assert.equal(await gateway.ended, 0, gateway.log);
  assert.doesNotMatch(gateway.log, /panicked|ERROR/);
});

test('a budget is nobody\'s for longer than a minute, and a wait ends in its time, however the clock is set', { timeout: 5 * PATIENCE }, async (context) => {
  const gateway = await Gateway.make({ server: { drain_seconds: 0 }, limits: { person_cost_per_minute: BUDGET } });
  context.after(() => gateway.remove());
  const clock = await Clock.make(gateway.folder);
  const token = await gateway.token({ lifetime: '90d', variables: clock.off('-7d') });
  await gateway.serve({ variables: clock.variables });
  const spend = async (when) => {
    // The minute may end between two of them, once.
    for (let n = 0; n < 4; n += 1) {
      const { status, headers } = await ask(gateway, token, DEAR);
      if (status === 200) continue;
      assert.equal(status, 429, when);
      const seconds = Number(headers.get('retry-after'));
      assert.ok(seconds >= 1 && seconds <= 60, `${when}: wait ${seconds} s`);
      return;
    }
    assert.fail(`${when}: the budget has no end`);
  };
  for (const offset of ['+3h', '+0', '-5h', '+26h', '+0']) {
    await spend(`before ${offset}`);
    // Just after a minute's beginning it would have ended by itself; that is right, too.
    await clock.set(offset);
    const { status, body } = await ask(gateway, token, DEAR);
    assert.equal(status, 200, `the clock was set to ${offset}, and the budget of another minute holds: ${JSON.stringify(body)}`);
  }

  await clock.set('+3h');
  const half = halfSent(gateway, token);
  const began = performance.now();
  await sleep(300);
  await clock.set('-5h');
  await half.ended;
  const took = performance.now() - began;
  assert.match(half.text, /^HTTP\/1\.1 408 /, 'a body that never comes');
  assert.ok(took > BODY_PATIENCE - 1000 && took < BODY_PATIENCE + AT_MOST, `the wait for it has ended after ${took} ms`);
});
