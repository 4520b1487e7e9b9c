// Asks the gateway and the reference implementation the same: `node compare.mjs [COUNT [SEED]]`, by default 20,000 requests.

import { visit } from 'graphql';

import { request } from './documents.mjs';
import { Gateway } from './gateway.mjs';
import { judge, replayed, schema } from './oracle.mjs';

/** Requests that are under way at once. */
const AT_ONCE = 4;

/**
 * Compares so many requests from a seed on. Gives how many were accepted, and each difference: its seed, the request and what both say.
 */
export async function compare(gateway, count, seed) {
  const built = schema();
  const found = { accepted: 0, refused: 0, replayed: 0, differences: [] };
  let next = seed;
  const work = async () => {
    while (next < seed + count) {
      const mine = next;
      next += 1;
      const asked = request(built, mine);
      const differs = await difference(gateway, built, asked, found);
      if (differs) found.differences.push({ seed: mine, ...differs, ...asked });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

/** How the two differ on a request, if they do. */
export async function difference(gateway, built, asked, found = { accepted: 0, refused: 0, replayed: 0 }) {
  const verdict = judge(built, asked);
  const { status, body } = await gateway.ask(asked);
  const says = body.errors?.[0]?.message;
  if (verdict.refused) {
    found.refused += 1;
    if (status !== 400 || 'data' in body) return { why: `refused by the reference: ${verdict.refused}`, status, says };
    return well(body) ?? null;
  }
  found.accepted += 1;
  if (status !== 200) return { why: 'accepted by the reference', status, says };
  const expected = await replayed(built, asked, verdict.document, body.data);
  // Without its name, an object's type cannot be replayed.
  if (expected.errors?.some(({ message }) => /must resolve to an Object type/.test(message))) return null;
  found.replayed += 1;
  const [ours, theirs] = [body.data, expected.data].map((data) => JSON.stringify(data && described(data, verdict.document)));
  return ours === theirs ? null : { why: 'another shape', ours: ours.slice(0, 2000), theirs: theirs.slice(0, 2000) };
}

/** An answer, with the keys alone of what the schema says of itself: its types have no order. */
function described(data, document) {
  const keys = new Set();
  visit(document, { Field: ({ alias, name }) => void (/^__(schema|type)$/.test(name.value) && keys.add((alias ?? name).value)) });
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, keys.has(key) ? [...paths(value)].sort() : value]));
}

/** The paths of keys that are somewhere in a value. */
function paths(value, path = '', found = new Set([path])) {
  if (Array.isArray(value)) value.forEach((item) => paths(item, path, found));
  else if (value !== null && typeof value === 'object') Object.entries(value).forEach(([key, inner]) => paths(inner, `${path}.${key}`, found));
  return found;
}

/** What is not well with a refusal: each error says in one line what is wrong, and how. */
function well(body) {
  for (const { message, extensions } of body.errors) {
    if (message === '' || message.includes('\n')) return { why: 'a refusal of several lines', says: message };
    if (!['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'].includes(extensions?.code)) return { why: `the code ${extensions?.code}`, says: message };
  }
  return undefined;
}

if (process.argv[1]?.endsWith('compare.mjs')) {
  const [count, seed] = [Number(process.argv[2] ?? 20000), Number(process.argv[3] ?? 1)];
  const gateway = await Gateway.start();
  const began = Date.now();
  try {
    const { accepted, refused, replayed: shapes, differences } = await compare(gateway, count, seed);
    for (const one of differences.slice(0, 50)) console.log(JSON.stringify(one));
    console.log(`${count} requests from seed ${seed}: ${accepted} accepted, ${refused} refused, ${shapes} shapes compared, ${differences.length} differences (${Math.round((Date.now() - began) / 1000)} s)`);
    process.exitCode = differences.length === 0 ? 0 : 1;
  } finally {
    await gateway.stop();
  }
}
