// What the page shows, as its address says it: organization, dashboard, DSOs, range, and the doctors that are open. A link shows the same to
// whoever may see it, and the browser's back button goes back. The token is never part of it.
import { useSyncExternalStore } from 'react';
import { readRange, writeRange, type Range } from './range';

/** Whether the chosen dashboard is looked at or changed. */
export type Mode = 'view' | 'edit';

export interface Address {
  /** The slug of an organization; `null` = none is named. */
  organization: string | null;
  /** Of a saved dashboard, or of the one for the reader's role; `null` = the overview. */
  dashboard: string | null;
  mode: Mode;
  /** Empty = all. */
  dsos: readonly string[];
  /** `null` = none is chosen: the overview's usual one, and of a saved dashboard each widget's own. */
  range: Range | null;
  /** Which doctors are open, as `drill.ts` writes it. */
  doctors: string | null;
}

const CHANGED = 'dashboard:address';

function read(search: string): Address {
  const given = new URLSearchParams(search);
  return {
    organization: given.get('organization'),
    dashboard: given.get('dashboard'),
    mode: given.get('mode') === 'edit' ? 'edit' : 'view',
    dsos: (given.get('dsos') ?? '').split(',').filter((id) => id !== ''),
    range: readRange(given.get('range')),
    doctors: given.get('doctors'),
  };
}

function write({ organization, dashboard, mode, dsos, range, doctors }: Address): string {
  const parts = new URLSearchParams();
  if (organization !== null) parts.set('organization', organization);
  if (dashboard !== null) parts.set('dashboard', dashboard);
  if (dashboard !== null && mode === 'edit') parts.set('mode', mode);
  if (dsos.length > 0) parts.set('dsos', dsos.join(','));
  if (range !== null) parts.set('range', writeRange(range));
  if (doctors !== null) parts.set('doctors', doctors);
  // Commas and colons need no escape there, and people read these addresses.
  const text = parts.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return text === '' ? location.pathname : `${location.pathname}?${text}`;
}

/** Goes to another view; `replace` leaves no step for the back button. */
export function go(changes: Partial<Address>, how: 'push' | 'replace' = 'push'): void {
  const to = write({ ...read(location.search), ...changes });
  if (to === location.pathname + location.search) return;
  if (how === 'push') history.pushState(null, '', to);
  else history.replaceState(null, '', to);
  dispatchEvent(new Event(CHANGED));
}

function listen(changed: () => void): () => void {
  addEventListener('popstate', changed);
  addEventListener(CHANGED, changed);
  return () => {
    removeEventListener('popstate', changed);
    removeEventListener(CHANGED, changed);
  };
}

let last = { search: '', address: read('') };

function snapshot(): Address {
  // The same object for the same address, as React wants it.
  if (last.search !== location.search) last = { search: location.search, address: read(location.search) };
  return last.address;
}

export function useAddress(): Address {
  return useSyncExternalStore(listen, snapshot);
}
