// What the names of saved queries are called: what is counted, by what, of which time. Ours; `terms.ts` puts a DSO's own in their place.
import { day, NONE, span } from '../format';
import type { DashboardVisibility, OverviewFigure, TimeUnit, WidgetDimension, WidgetKind } from '../generated/graphql';
import type { Say } from '../terms';
import { KIND_WORDS, NO_MEMBER, RISK_WORDS, STATUS_WORDS } from '../words';
import { isGrouped, readQuery, type Source } from './query';
import type { Found, Piece, Row } from './questions';

export const KIND_NAMES: Record<WidgetKind, string> = {
  NUMBER: 'Number',
  BAR: 'Bars',
  LINE: 'Line over time',
  PIE: 'Shares of a whole',
  TABLE: 'Table',
  LIST: 'List of doctors',
};

export const SOURCE_NAMES: Record<Source, string> = {
  overview: 'A figure of the overview',
  doctors: 'Doctors',
  activities: 'Activities',
  cases: 'Cases',
  doctorList: 'Doctors, one by one',
};

export const FIGURE_NAMES: Record<OverviewFigure, string> = {
  DOCTORS: 'Doctors',
  AVERAGE_PROGRESS: 'Average progress',
  ON_TRACK: 'On track',
  ACTIVITIES: 'Activities',
  WITHOUT_CONTACT: 'Doctors without contact for 30 days',
  CASES: 'Cases',
  COURSES: 'Courses held',
  ATTENDANCES: 'Attendances',
  ATTENDANCE_SHARE: 'Attendance',
};

export const DIMENSION_NAMES: Record<WidgetDimension, string> = {
  BUCKET: 'Time',
  DSO: 'DSO',
  DOCTOR: 'Doctor',
  ACTOR: 'Person',
  RISK: 'Risk',
  ONBOARDING_PERIOD: 'Period',
  PRACTICE: 'Practice',
  EMAIL: 'E-mail',
  KIND: 'Kind',
  STATUS: 'Status',
};

export const UNIT_NAMES: Record<TimeUnit, string> = { HOUR: 'Hour', DAY: 'Day', WEEK: 'Week', MONTH: 'Month', QUARTER: 'Quarter', YEAR: 'Year' };

export const TIME_NAMES: Record<string, string> = {
  JOINED_AT: 'When they joined',
  LAST_CONTACT_AT: 'Their last contact',
  OCCURRED_AT: 'When they happened',
  OPENED_AT: 'When they were opened',
  CREATED_AT: 'When they were entered',
};

const WAYS: Record<string, string> = { sum: 'Sum', avg: 'Mean', min: 'Least', max: 'Largest', median: 'Median', stddev: 'Deviation' };
const NUMBERS: Record<string, string> = { PROGRESS: 'progress in percent', ONBOARDING_PERIOD: 'period' };

/** `measure` as `avg:PROGRESS`. */
export function measureName(source: Source, measure: string): string {
  const [way = '', of = ''] = measure.split(':');
  if (way === 'count') return SOURCE_NAMES[source];
  if (way === 'countDistinct')
    return `Different ${DIMENSION_NAMES[of as WidgetDimension] === 'Person' ? 'people' : `${(DIMENSION_NAMES[of as WidgetDimension] ?? of).toLowerCase()}s`}`;
  return `${WAYS[way] ?? way} ${NUMBERS[of] ?? of}`;
}

const NOTHING: Partial<Record<WidgetDimension, string>> = {
  RISK: 'Not rated',
  ONBOARDING_PERIOD: 'In no period',
  PRACTICE: 'No practice',
  EMAIL: 'No e-mail',
  ACTOR: NO_MEMBER,
};

const VALUES: Partial<Record<WidgetDimension, Record<string, string>>> = { RISK: RISK_WORDS, KIND: KIND_WORDS, STATUS: STATUS_WORDS };

const MONTH = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric' });
const DATE = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const HOUR = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false });

function interval(at: string, unit: TimeUnit | null): string {
  const time = new Date(at);
  switch (unit) {
    case 'YEAR':
      return String(time.getFullYear());
    case 'QUARTER':
      return `Q${Math.floor(time.getMonth() / 3) + 1} ${time.getFullYear()}`;
    case 'MONTH':
      return MONTH.format(time);
    case 'HOUR':
      return HOUR.format(time);
    default:
      return day(time);
  }
}

/** What the rows of a group share, by one dimension. Names stay as they are: only the words of ours are said otherwise. */
export function keyInWords({ dimension, label, at }: Row['keys'][number], unit: TimeUnit | null, say: Say): string {
  if (dimension === 'BUCKET') return at === null ? 'No time' : interval(at, unit);
  if (label === null) return say(NOTHING[dimension] ?? 'Not known');
  if (dimension === 'ONBOARDING_PERIOD') return say(`Period ${label}`);
  return VALUES[dimension]?.[label] ?? label;
}

/** The same where there is little room: along an axis. */
export function keyInShort(key: Row['keys'][number], unit: TimeUnit | null, say: Say): string {
  if (key.dimension === 'ONBOARDING_PERIOD') return key.label ?? NONE;
  if (key.dimension === 'BUCKET' && key.at !== null && (unit === 'DAY' || unit === 'WEEK')) return DATE.format(new Date(key.at));
  return keyInWords(key, unit, say);
}

/** Which time a widget is about, given what was asked for besides. */
export function timeOf({ query }: Pick<Piece, 'query'>, asked: Found['asked']): string {
  const { source, asked: own, figure } = readQuery(query);
  const isStanding = source === 'doctorList' || (source === 'doctors' && own['bucket'] === undefined);
  if (isStanding) return asked === null ? 'as of now' : 'as of now, whatever the range';
  if (asked !== null) return span(asked.from, asked.until);
  if (figure !== null) return 'last 30 days';
  if (typeof own['lastDays'] === 'number') return `last ${own['lastDays']} days`;
  return isGrouped(source) && hasOwnRange(own) ? 'in a range of its own' : 'of all time';
}

function hasOwnRange(own: Record<string, unknown>): boolean {
  const bucket = own['bucket'] as { range?: unknown } | null | undefined;
  const filter = own['filter'] as Record<string, unknown> | null | undefined;
  return Boolean(bucket?.range ?? filter?.['from'] ?? filter?.['until'] ?? filter?.['openedFrom'] ?? filter?.['openedUntil']);
}

export const VISIBILITIES: readonly (readonly [value: DashboardVisibility, name: string])[] = [
  ['PRIVATE', 'Only me'],
  ['SHARED', 'Every member of the organization'],
];
