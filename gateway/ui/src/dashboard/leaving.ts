// Leaving the page, on purpose or because the gateway says so: everything that was shown or stored goes, and what is said about it
// outlives the page by one load.
import { forget, providerKeys, type Where } from '../session';
import type { SignInConfig } from './config';
import { dropHolds } from './hold';
import { clearTab, dropSession, endSession } from './signOut';

const NOTICE = 'dashboard:notice';

const ELSEWHERE = 'You have signed out in another tab of this browser.';

function note(notice: string | null): void {
  if (notice === null) sessionStorage.removeItem(NOTICE);
  else sessionStorage.setItem(NOTICE, notice);
}

/** `notice`: why. Forgets who asked and loads the page anew: no answer stays on the screen, in memory or in the address. */
export function leave(notice: string | null): void {
  dropHolds();
  dropSession();
  note(notice);
  history.replaceState(null, '', '/dashboard/');
  forget();
}

/** Signs out: at the provider as well, where the session is one of its. */
export async function signOut(config: SignInConfig | null, where: Where): Promise<void> {
  dropHolds();
  history.replaceState(null, '', '/dashboard/');
  const isOfProvider = config !== null && providerKeys().length > 0;
  const stays = isOfProvider ? await endSession(config, where, note).catch(() => null) : null;
  clearTab();
  const words = [where === 'elsewhere' ? ELSEWHERE : null, stays].filter((part) => part !== null);
  leave(words.length === 0 ? null : words.join(' '));
}

/** What the page before this one wanted to say, once. */
export function takeNotice(): string | null {
  const notice = sessionStorage.getItem(NOTICE);
  sessionStorage.removeItem(NOTICE);
  return notice;
}
