// The token that every server of the comparison believes.

import { createVerifier } from 'fast-jwt';

const key = 'peers-secret-peers-secret-peers-secret!';
const verify = createVerifier({ key, algorithms: ['HS256'], allowedIss: 'peers', allowedAud: 'peers', cache: false });

/** What the token in a header says; null if it is none, or not good. */
export function claimsOf(authorization) {
  if (!authorization?.startsWith('Bearer ')) return null;
  try {
    return verify(authorization.slice('Bearer '.length));
  } catch {
    return null;
  }
}
