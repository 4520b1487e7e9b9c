// In which order groups stand, and which colour means what, wherever they are drawn: the riskiest first, and a risk, a kind or a state always
// in its own colour, whatever else is on the same chart.
import type { ActivityKind, CaseStatus, Risk, WidgetDimension } from '../generated/graphql';
import { KIND_WORDS, RISKS, STATUS_WORDS } from '../words';
import { readQuery } from './query';
import type { Piece, Row } from './questions';

type Key = Row['keys'][number];

const rankOf = ({ label }: Key) => RISKS.indexOf(label as Risk | null);

export const byRisk = (one: Key | undefined, other: Key | undefined) =>
  one?.dimension === 'RISK' && other?.dimension === 'RISK' ? rankOf(one) - rankOf(other) : 0;

const keyOf = (keys: readonly Key[]) => keys.map(({ id, label, at }) => id ?? at ?? label ?? '').join('|');

/** The rows of an answer as they are shown. The gateway counts risks upwards; an order that the query asks for stays. */
export function inOrder({ query }: Pick<Piece, 'query'>, rows: readonly Row[]): readonly Row[] {
  const place = rows[0]?.keys.findIndex(({ dimension }) => dimension === 'RISK') ?? -1;
  if (place < 0 || readQuery(query).asked['orderBy'] !== undefined) return rows;
  const before = (row: Row) => keyOf(row.keys.slice(0, place));
  const firsts = new Map<string, number>();
  for (const row of rows) if (!firsts.has(before(row))) firsts.set(before(row), firsts.size);
  const rank = (row: Row) => firsts.get(before(row)) ?? 0;
  return [...rows].sort((a, b) => rank(a) - rank(b) || byRisk(a.keys[place], b.keys[place]));
}

const OWN: Partial<Record<WidgetDimension, readonly string[]>> = {
  KIND: Object.keys(KIND_WORDS) satisfies string[] as ActivityKind[],
  STATUS: Object.keys(STATUS_WORDS) satisfies string[] as CaseStatus[],
};

/** A class of the style sheet for what means the same everywhere; `null` = it has the colour of its place. */
export function toneOf({ dimension, label }: Key): string | null {
  if (dimension === 'RISK') return (label ?? 'none').toLowerCase();
  const place = label === null ? -1 : (OWN[dimension]?.indexOf(label) ?? -1);
  return place < 0 ? null : `s${place}`;
}
