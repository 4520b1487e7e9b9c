// What this tab remembers: the token and the chosen organization. In sessionStorage only: it ends with the tab, and no other
// tab reads it. Nothing here is ever written to localStorage, to a URL or to the console. The token of an invitation passes
// through here, and is not remembered at all.

const TOKEN = 'gateway:token';
const ORGANIZATION = 'gateway:organization';

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

/** Forgets who asked, and loads the page anew, so that no answer stays on the screen or in memory either. */
export function forget(): void {
  sessionStorage.removeItem(TOKEN);
  sessionStorage.removeItem(ORGANIZATION);
  location.reload();
}

/** The organization chosen before: `null` = none was chosen yet, `''` = left to the gateway on purpose. */
export function storedOrganization(): string | null {
  return sessionStorage.getItem(ORGANIZATION);
}

export function storeOrganization(id: string): void {
  sessionStorage.setItem(ORGANIZATION, id);
}
