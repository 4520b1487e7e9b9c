// A widget's groups as something to draw: what stands along the axis, and one or more figures at each of it.
import { go } from '../address';
import { openDoctors } from '../drill';
import type { Risk, TimeUnit, WidgetDimension } from '../generated/graphql';
import type { Say } from '../terms';
import { byRisk, toneOf } from './order';
import { readQuery } from './query';
import type { Piece, Row } from './questions';
import { keyInShort, keyInWords } from './say';

/** More colours than these nobody tells apart. */
const MOST_SERIES = 6;

/** Below each other with room for names, or beside each other in an order of their own: intervals, periods. */
export type Axis = 'rows' | 'columns';

const ORDERED: readonly WidgetDimension[] = ['BUCKET', 'ONBOARDING_PERIOD'];

export interface Series {
  key: string;
  label: string;
  /** A class of the style sheet. */
  tone: string;
}

export interface Tick {
  key: string;
  label: string;
  /** Where there is no room for the label. */
  short: string;
  /** By series. */
  values: (number | null)[];
  tone?: string;
  /** Of what it means, where each group has a colour of its own. */
  own?: string;
  /** Shows what is behind it. */
  open?: () => void;
}

export interface Plot {
  axis: Axis;
  ticks: Tick[];
  series: Series[];
  /** How many series are too many to draw. */
  hidden: number;
}

export function unitOf(query: unknown): TimeUnit | null {
  const bucket = readQuery(query).asked['bucket'] as { unit?: TimeUnit } | undefined;
  return bucket?.unit ?? null;
}

/** Of one key alone: two together mean neither of them. */
const ownTone = ([key, ...others]: Row['keys']) => (key && others.length === 0 ? toneOf(key) : null);

const keyOf = (keys: Row['keys']) => keys.map(({ id, label, at }) => id ?? at ?? label ?? '').join('|');

/** The way down from a bar: to its doctors, where their list would have the same number; to its DSO. */
function wayFrom({ query }: Piece, [key, ...others]: Row['keys']): (() => void) | null {
  const { source, asked } = readQuery(query);
  if (!key || others.length > 0) return null;
  if (key.dimension === 'DSO' && key.id !== null) {
    const { id } = key;
    return () => go({ dsos: [id] });
  }
  const isPlain = source === 'doctors' && asked['filter'] === undefined && asked['measure'] === undefined;
  if (!isPlain || key.label === null) return null;
  if (key.dimension === 'RISK') return openDoctors({ by: 'risk', risk: key.label as Risk });
  if (key.dimension === 'ONBOARDING_PERIOD') return openDoctors({ by: 'period', period: Number(key.label) });
  return null;
}

export function plotOf(piece: Piece, rows: readonly Row[], say: Say): Plot {
  const unit = unitOf(piece.query);
  const words = (keys: Row['keys']) => keys.map((key) => keyInWords(key, unit, say)).join(', ');
  const all = new Map<string, { keys: Row['keys']; label: string; total: number }>();
  const ticks = new Map<string, { keys: Row['keys']; values: Map<string, number | null> }>();
  for (const { keys, value } of rows) {
    const [first, rest] = [keys.slice(0, 1), keys.slice(1)];
    const series = all.get(keyOf(rest)) ?? { keys: rest, label: words(rest), total: 0 };
    all.set(keyOf(rest), { ...series, total: series.total + (value ?? 0) });
    const tick = ticks.get(keyOf(first)) ?? { keys: first, values: new Map<string, number | null>() };
    ticks.set(keyOf(first), { ...tick, values: tick.values.set(keyOf(rest), value) });
  }
  // The largest are drawn; their order is the query's.
  const largest = [...all]
    .sort(([, a], [, b]) => b.total - a.total)
    .slice(0, MOST_SERIES)
    .map(([key]) => key);
  const drawn = [...all].filter(([key]) => largest.includes(key)).sort(([, a], [, b]) => byRisk(a.keys[0], b.keys[0]));
  const isOne = drawn.length <= 1;
  return {
    axis: ORDERED.includes(rows[0]?.keys[0]?.dimension ?? 'DSO') ? 'columns' : 'rows',
    hidden: all.size - drawn.length,
    series: drawn.map(([key, { keys, label }], index) => ({ key, label, tone: ownTone(keys) ?? `s${index}` })),
    ticks: [...ticks].map(([key, { keys, values }]) => {
      const open = isOne ? wayFrom(piece, keys) : null;
      const own = ownTone(keys);
      const isRisk = keys[0]?.dimension === 'RISK';
      return {
        key,
        label: words(keys),
        short: keys.map((key) => keyInShort(key, unit, say)).join(', '),
        values: drawn.map(([series]) => values.get(series) ?? null),
        ...(own === null ? {} : { own }),
        ...(isOne && isRisk && own !== null ? { tone: own } : {}),
        ...(open ? { open } : {}),
      };
    }),
  };
}
