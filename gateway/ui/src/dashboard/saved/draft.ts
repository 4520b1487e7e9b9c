// What a widget asks, as its form knows it: the usual questions. Whatever else a saved query holds (a condition, a DSO, a range of its
// own) stays as it was written, and the form says so.
import type { OverviewFigure, TimeUnit, WidgetKind, WidgetQueryInput } from '../generated/graphql';
import {
  asList,
  asObject,
  asText,
  DIMENSIONS,
  FILTERS,
  isGrouped,
  MOST_GROUPS,
  readQuery,
  SOURCES,
  TIMES,
  type Json,
  type Only,
  type Source,
} from './query';
import type { Piece } from './questions';

export type Order = 'usual' | 'largest' | 'written';

export interface Draft {
  title: string;
  kind: WidgetKind;
  source: Source;
  figure: OverviewFigure;
  /** '' = none. */
  groupBy: string;
  /** '' = none. */
  unit: TimeUnit | '';
  time: string;
  measure: string;
  order: Order;
  /** As typed: what is no number the gateway tells. */
  first: string;
  lastDays: string;
  withoutContactDays: string;
  listOrder: string;
  only: Only[];
}

export const hasGroups = ({ kind, source }: Draft) => kind !== 'NUMBER' && isGrouped(source);
export const hasIntervals = ({ kind, source }: Draft) => kind !== 'NUMBER' && kind !== 'PIE' && isGrouped(source);
/** Doctors without intervals are told as they stand now. */
export const hasTime = (draft: Draft) => draft.source === 'activities' || draft.source === 'cases' || (hasIntervals(draft) && draft.unit !== '');

function measureText(measure: unknown): string {
  const [[way, of] = ['count', true]] = Object.entries(asObject(measure));
  return way === 'count' ? way : `${way}:${asText(of)}`;
}

function measureOf(text: string): Json {
  const [way = 'count', of] = text.split(':');
  return { [way]: of ?? true };
}

function orderOf(orderBy: unknown): Order {
  const [first, ...others] = asList(orderBy).map(asObject);
  if (!first) return 'usual';
  return first['measure'] !== undefined && first['direction'] === 'DESC' && others.length === 0 ? 'largest' : 'written';
}

export const NEW: Draft = {
  title: '',
  kind: 'BAR',
  source: 'doctors',
  figure: 'DOCTORS',
  groupBy: 'RISK',
  unit: '',
  time: 'JOINED_AT',
  measure: 'count',
  order: 'usual',
  first: '',
  lastDays: '',
  withoutContactDays: '',
  listOrder: 'NAME:ASC',
  only: [],
};

export function draftOf({ title, kind, query }: Piece): Draft {
  const { source, asked, figure } = readQuery(query);
  const bucket = asObject(asked['bucket']);
  const order = asObject(asked['orderBy']);
  const filter = asObject(asked['filter']);
  return {
    ...NEW,
    title,
    kind,
    source,
    figure: figure ?? 'DOCTORS',
    groupBy: asText(asList(asked['groupBy'])[0]),
    unit: asText(bucket['unit']) as TimeUnit | '',
    time: asText(bucket['field']) || (isGrouped(source) ? TIMES[source][0] : ''),
    measure: measureText(asked['measure']),
    order: source === 'doctorList' ? 'usual' : orderOf(asked['orderBy']),
    first: bucket['unit'] !== undefined && asked['first'] === MOST_GROUPS ? '' : asText(asked['first']),
    lastDays: asText(asked['lastDays']),
    withoutContactDays: asText(asked['withoutContactDays']),
    listOrder: order['field'] === undefined ? 'NAME:ASC' : `${asText(order['field'])}:${asText(order['direction']) || 'ASC'}`,
    only: asList(filter[isGrouped(source) ? FILTERS[source] : 'risk']) as Only[],
  };
}

/** Another kind or source keeps of a draft what has a meaning there. */
export function reshaped(draft: Draft, kind: WidgetKind, source: Source): Draft {
  const [usual = 'doctors'] = SOURCES[kind];
  const next = { ...draft, kind, source: SOURCES[kind].includes(source) ? source : usual };
  const isOther = next.source !== draft.source;
  const dimensions: readonly string[] = isGrouped(next.source) ? DIMENSIONS[next.source] : [];
  const times: readonly string[] = isGrouped(next.source) ? TIMES[next.source] : [''];
  return {
    ...next,
    ...(isOther ? { only: [], measure: 'count', order: 'usual', time: times[0] ?? '' } : {}),
    groupBy: kind === 'LINE' ? (isOther ? '' : next.groupBy) : isOther || next.groupBy === '' ? (dimensions[0] ?? '') : next.groupBy,
    unit: kind === 'LINE' && next.unit === '' ? 'MONTH' : next.unit,
  };
}

/** A number as the gateway wants it; nothing for nothing. What is no whole number is sent as -1, which it refuses by name. */
function whole(text: string): number | undefined {
  if (text.trim() === '') return undefined;
  const number = Number(text);
  return Number.isInteger(number) ? number : -1;
}

/** `before`: what it asked until now, of which stays what the form does not know. */
export function queryOf(draft: Draft, before: unknown): WidgetQueryInput {
  const { source } = draft;
  if (source === 'overview') return { overview: draft.figure };
  const was = readQuery(before);
  const kept = before !== null && was.source === source ? was.asked : {};
  const name = isGrouped(source) ? FILTERS[source] : 'risk';
  const filter: Json = { ...asObject(kept['filter']), [name]: draft.only.length === 0 ? undefined : draft.only };
  const asked: Json = { ...kept, filter: Object.values(filter).some((value) => value !== undefined) ? filter : undefined, first: whole(draft.first) };
  if (isGrouped(source)) {
    const others = asList(kept['groupBy']).slice(1);
    const groupBy = draft.groupBy === '' ? [] : [draft.groupBy, ...others.filter((other) => other !== draft.groupBy)];
    asked['groupBy'] = hasGroups(draft) && groupBy.length > 0 ? groupBy : undefined;
    asked['bucket'] =
      hasIntervals(draft) && draft.unit !== '' ? { fill: true, ...asObject(kept['bucket']), field: draft.time, unit: draft.unit } : undefined;
    // Each interval of each group is one: the usual number would cut off a line in the middle.
    if (asked['bucket'] !== undefined) asked['first'] ??= MOST_GROUPS;
    asked['measure'] = draft.measure === 'count' ? undefined : measureOf(draft.measure);
    asked['lastDays'] = hasTime(draft) ? whole(draft.lastDays) : undefined;
    if (draft.order === 'largest') asked['orderBy'] = [{ measure: measureOf(draft.measure), direction: 'DESC' }];
    if (draft.order === 'usual' || draft.kind === 'NUMBER') asked['orderBy'] = undefined;
  } else {
    const [field, direction] = draft.listOrder.split(':');
    asked['orderBy'] = { field, direction };
    asked['withoutContactDays'] = whole(draft.withoutContactDays);
  }
  return { [source]: asked } as WidgetQueryInput;
}

/** The parts of a saved query that the form has no field for. */
export function unknownTo(draft: Draft, before: unknown): string[] {
  const { source, asked } = readQuery(before);
  if (source !== draft.source) return [];
  const { filter, bucket, groupBy } = asked;
  const known = ['filter', 'groupBy', 'bucket', 'orderBy', 'first', 'measure', 'lastDays', 'withoutContactDays'];
  const name = isGrouped(source) ? FILTERS[source] : 'risk';
  return [
    ...Object.keys(asked).filter((part) => !known.includes(part)),
    ...Object.keys(asObject(filter)).filter((part) => part !== name),
    ...Object.keys(asObject(bucket)).filter((part) => part === 'range'),
    ...asList(groupBy).slice(1).map(asText),
  ];
}
