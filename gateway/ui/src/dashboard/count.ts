// A count that is drawn as a bar, beside the count before it.
import { whole } from './format';

export interface Count {
  key: string;
  label: string;
  /** Where there is no room for the label. */
  short?: string;
  count: number;
  /** `null` = not known. */
  before: number | null;
  change: number | null;
  /** A class of the style sheet for its colour. */
  tone?: string;
  /** Shows what is behind it. */
  open?: () => void;
}

export type Lying = 'rows' | 'columns';

/** The same as the bar says, in words: `High: 12, before 9`. */
export function inWords({ label, count, before }: Count): string {
  return `${label}: ${whole(count)}${before === null ? '' : `, before ${whole(before)}`}`;
}

/** How tall the bars are: known before the code that draws them is there, so that nothing jumps when it comes. */
export function heightOf(lying: Lying, bars: number): number {
  return lying === 'rows' ? bars * 46 + 8 : 260;
}
