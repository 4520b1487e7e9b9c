// Signing out at the provider: its tokens are revoked and its session is ended, where it has the endpoints, and the page says what stays.
import type { User, UserManager } from 'oidc-client-ts';
import { dropToken, noteSignOut, providerKeys, type Where } from '../session';
import type { SignInConfig } from './config';
import { manager, PATIENCE_SECONDS } from './provider';

/** Removes what the provider gave, and the token, from this tab. */
export function dropSession(): void {
  for (const key of providerKeys()) sessionStorage.removeItem(key);
  dropToken();
}

/** Removes everything of a person from this tab: also the queries in GraphiQL, which name people. */
export function clearTab(): void {
  sessionStorage.clear();
}

/**
 * Ends what the provider gave. Goes to the provider, where it can end its own session: it sends the person back to this page. Otherwise
 * gives what stays, in words; `null` if nothing does. `before` is called with these words before the page goes.
 */
export async function endSession(config: SignInConfig, where: Where, before: (stays: string | null) => void): Promise<string | null> {
  if (where === 'here') noteSignOut();
  const provider = await manager(config);
  const user = await provider.getUser();
  // Before the provider is asked, and whatever it answers: this tab is signed out.
  clearTab();
  // What was stored is of a sign-in that was not completed.
  if (user === null) return null;
  const host = new URL(config.issuer).host;
  const tokensStay = `The tokens of this session could not be withdrawn: they stay valid at ${host} until they expire.`;
  const sessionStays = `You are still signed in at ${host}: sign out there, too, before somebody else uses this browser.`;
  const isRevoked = await revoke(provider, config, user);
  if (where === 'elsewhere') return isRevoked ? null : tokensStay;
  const canEnd = await provider.metadataService.getEndSessionEndpoint().then(Boolean, () => false);
  if (!canEnd) return isRevoked ? sessionStays : `${tokensStay} ${sessionStays}`;
  // A renewal may have been under way.
  clearTab();
  before(isRevoked ? null : tokensStay);
  await provider.signoutRedirect({ redirectMethod: 'replace', ...(user.id_token === undefined ? {} : { id_token_hint: user.id_token }) });
  return null;
}

/**
 * Whether the provider has withdrawn the tokens. With the refresh token goes what was made by it (RFC 7009 §2.1); many providers refuse to
 * revoke an access token that is a JWT, so that is tried only where it is all there is. Not by oidc-client-ts: it takes an answer of another
 * content type than JSON for a failure, though the answer's body means nothing (§2.2).
 */
async function revoke(provider: UserManager, config: SignInConfig, user: User): Promise<boolean> {
  const [token_type_hint, token] = user.refresh_token === undefined ? ['access_token', user.access_token] : ['refresh_token', user.refresh_token];
  try {
    const endpoint = await provider.metadataService.getRevocationEndpoint(true);
    if (endpoint === undefined) return false;
    const body = new URLSearchParams({ token, token_type_hint, client_id: config.clientId });
    const response = await fetch(endpoint, { method: 'POST', body, credentials: 'omit', signal: AbortSignal.timeout(PATIENCE_SECONDS * 1000) });
    return response.ok;
  } catch {
    return false;
  }
}
