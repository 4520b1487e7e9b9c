// `changes` by graphql-ws, the client of the protocol's author, against a demo: what arrives, what never does, and when the line is cut.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { startDemo } from './demo.mjs';

const CHANGES = 'subscription { changes { rows { type id version } all } }';
const OURS = 'allsolutions';
const THEIRS = 'othersolutions';

/** Within which a change arrives, and a line is cut. */
const SECOND = 1_000;

/** Longest wait for what comes at once on an idle machine. */
const PATIENCE = 20_000;

let demo;
let ids;

async function ask(who, query, variables = {}, organization = OURS) {
  const answer = await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${demo.tokens[who]}`, 'x-organization-id': organization },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

const change = (who, mutation, input, organization) => {
  const type = `${mutation[0].toUpperCase()}${mutation.slice(1)}Input!`;
  const query = `mutation($input: ${type}) { ${mutation}(input: $input) { userErrors { message } } }`;
  return ask(who, query, { input }, organization).then((data) => assert.deepEqual(data[mutation].userErrors, []));
};

let notes = 0;
const write = (who, doctorId, organization) => change(who, 'doctorUpdate', { doctorId, notes: `note ${(notes += 1)}` }, organization);

/** A subscriber, once the subscription stands: what they got, and how their connection ended. */
async function subscribe(who, { organization = OURS, query = CHANGES, params, ...options } = {}) {
  const got = [];
  const seen = { got, closed: null, failed: null };
  const connectionParams = params ?? { Authorization: `Bearer ${demo.tokens[who]}`, 'X-Organization-Id': organization };
  const client = createClient({
    url: demo.url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams,
    on: { closed: ({ code, reason }) => (seen.closed = { code, reason, at: Date.now() }) },
    ...options,
  });
  seen.over = new Promise((resolve) => {
    const sink = { next: (result) => got.push(result), error: (cause) => resolve((seen.failed = cause)), complete: () => resolve() };
    seen.stop = client.subscribe({ query }, sink);
  });
  await until(() => got.length > 0 || seen.closed || seen.failed);
  return { ...seen, state: seen, dispose: () => client.dispose() };
}

async function until(holds) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await pause(10)) if (holds()) return;
  assert.fail(`it does not come true: ${holds}`);
}

const rows = (messages) => messages.flatMap(({ data }) => data.changes.rows);

before(async () => {
  demo = await startDemo();
  const { dsos } = await ask('alan', '{ dsos(first: 100) { nodes { id name doctors(first: 1) { nodes { id } } } } }');
  const dso = (name) => dsos.nodes.find((found) => found.name.startsWith(name));
  const [seven, nadg] = [dso('7to7'), dso('NADG')];
  const { members } = await ask('alan', '{ members(first: 100) { nodes { id user { email } grants { nodes { dso { id } } } } } }');
  const { viewer } = await ask('viewer', '{ viewer { memberships { organizationSlug } email } }');
  const member = members.nodes.find(({ user }) => user.email === viewer.email);
  const theirs = await ask('outsider', '{ dsos(first: 100) { nodes { id name doctors(first: 1) { nodes { id } } } } }', {}, THEIRS);
  ids = {
    seven: seven.id,
    inSeven: seven.doctors.nodes[0].id,
    inNadg: nadg.doctors.nodes[0].id,
    inTheirs: theirs.dsos.nodes.find(({ doctors }) => doctors.nodes.length > 0).doctors.nodes[0].id,
    viewer: member.id,
  };
});
after(() => demo?.stop());

describe('changes', () => {
  it('says first that it stands, and then which rows were changed, within a second', async () => {
    const seen = await subscribe('viewer');
    assert.deepEqual(seen.got, [{ data: { changes: { rows: [], all: false } } }]);
    const began = Date.now();
    await write('alan', ids.inSeven);
    await until(() => seen.got.length > 1);
    assert.ok(Date.now() - began < SECOND, `${Date.now() - began} ms`);
    const { version } = (await ask('alan', `{ node(id: "${ids.inSeven}") { ... on Doctor { version } } }`)).node;
    assert.deepEqual(seen.got[1], { data: { changes: { rows: [{ type: 'DOCTOR', id: ids.inSeven, version }], all: false } } });
    seen.dispose();
  });

  it('sends each caller the changes of the DSOs that they see and of no other organization', async () => {
    const seen = {};
    for (const who of ['alan', 'agent', 'viewer']) seen[who] = await subscribe(who);
    seen.outsider = await subscribe('outsider', { organization: THEIRS });
    await write('alan', ids.inNadg);
    await write('outsider', ids.inTheirs, THEIRS);
    // The last of the changes: when it has arrived, so have those before it.
    await write('alan', ids.inSeven);
    const received = (who) => rows(seen[who].got).map(({ id }) => id);
    for (const who of ['alan', 'agent', 'viewer']) await until(() => received(who).includes(ids.inSeven));
    await until(() => received('outsider').includes(ids.inTheirs));
    assert.deepEqual(new Set(received('alan')), new Set([ids.inNadg, ids.inSeven]));
    assert.deepEqual(new Set(received('agent')), new Set([ids.inNadg, ids.inSeven]));
    assert.deepEqual(new Set(received('viewer')), new Set([ids.inSeven]));
    assert.deepEqual(new Set(received('outsider')), new Set([ids.inTheirs]));
    for (const one of Object.values(seen)) one.dispose();
  });

  it('sends nothing more of a DSO whose grant was revoked, and the line stays', async () => {
    const seen = await subscribe('viewer');
    await change('alan', 'dsoGrantRevoke', { memberId: ids.viewer, dsoId: ids.seven });
    await write('alan', ids.inSeven);
    await pause(2 * SECOND);
    assert.deepEqual([seen.got.length, seen.state.closed], [1, null]);
    await change('alan', 'dsoGrant', { memberId: ids.viewer, dsoId: ids.seven, role: 'VIEWER' });
    await write('alan', ids.inSeven);
    await until(() => rows(seen.got).length > 0);
    seen.dispose();
  });

  it('cuts a member off within a second of their suspension, and of their removal', async () => {
    for (const [mutation, restore] of [['memberSuspend', 'memberResume'], ['memberRemove', null]]) {
      const [seen, other] = [await subscribe('viewer'), await subscribe('agent')];
      await change('alan', mutation, { memberId: ids.viewer });
      const began = Date.now();
      await write('alan', ids.inSeven);
      await until(() => seen.state.closed);
      assert.ok(seen.state.closed.at - began < SECOND, `${mutation}: ${seen.state.closed.at - began} ms`);
      assert.equal(seen.state.closed.code, 4403, mutation);
      assert.deepEqual(rows(seen.got.filter(({ data }) => data?.changes)), [], `${mutation}: sent after it`);
      await until(() => rows(other.got).length > 0);
      assert.equal(other.state.closed, null, 'others stay');
      other.dispose();
      const again = await subscribe('viewer');
      assert.ok(again.state.closed || again.got[0].errors, `${mutation}: who is out does not come in again`);
      again.dispose();
      if (restore) await change('alan', restore, { memberId: ids.viewer });
    }
  });
});

describe('the line', () => {
  it('lets no client in without a sound token, in the handshake or in the payload', async () => {
    for (const params of [{}, { Authorization: 'Bearer x.y.z' }, { Authorization: demo.tokens.alan }]) {
      const seen = await subscribe('alan', { params });
      assert.equal(seen.state.closed.code, 4401, JSON.stringify(params));
    }
    class WithHeaders extends WebSocket {
      constructor(url, protocols) {
        super(url, protocols, { headers: { authorization: `Bearer ${demo.tokens.alan}`, 'x-organization-id': OURS } });
      }
    }
    const seen = await subscribe('alan', { params: {}, webSocketImpl: WithHeaders });
    assert.equal(seen.got.length, 1, 'the headers of the handshake do');
    seen.dispose();
    assert.equal(await refused({ headers: { authorization: 'Bearer x.y.z' } }), 401);
  });

  it('opens for pages of the same site alone', async () => {
    const { host } = new URL(demo.url);
    assert.equal(await refused({ origin: 'https://evil.example' }), 403);
    assert.equal(await refused({ origin: 'null' }), 403);
    assert.equal(await refused({ origin: `http://${host}.evil.example` }), 403);
    assert.equal(await refused({ origin: `http://${host}` }), null);
    assert.equal(await refused({}), null, 'who is no browser has none');
  });

  it('speaks one protocol', async () => {
    assert.equal(await refused({}, ['graphql-ws']), 400);
    assert.equal(await refused({}, ['graphql-ws', 'graphql-transport-ws']), null);
  });

  it('takes subscriptions alone, each with one root field, and says what is wrong with another', async () => {
    for (const [query, said] of [
      ['{ viewer { name } }', /go by POST/],
      ['mutation { viewerDefaultOrganizationSet(input: { organizationId: "x" }) { userErrors { message } } }', /go by POST/],
      ['subscription { changes { rows { name } } }', /name/],
      ['subscription { nothing }', /nothing/],
      ['subscription { changes { all } more: changes { all } }', /one root field/],
      ['subscription {', /./],
    ]) {
      const seen = await subscribe('alan', { query });
      const errors = seen.got[0]?.errors ?? seen.state.failed;
      assert.match(errors[0].message, said, query);
      assert.equal(seen.got[0]?.data ?? null, null);
      seen.dispose();
    }
    const answer = await fetch(demo.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', authorization: `Bearer ${demo.tokens.alan}` },
      body: JSON.stringify({ query: CHANGES }),
    });
    assert.equal(answer.status, 400);
    assert.match((await answer.json()).errors[0].message, /over a WebSocket/);
  });

  it('has a bound for each caller', async () => {
    const lines = [];
    for (let count = 0; count < 20; count += 1) lines.push(await subscribe('claudia'));
    assert.ok(lines.every(({ got }) => got[0].data), 'the control');
    const more = await subscribe('claudia');
    assert.match(more.got[0].errors[0].message, /you have 20 subscriptions open/);
    lines.pop().dispose();
    await until(() => lines.length < 20);
    await pause(200);
    const again = await subscribe('claudia');
    assert.ok(again.got[0].data, 'a place that was given back');
    for (const line of [...lines, more, again]) line.dispose();
  });

  it('is closed where nothing is said within ten seconds', async () => {
    const line = new WebSocket(demo.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
    const began = Date.now();
    const [code] = await once(line, 'close');
    assert.equal(code, 4408);
    assert.ok(Date.now() - began > 9_000 && Date.now() - began < PATIENCE);
  });
});

/** The status with which a handshake is refused; none if it is not. */
async function refused(options, protocols = ['graphql-transport-ws']) {
  const line = new WebSocket(demo.url.replace(/^http/, 'ws'), protocols, options);
  return new Promise((resolve, reject) => {
    line.on('open', () => {
      line.terminate();
      resolve(null);
    });
    line.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode);
    });
    line.on('error', reject);
  });
}
