// A disk that takes no more, under SQLite: whoever changes something is told that it is not to be had, nothing is half done, and reading goes on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gateway, PATIENCE } from './gateway.mjs';

async function ask(gateway, token, query, variables) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'x-organization-id': 'house' };
  const answer = await fetch(`${gateway.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return answer.json();
}

const codes = (answer) => (answer.errors ?? []).map(({ extensions }) => extensions.code);
const MAKE = 'mutation($name: String!) { dsoCreate(input: { name: $name }) { dso { id } userErrors { code message } } }';
const COUNT = '{ dsos(first: 1) { totalCount } organization { auditLog(first: 1) { totalCount } } }';

test('a full disk costs changes, and nothing that was acknowledged', { timeout: 5 * PATIENCE }, async (context) => {
  const gateway = await Gateway.make();
  context.after(() => gateway.remove());
  // No file of this process grows beyond this; what the system says then is what SQLite takes for a disk that fails.
  await gateway.serve({ largestFileKiB: 1600 });
  const token = await gateway.token();
  const founded = await ask(gateway, token, 'mutation { organizationCreate(input: { name: "House", slug: "house" }) { membership { role } userErrors { code message } } }');
  assert.ok(founded.data?.organizationCreate?.membership, JSON.stringify(founded));
  const [dsos, events] = await counts();
  let made = 0;
  let refused = null;
  for (let round = 0; round < 2000 && !refused; round += 1) {
    const answer = await ask(gateway, token, MAKE, { name: `DSO ${round} ${'x'.repeat(80)}` });
    if (answer.data?.dsoCreate?.dso) made += 1;
    else refused = answer;
  }
  assert.ok(made > 0 && refused, `${made} changes were made: the disk was full too early or not at all`);
  assert.deepEqual([...new Set(codes(refused))], ['UNAVAILABLE'], JSON.stringify(refused));
  assert.ok(!JSON.stringify(refused).match(/disk|sqlite|I\/O|file/i), `the answer tells what is inside: ${JSON.stringify(refused)}`);
  const [dsosNow, eventsNow] = await counts();
  assert.deepEqual([dsosNow - dsos, eventsNow - events], [made, made], 'what was acknowledged is there, and nothing else, each with its event');

  async function counts() {
    const answer = await ask(gateway, token, COUNT);
    assert.deepEqual(codes(answer), [], JSON.stringify(answer));
    return [answer.data.dsos.totalCount, answer.data.organization.auditLog.totalCount];
  }
});
