// What the audits leave open and the gateway decides: a table of requests, asked byte for byte over a socket of their own.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { bearer, endpoint } from './gateway.mjs';

const JSON_TYPE = 'application/json; charset=utf-8';
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

const ask = ({ method = 'POST', path = '/graphql', search = '', headers = {}, body }) =>
  new Promise((resolve, reject) => {
    const url = new URL(path + search, endpoint);
    const asked = request(url, { method, headers }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: answer.statusCode, headers: answer.headers, text });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });

const json = { 'content-type': 'application/json' };
const newer = { accept: 'application/graphql-response+json' };
const typename = JSON.stringify({ query: '{ __typename }' });
const query = (text) => `?${new URLSearchParams({ query: text })}`;

/** Refused with a status, a code and one of the two media types; signed in unless `headers` say otherwise. */
const REFUSED = [
  ['no such path', { path: '/nowhere' }, 404, 'NOT_FOUND'],
  ['PUT', { method: 'PUT', headers: json, body: typename }, 405, 'BAD_USER_INPUT', { allow: 'GET, HEAD, POST, OPTIONS' }],
  ['DELETE', { method: 'DELETE' }, 405, 'BAD_USER_INPUT', { allow: 'GET, HEAD, POST, OPTIONS' }],
  ['a mutation over GET', { method: 'GET', search: query('mutation { __typename }') }, 405, 'BAD_USER_INPUT', { allow: 'POST' }],
  ['a mutation over GET, newer', { method: 'GET', search: query('mutation { __typename }'), headers: newer }, 405, 'BAD_USER_INPUT', { allow: 'POST' }],
  ['GET without a query', { method: 'GET' }, 400, 'BAD_USER_INPUT'],
  ['a query twice', { method: 'GET', search: `${query('{__typename}')}&query=x` }, 400, 'BAD_USER_INPUT'],
  ['variables that are not JSON', { method: 'GET', search: `${query('{__typename}')}&variables=x` }, 400, 'BAD_USER_INPUT'],
  ['a page with a query', { method: 'GET', search: query('{__typename}'), headers: { accept: 'text/html' } }, 406, 'BAD_USER_INPUT'],
  ['nothing acceptable', { headers: { ...json, accept: 'image/png' }, body: typename }, 406, 'BAD_USER_INPUT'],
  ['refused by weight', { headers: { ...json, accept: 'application/json;q=0' }, body: typename }, 406, 'BAD_USER_INPUT'],
  ['no content type', { body: typename }, 415, 'BAD_USER_INPUT'],
  ['plain text', { headers: { 'content-type': 'text/plain' }, body: typename }, 415, 'BAD_USER_INPUT'],
  ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query={__typename}' }, 415, 'BAD_USER_INPUT'],
  ['multipart', { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: typename }, 415, 'BAD_USER_INPUT'],
  ['another charset', { headers: { 'content-type': 'application/json; charset=utf-16' }, body: typename }, 415, 'BAD_USER_INPUT'],
  ['compressed', { headers: { ...json, 'content-encoding': 'gzip' }, body: typename }, 415, 'BAD_USER_INPUT', { 'accept-encoding': 'identity' }],
  ['UTF-16', { headers: json, body: Buffer.from(`\ufeff${typename}`, 'utf16le') }, 400, 'BAD_USER_INPUT'],
  ['half of a character', { headers: json, body: '{"query":"{ a(b: \\"\\ud83d\\") }"}' }, 400, 'BAD_USER_INPUT'],
  ['bytes of an address that are not UTF-8', { method: 'GET', search: '?query=%7B__typename%7D%FF' }, 400, 'BAD_USER_INPUT'],
  ['a token that is too large', { headers: { ...json, authorization: `Bearer ${'a'.repeat(9000)}` }, body: typename }, 401, 'UNAUTHENTICATED'],
  ['an empty body', { headers: json }, 400, 'BAD_USER_INPUT'],
  ['a batch', { headers: json, body: `[${typename}]` }, 400, 'BAD_USER_INPUT'],
  ['an empty batch', { headers: json, body: '[]' }, 400, 'BAD_USER_INPUT'],
  ['a member twice', { headers: json, body: '{"query":"{__typename}","query":"{__typename}"}' }, 400, 'BAD_USER_INPUT'],
  ['not UTF-8', { headers: json, body: Buffer.from('7b227175657279223a22ff227d', 'hex') }, 400, 'BAD_USER_INPUT'],
  ['a deep body', { headers: json, body: `{"query":"{__typename}","variables":{"a":${'['.repeat(999)}${']'.repeat(999)}}}` }, 400, 'BAD_USER_INPUT'],
  ['a huge body', { headers: json, body: `{"query":"${' '.repeat(1024 * 1024)}{__typename}"}` }, 413, 'BAD_USER_INPUT'],
  ['not GraphQL, newer', { headers: { ...json, ...newer }, body: '{"query":"{"}' }, 400, 'GRAPHQL_PARSE_FAILED'],
  ['not GraphQL, older', { headers: json, body: '{"query":"{"}' }, 200, 'GRAPHQL_PARSE_FAILED'],
  ['no such field, newer', { headers: { ...json, ...newer }, body: '{"query":"{ nothingOfThisName }"}' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['no such field, older', { headers: json, body: '{"query":"{ nothingOfThisName }"}' }, 200, 'GRAPHQL_VALIDATION_FAILED'],
  ['an empty organization', { headers: { ...json, 'x-organization-id': '' }, body: typename }, 400, 'BAD_USER_INPUT'],
  ['two organizations', { headers: { ...json, 'x-organization-id': 'a', 'x-workspace-id': 'b' }, body: typename }, 400, 'BAD_USER_INPUT'],
];

for (const [name, asked, status, code, expected = {}] of REFUSED) {
  test(`refused: ${name}`, async () => {
    const answer = await ask({ ...asked, headers: { ...bearer, ...asked.headers, 'x-request-id': 'r-1' } });
    assert.equal(answer.status, status, answer.text);
    const wanted = answer.headers['content-type'];
    assert.equal(wanted, asked.headers?.accept === newer.accept ? GRAPHQL_TYPE : JSON_TYPE);
    for (const [header, value] of Object.entries(expected)) assert.equal(answer.headers[header], value);
    const body = JSON.parse(answer.text);
    assert.deepEqual(Object.keys(body), ['errors']);
    for (const error of body.errors) {
      assert.equal(typeof error.message, 'string');
      assert.equal(error.extensions.code, code);
      assert.equal(error.extensions.requestId, 'r-1');
    }
    assert.equal(answer.headers['x-request-id'], 'r-1');
  });
}

test('every refusal of a credential is one and the same 401, also before anything else is looked at', async () => {
  const bodies = new Set();
  for (const authorization of ['Bearer', 'Bearer x', 'Bearer a.b.c', 'Basic eDp5', `${bearer.authorization}x`, 'x']) {
    for (const asked of [
      { headers: json, body: typename },
      { headers: { 'content-type': 'text/plain' }, body: '[' },
      { headers: { ...json, 'x-organization-id': '' }, body: typename },
      { method: 'GET', search: query('{ __typename }') },
      { method: 'GET', path: '/graphiql/schema.graphql' },
    ]) {
      const answer = await ask({ ...asked, headers: { ...asked.headers, authorization, 'x-request-id': 'r-1' } });
      assert.equal(answer.status, 401, authorization);
      assert.equal(answer.headers['www-authenticate'], 'Bearer');
      bodies.add(answer.text);
    }
  }
  const anonymous = await ask({ method: 'GET', path: '/graphiql/schema.graphql', headers: { 'x-request-id': 'r-1' } });
  assert.equal(anonymous.status, 401);
  bodies.add(anonymous.text);
  const fragment = JSON.stringify({ query: 'query { ...F } fragment F on Query { __typename }' });
  const curious = await ask({ headers: { ...json, 'x-request-id': 'r-1' }, body: fragment });
  assert.equal(curious.status, 401);
  bodies.add(curious.text);
  assert.equal(bodies.size, 1, [...bodies].join('\n'));
});

test('answers are written as they are wanted', async () => {
  for (const [accept, type] of [
    [undefined, JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/json', JSON_TYPE],
    ['application/json, application/graphql-response+json', GRAPHQL_TYPE],
    ['application/graphql-response+json;q=0.1, */*', JSON_TYPE],
    ['application/graphql-response+json, application/json;q=0.9', GRAPHQL_TYPE],
  ]) {
    const headers = { ...bearer, ...json, ...(accept && { accept }) };
    const answer = await ask({ headers, body: typename });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], type, accept);
    assert.deepEqual(JSON.parse(answer.text), { data: { __typename: 'Query' } });
  }
});

test('every answer is guarded by its headers', async () => {
  for (const path of ['/graphql', '/health/live', '/health/ready', '/nowhere', '/graphiql/schema.graphql']) {
    const { headers } = await ask({ method: 'GET', path, headers: { ...bearer, 'x-request-id': 'a b' } });
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
    assert.match(headers['x-request-id'], /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}$/);
  }
});

test('a browser that opens the endpoint gets the page, or the reason why there is none', async () => {
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const answer = await ask({ method: 'GET', headers: { accept } });
  assert.ok([200, 404].includes(answer.status));
  assert.doesNotMatch(answer.headers['content-type'], /json/);
  assert.match(answer.headers['content-security-policy'], /frame-ancestors 'none'/);
  assert.match(answer.headers.vary, /accept/);
});

test('other sites are not let in unless they are configured', async () => {
  const origin = { origin: 'https://elsewhere.example' };
  const answer = await ask({ headers: { ...bearer, ...json, ...origin }, body: typename });
  assert.equal(answer.headers['access-control-allow-origin'], undefined);
  const preflight = await ask({ method: 'OPTIONS', headers: { ...origin, 'access-control-request-method': 'POST' } });
  assert.equal(preflight.headers['access-control-allow-origin'], undefined);
});
