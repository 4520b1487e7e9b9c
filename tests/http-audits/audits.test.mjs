// All audits of `graphql-http`: MUST, SHOULD and MAY alike.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverAudits } from 'graphql-http';
import { bearer, endpoint } from './gateway.mjs';

/** As many as the pinned version has: a newer one is looked at before it is believed. */
const COUNT = 61;

const signedIn = (url, init = {}) => fetch(url, { ...init, headers: { ...init.headers, ...bearer } });

test('the gateway passes every audit of GraphQL over HTTP', async () => {
  const audits = serverAudits({ url: endpoint, fetchFn: signedIn });
  assert.equal(audits.length, COUNT);
  const results = await Promise.all(audits.map((audit) => audit.fn()));
  const failed = results
    .filter((result) => result.status !== 'ok')
    .map((result) => `${result.id} ${result.name}: ${result.reason}`);
  assert.deepEqual(failed, [], `${failed.length} of ${COUNT} audits failed`);
});
