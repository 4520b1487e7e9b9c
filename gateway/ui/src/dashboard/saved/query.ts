// What a widget asks, as it was saved: JSON that the gateway has checked. What the page reads of it, and what it offers to ask.
import type { ActivityKind, CaseStatus, OverviewFigure, Risk, WidgetKind } from '../generated/graphql';

export type Source = 'overview' | 'doctors' | 'activities' | 'cases' | 'doctorList';
export type Grouped = 'doctors' | 'activities' | 'cases';
/** A value of the filter that the form offers for a source. */
export type Only = Risk | ActivityKind | CaseStatus;

/** What a kind of widget can show. The gateway has the last word. */
export const SOURCES: Record<WidgetKind, readonly Source[]> = {
  NUMBER: ['overview', 'doctors', 'activities', 'cases'],
  BAR: ['doctors', 'activities', 'cases'],
  LINE: ['activities', 'cases', 'doctors'],
  PIE: ['doctors', 'activities', 'cases'],
  TABLE: ['doctors', 'activities', 'cases', 'doctorList'],
  LIST: ['doctorList'],
};

export const DIMENSIONS: Record<Grouped, readonly string[]> = {
  doctors: ['RISK', 'ONBOARDING_PERIOD', 'DSO', 'PRACTICE'],
  activities: ['KIND', 'ACTOR', 'DSO', 'DOCTOR'],
  cases: ['STATUS', 'DSO', 'DOCTOR'],
};

/** By which time the rows of a source are put into intervals; the first is the usual one. */
export const TIMES: Record<Grouped, readonly [string, ...string[]]> = {
  doctors: ['JOINED_AT', 'LAST_CONTACT_AT'],
  activities: ['OCCURRED_AT'],
  cases: ['OPENED_AT'],
};

/** As `sum:PROGRESS`; the first is the usual one. */
export const MEASURES: Record<Grouped, readonly [string, ...string[]]> = {
  doctors: ['count', 'avg:PROGRESS', 'median:PROGRESS', 'avg:ONBOARDING_PERIOD'],
  activities: ['count', 'countDistinct:DOCTOR', 'countDistinct:ACTOR'],
  cases: ['count', 'countDistinct:DOCTOR'],
};

/** Groups of a query that does not say how many, and the most of any. */
const USUAL_GROUPS = 100;
export const MOST_GROUPS = 1000;

/** The part of the filter that the form offers for a source. */
export const FILTERS: Record<Grouped, string> = { doctors: 'risk', activities: 'kind', cases: 'status' };

export type Json = Record<string, unknown>;
export const asObject = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {});
/** A list of one may be written without its brackets, as anywhere in GraphQL. */
export const asList = (value: unknown): unknown[] => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
export const asText = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

export const isGrouped = (source: Source): source is Grouped => source in DIMENSIONS;
/** The source that a saved query asks, and what it asks of it. */
export function readQuery(query: unknown): { source: Source; asked: Json; figure: OverviewFigure | null } {
  const [[source, asked] = ['overview', 'DOCTORS']] = Object.entries(asObject(query));
  return { source: source as Source, asked: asObject(asked), figure: source === 'overview' ? (asText(asked) as OverviewFigure) : null };
}

/** How many groups a saved query asks for, if any. */
export function mostGroups(query: unknown): number {
  const { first } = readQuery(query).asked;
  return typeof first === 'number' ? first : USUAL_GROUPS;
}
