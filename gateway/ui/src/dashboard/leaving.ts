// Leaving the page, on purpose or because the gateway says so: everything that was shown or kept goes, and what is said about it
// outlives the page by one load.
import { forget } from '../session';
import { leaveProvider } from './signIn';

const NOTICE = 'dashboard:notice';

/** `notice`: why, when it was not on purpose. Forgets who asked and loads the page anew: no answer stays on the screen, in memory or in the address. */
export function leave(notice: string | null): void {
  leaveProvider(notice === null ? 'on purpose' : 'refused');
  if (notice === null) sessionStorage.removeItem(NOTICE);
  else sessionStorage.setItem(NOTICE, notice);
  history.replaceState(null, '', '/dashboard/');
  forget();
}

/** What the page before this one wanted to say, once. */
export function takeNotice(): string | null {
  const notice = sessionStorage.getItem(NOTICE);
  sessionStorage.removeItem(NOTICE);
  return notice;
}
