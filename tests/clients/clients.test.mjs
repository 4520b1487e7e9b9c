// The same questions by each client, against a demo: they must see what a bare request sees, and no less of a refusal.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startDemo } from './demo.mjs';
import { pageQuery } from './page.mjs';
import { compile } from './relay/compile.mjs';

const CLIENTS = ['apollo', 'urql', 'relay', 'graphql-request'];
const MINE = 'allsolutions';
const DAY = 86_400_000;
const until = new Date(Math.floor(Date.now() / DAY) * DAY);
/** Two months of which the demo's data has much to tell, whenever the tests run. */
const VARIABLES = { dsoIds: null, range: { from: new Date(until.getTime() - 59 * DAY).toISOString(), until: until.toISOString() }, inactiveDays: 30 };

let demo;
/** How many requests went out, and with which headers the last one did. */
const sent = { count: 0, headers: null };

/** What a client complains of: a cache that is set up wrongly says so there and nowhere else. */
const complaints = [];

const as = (who) => () => ({ authorization: `Bearer ${demo.tokens[who]}`, 'X-Organization-Id': MINE });

async function ask(who, query, variables) {
  const answer = await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...as(who)() },
    body: JSON.stringify({ query, variables }),
  });
  return answer.json();
}

/** Without what a client puts there for its cache. */
function bare(value) {
  return JSON.parse(JSON.stringify(value, (key, inner) => (key === '__typename' ? undefined : inner)));
}

before(async () => {
  compile();
  for (const method of ['warn', 'error']) console[method] = (...words) => complaints.push(words.join(' '));
  demo = await startDemo();
  const { fetch } = globalThis;
  globalThis.fetch = (url, options) => {
    sent.count += 1;
    sent.headers = new Headers(options.headers);
    assert.equal(options.method, 'POST');
    return fetch(url, options);
  };
});
after(() => demo?.stop());

for (const name of CLIENTS) {
  describe(name, () => {
    let client;
    before(async () => {
      client = await import(`./${name}.mjs`);
    });

    it("asks the page's overview, as whoever signed in and in the organization that they chose", async () => {
      const { data } = await ask('claudia', pageQuery('overview'), VARIABLES);
      const seen = await client.overview(client.connect(demo.url, as('claudia')), VARIABLES);
      assert.equal(seen.doctors.count, data.organization.overview.doctors.count);
      assert.ok(seen.doctors.count > 0);
      assert.deepEqual(bare(seen), data.organization.overview);
      assert.equal(sent.headers.get('x-organization-id'), MINE);
    });

    it('reads the headers before each request', async () => {
      let who = 'viewer';
      const connected = client.connect(demo.url, () => as(who)());
      const few = await client.overview(connected, VARIABLES);
      who = 'claudia';
      const many = await client.overview(connected, { ...VARIABLES, inactiveDays: 31 });
      assert.ok(few.dsoCount < many.dsoCount, `${few.dsoCount}, then ${many.dsoCount}`);
    });

    it('pages through the doctors, each once and in their order', async () => {
      const { data } = await ask('viewer', '{ doctors(first: 100) { totalCount nodes { id name } } }');
      const { totalCount, nodes } = data.doctors;
      const first = 25;
      assert.ok(totalCount > 2 * first && totalCount === nodes.length, `${totalCount} doctors on one page of 100`);
      sent.count = 0;
      const found = await client.allDoctors(client.connect(demo.url, as('viewer')), { first });
      assert.equal(sent.count, Math.ceil(totalCount / first));
      assert.deepEqual(found.map(({ id, name }) => ({ id, name })), nodes);
    });

    it('sees the rest of an answer beside a refused field, and why it was refused', async () => {
      const { doctors, errors } = await client.emails(client.connect(demo.url, as('viewer')), 3);
      assert.equal(doctors.length, 3);
      assert.ok(doctors.every(({ name, email }) => name.length > 0 && email === null), JSON.stringify(doctors));
      assert.equal(errors.length, 1);
      const { code, coordinate, count, requestId } = errors[0].extensions;
      assert.deepEqual({ code, coordinate, count }, { code: 'FORBIDDEN', coordinate: 'Doctor.email', count: 3 });
      assert.ok(requestId);
    });

    it('sees the same field where it is allowed', async () => {
      const { doctors, errors } = await client.emails(client.connect(demo.url, as('claudia')), 10);
      assert.equal(doctors.length, 10);
      assert.ok(doctors.some(({ email }) => email?.includes('@')));
      assert.deepEqual(errors, []);
    });

    it('sees why a request was refused as a whole', async () => {
      const connected = client.connect(demo.url, () => ({ authorization: 'Bearer of nothing' }));
      await assert.rejects(client.overview(connected, VARIABLES), (error) => {
        assert.equal(client.refusal(error)?.code, 'UNAUTHENTICATED');
        return true;
      });
    });

    it('complains of nothing', () => assert.deepEqual(complaints.splice(0), []));
  });
}
