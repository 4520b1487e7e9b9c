// What the schema's names are called on the page, and a DSO's own words (`Dso.terminology`) in place of ours. The one place for both.
import type { ActivityKind, CaseStatus, DsoRole, OrgRole, Risk } from './generated/graphql';

export const RISK_WORDS: Record<Risk, string> = { CRITICAL: 'Critical', HIGH: 'High', MEDIUM: 'Medium', LOW: 'Low' };

/** The riskiest first, wherever risks stand in a row. `null` = not rated. */
export const RISKS = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', null] as const;

/** Who did what was imported of people who are not members. */
export const NO_MEMBER = 'No known member';

export const KIND_WORDS: Record<ActivityKind, string> = {
  PHONE: 'Calls',
  EMAIL: 'E-mails',
  TEXT: 'Text messages',
  MEETING: 'Meetings',
  NOTE: 'Notes',
};

export const STATUS_WORDS: Record<CaseStatus, string> = {
  SUBMITTED: 'Submitted',
  IN_PROGRESS: 'In progress',
  COMPLETED: 'Completed',
  CANCELLED: 'Cancelled',
};

const DSO_ROLE_WORDS: Record<DsoRole, string> = { ADMIN: 'admin', MANAGER: 'manager', VIEWER: 'viewer' };

export const ORG_ROLE_WORDS: Record<OrgRole, string> = { OWNER: 'owner', ADMIN: 'admin', MEMBER: 'member' };

/** Our nouns, as `Terminology.key` has them, with the words for one and for many. */
const NOUNS: Record<string, readonly [one: string, many: string][]> = {
  doctor: [['doctor', 'doctors']],
  activity: [['activity', 'activities']],
  case: [['case', 'cases']],
  course: [['course', 'courses']],
  attendee: [['attendee', 'attendees']],
  onboarding_period: [
    ['onboarding period', 'onboarding periods'],
    ['period', 'periods'],
  ],
  dso: [['dso', 'dsos']],
  member: [['member', 'members']],
};

/** Own words by our nouns. */
export type Terms = Readonly<Record<string, string>>;

/** The words of the DSOs in view. Where two call something differently, it is called as we call it. */
export function termsOf(dsos: readonly { terminology: readonly { key: string; label: string }[] | null }[]): Terms {
  const [first, ...others] = dsos.map(({ terminology }) => new Map((terminology ?? []).map(({ key, label }) => [key, label])));
  return Object.fromEntries([...(first ?? [])].filter(([key, label]) => others.every((other) => other.get(key) === label)));
}

/** Which noun a word is, and whether of one or of many. */
const FORMS = new Map<string, { key: string; isMany: boolean }>();
for (const [key, forms] of Object.entries(NOUNS)) {
  for (const [one, many] of forms) FORMS.set(one, { key, isMany: false }).set(many, { key, isMany: true });
}

// The longer ones first: `onboarding period` is not a `period` with a word before it.
const ANY = new RegExp(`\\b(?:${[...FORMS.keys()].sort((a, b) => b.length - a.length).join('|')})\\b`, 'gi');

/** As English makes it of a word that it does not know. */
function plural(word: string): string {
  if (/[^aeiou]y$/i.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/i.test(word) ? `${word}es` : `${word}s`;
}

/** A text of ours, such as `Doctors by risk`, with each noun as it is called where the figures are from. */
export function inTerms(terms: Terms, text: string): string {
  return text.replaceAll(ANY, (found) => {
    const form = FORMS.get(found.toLowerCase());
    const own = form && terms[form.key];
    if (!own) return found;
    const word = form.isMany ? plural(own) : own;
    const isLower = found === found.toLowerCase();
    // An abbreviation stays one within a sentence.
    if (isLower) return /^.[^a-z]/.test(word) ? word : word.charAt(0).toLowerCase() + word.slice(1);
    return word.charAt(0).toUpperCase() + word.slice(1);
  });
}

/** What a refused field would have needed: `field` as `Doctor.email`, `guard` as `dso: MANAGER`. */
export function needInWords({ field, guard }: { field: string; guard: string }): string {
  const dsoRole = /^dso: (\w+)/.exec(guard)?.[1] as DsoRole | undefined;
  const orgRole = /^org: (\w+)/.exec(guard)?.[1] as OrgRole | undefined;
  if (dsoRole) return `It looks at ${field}, for which one has to be ${DSO_ROLE_WORDS[dsoRole]} of every DSO in view.`;
  if (orgRole) return `It looks at ${field}, for which one has to be ${ORG_ROLE_WORDS[orgRole]} of the organization.`;
  return `It looks at ${field}.`;
}

export function dsos(count: number): string {
  return count === 1 ? '1 DSO' : `${count} DSOs`;
}

/** `You see 2 DSOs: as manager of 1 and as viewer of 1`. How many there are beyond them, nobody but an admin is told. */
export function sightInWords(roles: readonly (DsoRole | null | undefined)[]): string {
  const parts = (['ADMIN', 'MANAGER', 'VIEWER'] as const)
    .map((role) => ({ role, count: roles.filter((found) => found === role).length }))
    .filter(({ count }) => count > 0);
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only) return `You see ${dsos(roles.length)}, as ${DSO_ROLE_WORDS[only.role]}${only.count > 1 ? ' of each' : ''}`;
  const list = new Intl.ListFormat('en').format(parts.map(({ role, count }) => `${DSO_ROLE_WORDS[role]} of ${count}`));
  return parts.length === 0 ? 'You see no DSO' : `You see ${dsos(roles.length)}: ${list}`;
}
