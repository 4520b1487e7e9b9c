// Unsaved work: leaving it behind is asked about first, whether by a button, by a link or by the browser's way back. Owns who holds the
// page and the question. Invariant: a sign-in that is over, or an organization that closes, is never held.
import { useEffect, useState } from 'react';
import { Question } from './Question';

type Leave = () => void;
type Ask = (leave: Leave) => void;

/** Who holds the page, and how each asks; the last one that began asks first. */
const holders: Ask[] = [];
let isFree = false;

export const isHeld = () => holders.length > 0 && !isFree;

/** Leaves, or has the question asked whose answer may be to leave. `after`: this one was asked already. */
export function askToLeave(leave: Leave, after: Ask | null = null): void {
  const ask = holders[(after === null ? holders.length : holders.indexOf(after)) - 1];
  if (ask === undefined || isFree) leave();
  else ask(leave);
}

/** Does something that was decided already: nothing is asked meanwhile. */
export function freely(act: () => void): void {
  const before = isFree;
  isFree = true;
  try {
    act();
  } finally {
    isFree = before;
  }
}

/** Lets go of everything: the page ends, with all that it shows. */
export function dropHolds(): void {
  holders.length = 0;
  removeEventListener('beforeunload', warn);
}

/** The browser asks in its own words. */
function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

export interface Hold {
  /** Leaves, if nothing is held, and else has the question asked. */
  request(leave: Leave): void;
  /** What would be done; `null` = nothing is asked. */
  asked: Leave | null;
  stay(): void;
  /** Does what was asked about. */
  leave(): void;
}

/** Holds the page as long as there is unsaved work. */
export function useHold(hasWork: boolean): Hold {
  const [asked, setAsked] = useState<{ leave: Leave } | null>(null);
  useEffect(() => {
    if (!hasWork) return;
    const ask: Ask = (leave) => setAsked({ leave: () => askToLeave(leave, ask) });
    holders.push(ask);
    addEventListener('beforeunload', warn);
    return () => {
      const place = holders.indexOf(ask);
      if (place >= 0) holders.splice(place, 1);
      if (holders.length === 0) removeEventListener('beforeunload', warn);
    };
  }, [hasWork]);
  return {
    request: (leave) => (hasWork ? setAsked({ leave }) : leave()),
    asked: asked?.leave ?? null,
    stay: () => setAsked(null),
    leave: () => {
      setAsked(null);
      asked?.leave();
    },
  };
}

interface LeavingProps {
  hold: Hold;
  title: string;
  words: string;
  /** Saves it all; gives whether that was done. */
  onSave?: () => Promise<boolean>;
  isBusy?: boolean;
}

/** The question, while one is asked. */
export function Leaving({ hold, title, words, onSave, isBusy = false }: LeavingProps) {
  if (hold.asked === null) return null;
  const save = onSave && (() => void onSave().then((isDone) => (isDone ? hold.leave() : hold.stay())));
  return (
    <Question
      title={title}
      words={words}
      yes="Discard and leave"
      no="Keep editing"
      isBusy={isBusy}
      onYes={hold.leave}
      onNo={hold.stay}
      {...(save ? { better: { label: 'Save and leave', onChoose: save } } : {})}
    />
  );
}
