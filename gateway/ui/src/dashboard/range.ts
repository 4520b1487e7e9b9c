// The range of time that the figures are about: four presets, or two days. Days are the reader's own, and a range ends before the day
// after its last one begins. All of it is text in the address, so a link shows the same to whoever opens it.

export const PRESETS = ['7d', '30d', 'quarter', 'year'] as const;
export type Preset = (typeof PRESETS)[number];

/** Days as `2026-01-31`, both ends included. */
export interface Days {
  first: string;
  last: string;
}

export type Range = Preset | Days;

/** The overview's, when none is chosen. */
export const USUAL: Range = '30d';

export const PRESET_WORDS: Record<Preset, string> = { '7d': '7 days', '30d': '30 days', quarter: 'Quarter', year: 'Year' };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_LENGTH = 86_400_000;

export function isPreset(range: Range): range is Preset {
  return typeof range === 'string';
}

/** Whether both are days, in their order. */
export function areDays({ first, last }: Days): boolean {
  return [first, last].every((day) => DAY.test(day) && !Number.isNaN(beginning(day).getTime())) && first <= last;
}

export function readRange(text: string | null): Range | null {
  const preset = PRESETS.find((preset) => preset === text);
  if (preset !== undefined) return preset;
  const [first = '', last = ''] = (text ?? '').split('..');
  return areDays({ first, last }) ? { first, last } : null;
}

export function writeRange(range: Range): string {
  return isPreset(range) ? range : `${range.first}..${range.last}`;
}

/** The day of a time, for a date field. */
export function dayOf(time: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** What is asked for; presets end now. */
export function instants(range: Range, now: Date): { from: string; until: string } {
  if (isPreset(range)) return { from: start(range, now).toISOString(), until: now.toISOString() };
  const last = beginning(range.last);
  // The next day's beginning by the calendar: a day with a change of the clocks is not 24 hours long.
  const until = new Date(last.getFullYear(), last.getMonth(), last.getDate() + 1);
  return { from: beginning(range.first).toISOString(), until: until.toISOString() };
}

function start(preset: Preset, now: Date): Date {
  switch (preset) {
    case '7d':
      return new Date(now.getTime() - 7 * DAY_LENGTH);
    case '30d':
      return new Date(now.getTime() - 30 * DAY_LENGTH);
    case 'quarter':
      return new Date(now.getFullYear(), now.getMonth() - (now.getMonth() % 3), 1);
    case 'year':
      return new Date(now.getFullYear(), 0, 1);
  }
}

function beginning(day: string): Date {
  const [year = NaN, month = NaN, date = NaN] = day.split('-').map(Number);
  return new Date(year, month - 1, date);
}
