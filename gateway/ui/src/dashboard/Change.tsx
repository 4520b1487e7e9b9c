// How a figure has changed: an arrow, a number and words. The colour says whether that is good, and nothing that the words do not.
import { dayOfRecord } from './format';

export type Wish = 'more' | 'fewer' | 'neither';

/** What a figure is compared with. */
export interface Against {
  /** Behind `3 more` or `3 fewer`. */
  than: string;
  /** When it has not changed. */
  same: string;
}

/** What is said in place of a change of which nothing is on record. */
export const notKnownBefore = (time: string) => `not known before ${dayOfRecord(time)}`;

interface ChangeProps {
  change: number | null | undefined;
  /** Writes the size of a change, such as `12` or `1.5 points`. */
  write(size: number): string;
  /** What a smaller figure is: fewer doctors, but less of a share. */
  less: 'fewer' | 'less';
  against: Against;
  wish: Wish;
  /** From when on the figure is on record, if what it is compared with lies before. */
  knownFrom?: string | null;
}

export function Change({ change, write, less, against, wish, knownFrom = null }: ChangeProps) {
  if (knownFrom !== null) return <p className="change">{notKnownBefore(knownFrom)}</p>;
  if (change === null || change === undefined) return <p className="change">nothing to compare with</p>;
  const size = write(Math.abs(change));
  if (size === write(0)) return <p className="change">= {against.same}</p>;
  const isMore = change > 0;
  const tone = wish === 'neither' ? '' : isMore === (wish === 'more') ? 'good' : 'bad';
  return (
    <p className={`change ${tone}`}>
      <span aria-hidden="true">{isMore ? '▲' : '▼'}</span> {size} {isMore ? 'more' : less} {against.than}
    </p>
  );
}
