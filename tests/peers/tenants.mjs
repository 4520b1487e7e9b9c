// Who asks: a hundred people of as many organizations, each with a token, and what they ask about.
//
// Owns: the ids, which sql/data.sql and sql/ours.sql make in the same way, and the tokens. Everybody's ids are UUIDs; ours are shown as
// `prefix_` and the UUID in base32.

import { createHash, createHmac } from 'node:crypto';

const SECRET = 'peers-secret-peers-secret-peers-secret!';
const TENANTS = 100;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Since when activities count in the figures. */
export const SINCE = '2026-05-01T00:00:00+00:00';

/** The id of the nth row of a kind. */
export function uid(kind, n) {
  return dashed(createHash('md5').update(`cs12:${kind}:${n}`).digest('hex'));
}

/** Our public id of a row. */
export function publicId(prefix, uuid) {
  const bits = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let place = 25n; place >= 0n; place -= 1n) text += ALPHABET[Number((bits >> (5n * place)) & 31n)];
  return `${prefix}_${text}`;
}

/** The UUID in one of our public ids, or null. */
export function uuidOf(text) {
  const letters = /^[a-z]+_([0-7][0-9a-hjkmnp-tv-z]{25})$/.exec(text)?.[1];
  if (!letters) return null;
  let bits = 0n;
  for (const letter of letters) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(letter));
  return dashed(bits.toString(16).padStart(32, '0'));
}

function dashed(hex) {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * The hundred, spread over the organizations, or one in each where there are fewer: in turn an owner, who sees five DSOs, and a member, who
 * was granted three of them.
 */
export function tenants(organizations) {
  const length = Math.min(TENANTS, organizations);
  return Array.from({ length }, (_, i) => {
    const organization = 1 + Math.floor((i * organizations) / length);
    const dso = organization * 5 + 2 + (i % 3);
    const ids = {
      org: uid('org', organization),
      user: uid('user', organization * 10 + (i % 2 === 0 ? 0 : 2)),
      dso: uid('dso', dso),
      doctor: uid('doc', dso * 40 + (i % 40)),
    };
    return { ...ids, since: SINCE, token: token(ids, i % 2 === 0 ? 'owner' : 'member') };
  });
}

/** A token that every server believes, until the year 2100. */
function token({ org, user }, role) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: user, org_id: org, user_id: user, role, exp: 4_102_444_800, iss: 'peers', aud: 'peers' };
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
}
