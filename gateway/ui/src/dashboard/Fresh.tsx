// How old what is shown is, the way to ask again, and what is in the way of that.
import { useEffect, useState } from 'react';
import { Fault, unreachable } from './faults';
import { minute } from './format';

/** After this many milliseconds a reader wants to know that something is still going on. */
const LONG = 3000;

function useIsLong(isBusy: boolean): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!isBusy) return;
    const timer = setTimeout(() => setLong(true), LONG);
    return () => clearTimeout(timer);
  }, [isBusy]);
  return isLong;
}

interface FreshProps {
  /** When the last answer came; 0 before the first. */
  at: number;
  isBusy: boolean;
  /** What is shown is about something else than is asked for. */
  isOld: boolean;
  onAgain(): void;
}

export function Fresh({ at, isBusy, isOld, onAgain }: FreshProps) {
  const isLong = useIsLong(isBusy);
  const words = isLong ? 'Still waiting for the gateway…' : isBusy && (isOld || at === 0) ? 'Loading…' : at > 0 ? `Updated ${minute(new Date(at))}` : '';
  return (
    <div className="fresh">
      <span role="status">{words}</span>
      <button type="button" onClick={onAgain} disabled={isBusy && !isLong}>
        Refresh
      </button>
    </div>
  );
}

/** A question, as far as its last failure is concerned. */
interface Question {
  data: unknown;
  dataUpdatedAt: number;
  isPlaceholderData: boolean;
  /** Of all tries together, until one succeeds. */
  error: Error | null;
  /** Of the last one of the tries that are under way. */
  failureReason: Error | null;
}

const reasonOf = ({ data, error, failureReason }: Question) => (data === undefined ? null : (failureReason ?? error));

/** Above what is shown, if the gateway could not be asked again: it is good figures, of before. */
export function Stale({ questions }: { questions: readonly Question[] }) {
  const failed = questions.find((question) => reasonOf(question) !== null);
  if (!failed) return null;
  const reason = reasonOf(failed);
  const fault = reason instanceof Fault ? reason : unreachable();
  const oldest = Math.min(...questions.filter(({ data }) => data !== undefined).map(({ dataUpdatedAt }) => dataUpdatedAt || Date.now()));
  const since = failed.isPlaceholderData ? 'What you chose is not here yet' : `Not refreshed since ${minute(new Date(oldest))}`;
  return (
    <p className="notice stale" role="status">
      {since}: {fault.message} {fault.mayPass ? 'Trying again…' : 'Press Refresh to try again.'}
    </p>
  );
}
