// Numbers and times as a reader expects them. English, as the page is; days and hours are the reader's own.

const WHOLE = new Intl.NumberFormat('en');
const SHARE = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const TENTH = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
/** The gateway records whole days of UTC. */
const RECORDED = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const MINUTE = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hour12: false });
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** What stands where there is no value. */
export const NONE = '–';

export const whole = (value: number) => WHOLE.format(value);
export const tenth = (value: number) => TENTH.format(value);
/** `share` is 0 to 1. */
export const percent = (share: number) => SHARE.format(share);
export const day = (time: string | Date) => DAY.format(new Date(time));
export const dayOfRecord = (time: string) => RECORDED.format(new Date(time));
export const minute = (time: Date) => MINUTE.format(time);

/** `3 days ago`; a date when it is more than a month. */
export function ago(time: string, now: Date): string {
  const days = Math.round((new Date(time).getTime() - now.getTime()) / 86_400_000);
  if (days < -31 || days > 0) return day(time);
  if (days < 0) return RELATIVE.format(days, 'day');
  return RELATIVE.format(Math.round((new Date(time).getTime() - now.getTime()) / 3_600_000), 'hour');
}

/** `1 – 22 Nov 2026`; `until` itself is left out, as the gateway does. */
export function span(from: string, until: string): string {
  return DAY.formatRange(new Date(from), new Date(new Date(until).getTime() - 1));
}
