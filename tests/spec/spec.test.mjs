// The gateway accepts and refuses what the reference implementation does, and answers in the shape that it gives. Here a sample; 20,000
// requests and more by `node compare.mjs COUNT SEED`.
//   SPEC_SEED    the first seed: a message of a failure says it
//   SPEC_COUNT   how many requests

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { compare, difference } from './compare.mjs';
import { Gateway } from './gateway.mjs';
import { judge, schema } from './oracle.mjs';

const seed = Number(process.env.SPEC_SEED ?? 1);
const count = Number(process.env.SPEC_COUNT ?? 1500);

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway?.stop());

it('generated requests are accepted and refused as by the reference implementation, and answered in the same shape', async () => {
  const { accepted, refused, replayed, differences } = await compare(gateway, count, seed);
  assert.deepEqual(differences.slice(0, 3), [], `${differences.length} differences; the same again: SPEC_SEED=${seed} SPEC_COUNT=${count}`);
  // The comparison is worth what it compares: requests of both kinds, most of the accepted ones to their last key.
  assert.ok(accepted > count / 3 && refused > count / 5 && replayed > count / 4, `${accepted} accepted, ${refused} refused, ${replayed} replayed`);
});

/** Requests that once were judged otherwise. */
const MET = [
  { query: 'query ($s: Boolean = true) { viewer { name @skip(if: $s) id } }' },
  { query: '{ viewer { id ...F name } } fragment F on Viewer { name id memberships { role } }' },
  { query: '{ a: viewer { id } viewer { name } a: viewer { name memberships { role } } }' },
  { query: 'query ($n: Int) { doctors(first: $n) { totalCount } }', variables: { n: 2.0 } },
  { query: 'query ($n: Int) { doctors(first: $n) { totalCount } }', variables: { n: 2147483648 } },
  { query: '{ doctors(first: 2147483648) { totalCount } }' },
  { query: '{ doctors(filter: { risk: [LOW], risk: [HIGH] }) { totalCount } }' },
  { query: '{ doctors(filter: { risk: "LOW" }) { totalCount } }' },
  { query: '{ doctors(filter: { text: { a: 1 } }) { totalCount } }' },
  { query: '{ doctors(filter: { text: "\\ud83d\\ude00" }) { totalCount } }' },
  { query: 'query ($t: Int) { doctors(filter: { text: $t }) { totalCount } }' },
  { query: '{ doctors(filter: { risk: [LOW, HIGH] }) { totalCount } doctors(filter: { risk: [LOW] }) { totalCount } }' },
  { query: '{ doctors(filter: { text: "a" }) { totalCount } doctors(filter: { text: """a""" }) { totalCount } }' },
  { query: '{ ...A ...B } fragment A on Query { x: viewer { id } } fragment B on Query { x: organization { id } }' },
  { query: 'query ($b: Boolean = null) { viewer { name @skip(if: $b) } }' },
  { query: '{ doctors(first) { totalCount } }' },
  { query: '{ viewer {} }' },
  { query: '{ members(first: 3) { edges { node {} node { role } cursor } } }' },
  { query: '{ nodes(ids: [123456789012345678901234567890]) { __typename id } }' },
  { query: 'query A { viewer { id } } query B { viewer { name } }', operationName: 'B' },
  { query: 'query A { viewer { id } } query B { viewer { name } }' },
];

it('so are requests that were judged otherwise once', async () => {
  const built = schema();
  for (const asked of MET) assert.equal(await difference(gateway, built, asked), null, JSON.stringify(asked));
});

it('the reference implementation refuses and accepts, so that the comparison says something', () => {
  const built = schema();
  const verdicts = MET.map((asked) => 'refused' in judge(built, asked));
  assert.ok(verdicts.includes(true) && verdicts.includes(false));
});
