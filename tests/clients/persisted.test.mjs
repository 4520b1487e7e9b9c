// Documents that are not sent as text: by Apollo's own link for automatic persisted queries, and by Relay's ids where trusted documents
// are enforced; and the pages' own questions there.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { createPersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { parse, print, separateOperations } from 'graphql';
import { Environment, Network, RecordSource, Store, fetchQuery } from 'relay-runtime';
import { startDemo } from './demo.mjs';
import { compile } from './relay/compile.mjs';

const ORGANIZATION = { 'X-Organization-Id': 'allsolutions' };
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** What a request was: its method, and whether its text or its hash was in it. */
function seen(url, { method, body }) {
  const asked = body === undefined ? Object.fromEntries(new URL(url).searchParams) : JSON.parse(body);
  return [method, ...['query', 'extensions', 'documentId'].filter((name) => asked[name] !== undefined)].join(' ');
}

describe("Apollo's automatic persisted queries", () => {
  const QUERY = gql`query Persisted($first: Int!) { doctors(first: $first) { nodes { id name } } }`;
  const TWICE = ['POST extensions', 'POST query extensions'];

  /** A client that has asked nothing yet, and what it has sent. */
  function connect(demo, who, options = {}) {
    const sent = [];
    const observed = (url, asked) => {
      sent.push(seen(url, asked));
      return fetch(url, asked);
    };
    const headers = { authorization: `Bearer ${demo.tokens[who]}`, ...ORGANIZATION };
    const link = ApolloLink.from([createPersistedQueryLink({ sha256, ...options }), new HttpLink({ uri: demo.url, headers, fetch: observed })]);
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const ask = async (first, query = QUERY) => (await client.query({ query, variables: { first }, fetchPolicy: 'no-cache' })).data;
    return { sent, ask };
  }

  describe('as it comes', () => {
    let demo;
    before(async () => (demo = await startDemo()));
    after(() => demo?.stop());

    it('sends the text once, and then its hash alone, whoever asks', async () => {
      const first = connect(demo, 'claudia');
      assert.equal((await first.ask(3)).doctors.nodes.length, 3);
      assert.equal((await first.ask(2)).doctors.nodes.length, 2);
      assert.deepEqual(first.sent, [...TWICE, 'POST extensions']);
      const second = connect(demo, 'viewer');
      assert.equal((await second.ask(1)).doctors.nodes.length, 1);
      assert.deepEqual(second.sent, ['POST extensions']);
    });

    it('does so by GET, too', async () => {
      const { sent, ask } = connect(demo, 'claudia', { useGETForHashedQueries: true });
      const query = gql`query ByAddress($first: Int!) { dsos(first: $first) { nodes { id name } } }`;
      for (const first of [1, 2]) assert.equal((await ask(first, query)).dsos.nodes.length, first);
      assert.equal(sent[0], 'GET extensions');
      assert.equal(sent.at(-1), 'GET extensions');
      assert.equal(sent.length, 3);
    });
  });

  it('gives up by itself where they are switched off', async () => {
    const demo = await startDemo({ CS12_DOCUMENTS__PERSISTED_QUERIES: 'false' });
    try {
      const { sent, ask } = connect(demo, 'claudia');
      for (const first of [1, 2]) assert.equal((await ask(first)).doctors.nodes.length, first);
      assert.equal(sent.length, 3, `it goes on trying: ${sent}`);
      assert.deepEqual(sent.slice(1).map((one) => one.includes('query')), [true, true]);
    } finally {
      await demo.stop();
    }
  });
});

describe('where trusted documents are enforced', () => {
  const list = fileURLToPath(new URL('relay/__persisted__/queries.json', import.meta.url));
  let demo;
  before(async () => {
    compile('relay.persisted.config.json');
    demo = await startDemo({ CS12_DOCUMENTS__TRUSTED: 'enforce', CS12_DOCUMENTS__MANIFEST: list });
  });
  after(() => demo?.stop());

  async function ask(body) {
    const headers = { authorization: `Bearer ${demo.tokens.claudia}`, ...ORGANIZATION, 'content-type': 'application/json' };
    return (await fetch(demo.url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  }

  it("Relay's ids stand for the texts of its own list", async () => {
    const { default: query } = await import('./relay/__persisted__/doctorsListQuery.graphql.js');
    assert.equal(query.params.text, null);
    assert.match(query.params.id, /^[0-9a-f]{32}$/);
    const network = Network.create(({ id }, variables) => ask({ documentId: id, variables }));
    const environment = new Environment({ network, store: new Store(new RecordSource()) });
    const { doctors } = await fetchQuery(environment, query, { first: 3 }).toPromise();
    assert.equal(doctors.edges.length, 3);
  });

  it('nothing else is run, not even by an admin', async () => {
    for (const body of [{ query: '{ viewer { name } }' }, { documentId: '0'.repeat(32) }]) {
      const { data, errors } = await ask(body);
      assert.deepEqual([data, errors.map(({ extensions }) => extensions.code)], [undefined, ['PERSISTED_QUERY_NOT_FOUND']]);
    }
  });

  it("the gateway's own pages are", async () => {
    const folder = new URL('../../gateway/ui/src/dashboard/operations/', import.meta.url);
    const texts = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    // As the dashboard's client prints them: each with the fragments that it spreads.
    const operations = Object.values(separateOperations(parse(texts.join('\n'))));
    assert.ok(operations.length > 10, `${operations.length} operations`);
    for (const operation of operations) {
      const { errors } = await ask({ query: print(operation), variables: {} });
      const codes = (errors ?? []).map(({ extensions }) => extensions.code);
      assert.ok(!codes.includes('PERSISTED_QUERY_NOT_FOUND'), print(operation));
    }
  });
});
