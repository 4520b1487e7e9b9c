// What this tab remembers: the token and the chosen organization. In sessionStorage only: it ends with the tab, and no other
// tab reads it. Nothing of a person is ever written to localStorage, to a URL or to the console. A token from the address, of a person or of
// an invitation, passes through here and is not stored: link.ts decides about the first.

const TOKEN = 'gateway:token';
const ORGANIZATION = 'gateway:organization';
/** The dashboard stores what the sign-in provider gave under this prefix. */
export const PROVIDER_PREFIX = 'dashboard:oidc:';
/** Set when another page of this tab hands a sign-out to the dashboard, which may ask the provider. */
const LEAVING = 'dashboard:leaving';
/** In localStorage, so that every tab of this browser sees it: when somebody signed out at the provider. No person. */
const SIGNED_OUT = 'dashboard:signed-out';

/** Where somebody signs out: only there the provider's session is ended, and the other tabs are told. */
export type Where = 'here' | 'elsewhere';

/** Takes off the blanks and the scheme that come along when a whole `Authorization` header is pasted. */
export function cleanToken(pasted: string): string {
  return pasted.trim().replace(/^bearer\s+/i, '');
}

/** What a link hands over. */
export interface Handed {
  token: string | null;
  invitation: string | null;
}

/**
 * What is handed over as `#token=…`, by the demo, and as `#invitation=…`, by a mail. A fragment never reaches a server, but it
 * stays in the address bar and in the history: so both are taken out of these before anything else is done.
 */
export function takeFromAddress(): Handed {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token');
  const invitation = fragment.get('invitation');
  if (token === null && invitation === null) return { token, invitation };
  fragment.delete('token');
  fragment.delete('invitation');
  const rest = fragment.toString();
  history.replaceState(history.state, '', location.pathname + location.search + (rest === '' ? '' : `#${rest}`));
  return { token: cleanToken(token ?? '') || null, invitation: invitation?.trim() || null };
}

export function storedToken(): string | null {
  return sessionStorage.getItem(TOKEN);
}

/** Another token is another person: the organization chosen before is not theirs. */
export function storeToken(token: string): void {
  if (token === storedToken()) return;
  sessionStorage.setItem(TOKEN, token);
  sessionStorage.removeItem(ORGANIZATION);
}

/** Removes the token and the choice of an organization from this tab. */
export function dropToken(): void {
  sessionStorage.removeItem(TOKEN);
  sessionStorage.removeItem(ORGANIZATION);
}

/** The names under which this tab stores what the sign-in provider gave. */
export function providerKeys(): string[] {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PROVIDER_PREFIX));
}

/**
 * Forgets who asked, and loads the page anew, so that no answer stays on the screen or in memory either. A session of the sign-in provider
 * is ended by the dashboard: the policy of the other pages lets them ask no provider.
 */
export function forget(where: Where = 'here'): void {
  dropToken();
  if (providerKeys().length === 0) return location.reload();
  sessionStorage.setItem(LEAVING, where);
  location.assign('/dashboard/');
}

/** The sign-out that another page of this tab has handed to this one; given once. */
export function takeLeaving(): Where | null {
  const where = sessionStorage.getItem(LEAVING);
  sessionStorage.removeItem(LEAVING);
  return where === 'here' || where === 'elsewhere' ? where : null;
}

/** Tells every tab of this browser that somebody signs out, and that the next sign-in must ask who is there. */
export function noteSignOut(): void {
  localStorage.setItem(SIGNED_OUT, String(Date.now()));
}

/** Whether somebody has signed out in this browser, and nobody has been asked at the provider since. */
export function wasSignedOut(): boolean {
  return localStorage.getItem(SIGNED_OUT) !== null;
}

/** The provider has asked who is there. */
export function clearSignOut(): void {
  localStorage.removeItem(SIGNED_OUT);
}

/** Calls `left` when another tab signs out while this one has a session of the provider. Gives how to stop. */
export function onSignOutElsewhere(left: () => void): () => void {
  const listen = ({ key, newValue }: StorageEvent) => {
    if (key === SIGNED_OUT && newValue !== null && providerKeys().length > 0) left();
  };
  addEventListener('storage', listen);
  return () => removeEventListener('storage', listen);
}

/** The organization chosen before: `null` = none was chosen yet, `''` = left to the gateway on purpose. */
export function storedOrganization(): string | null {
  return sessionStorage.getItem(ORGANIZATION);
}

export function storeOrganization(id: string): void {
  sessionStorage.setItem(ORGANIZATION, id);
}
