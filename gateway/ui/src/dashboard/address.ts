// What the page shows, as its address says it: organization, dashboard, DSOs, range, and the doctors that are open. A link shows the same to
// everyone who may see it, and the browser's back button goes back. The token is never part of it. Unsaved work (`hold.tsx`) is asked about before
// another dashboard, another organization or the end of the edit mode is shown.
import { useSyncExternalStore } from 'react';
import { askToLeave, isHeld } from './hold';
import { readRange, writeRange, type Range } from './range';

/** Whether the chosen dashboard is looked at or changed. */
export type Mode = 'view' | 'edit';

export interface Address {
  /** The slug of an organization; `null` = none is named. */
  organization: string | null;
  /** Of a saved dashboard, or `OVERVIEW`; `null` = none is chosen: the one with which the reader's role begins. */
  dashboard: string | null;
  mode: Mode;
  /** Empty = all. */
  dsos: readonly string[];
  /** `null` = none is chosen: the overview's usual one, and of a saved dashboard each widget's own. */
  range: Range | null;
  /** Which doctors are open, as `drill.ts` writes it. */
  doctors: string | null;
}

/** In place of a saved dashboard's id: the figures that are always there. */
export const OVERVIEW = 'overview';

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

/** What is shown, and the number of its step in the history of this tab. */
interface Shown {
  search: string;
  address: Address;
  step: number;
}

const stepOf = (state: unknown) => (state as { step?: number } | null)?.step ?? null;

let shown: Shown | null = null;
const listeners = new Set<() => void>();

function here(): Shown {
  shown ??= { search: location.search, address: read(location.search), step: stepOf(history.state) ?? 0 };
  return shown;
}

function show(step: number): void {
  // The same object for the same address, as React wants it.
  const { search, address } = here();
  shown = { search: location.search, address: search === location.search ? address : read(location.search), step };
  for (const listener of listeners) listener();
}

/** Whether unsaved work would be left behind. */
function isLeaving(next: Address): boolean {
  const { organization, dashboard, mode } = here().address;
  return isHeld() && (organization !== next.organization || dashboard !== next.dashboard || mode !== next.mode);
}

/** Goes to another view; `replace` leaves no step for the back button. */
export function go(changes: Partial<Address>, how: 'push' | 'replace' = 'push'): void {
  const next = { ...here().address, ...changes };
  const to = write(next);
  if (to === location.pathname + here().search) return;
  const turn = () => {
    const step = here().step + (how === 'push' ? 1 : 0);
    if (how === 'push') history.pushState({ step }, '', to);
    else history.replaceState({ step }, '', to);
    show(step);
  };
  if (isLeaving(next)) askToLeave(turn);
  else turn();
}

/** Set for the one turn that the reader has decided on. */
let isDecided = false;

/** The browser went back or forward. */
function turned(): void {
  const { step } = here();
  // A link with something behind `#` is a step of its own, which this page has not made.
  if (stepOf(history.state) === null) history.replaceState({ step: step + 1 }, '');
  const by = (stepOf(history.state) ?? 0) - step;
  if (by === 0 || isDecided || !isLeaving(read(location.search))) {
    isDecided = false;
    return show(step + by);
  }
  // Back to where the work is; what was wanted waits for the answer.
  history.go(-by);
  askToLeave(() => {
    isDecided = true;
    history.go(by);
  });
}

function listen(changed: () => void): () => void {
  if (listeners.size === 0) addEventListener('popstate', turned);
  listeners.add(changed);
  return () => {
    listeners.delete(changed);
    if (listeners.size === 0) removeEventListener('popstate', turned);
  };
}

export function useAddress(): Address {
  return useSyncExternalStore(listen, () => here().address);
}
