// A token in an address. Anybody can send such a link, with a token of their own: whoever follows it would work in the sender's account
// without noticing. So it is used only where the gateway allows it, in a tab that is not signed in, and after the person has agreed.
import { storedToken } from './session';

/** What becomes of a token in the address. */
export type Offer =
  /** The person is asked. */
  | { kind: 'ask'; token: string }
  /** It is not used; the words say why. */
  | { kind: 'refused'; words: string };

const SIGNED_IN = 'The link that you opened carries a token of its own. It was not used, because you are signed in here: sign out first, then open the link again.';
const NOT_ALLOWED = 'The link that you opened carries a token. It was not used: this gateway does not let links sign people in.';

/** Whether this gateway lets links sign people in: never, unless it says so. */
export async function mayLinksSignIn(): Promise<boolean> {
  try {
    const response = await fetch('/graphiql/config.json');
    return response.ok && ((await response.json()) as { tokenLinks?: unknown }).tokenLinks === true;
  } catch {
    return false;
  }
}

/** Decides about a token in the address; `null` where there is nothing to decide. The token is not stored. */
export function offerOf(token: string | null, isAllowed: boolean): Offer | null {
  if (token === null || token === storedToken()) return null;
  if (storedToken() !== null) return { kind: 'refused', words: SIGNED_IN };
  return isAllowed ? { kind: 'ask', token } : { kind: 'refused', words: NOT_ALLOWED };
}
