// What the schema's names are called on the page. The one place for it: a DSO's own words (`Dso.terminology`) will be looked up here.
import type { ActivityKind, CaseStatus, DsoRole, OrgRole, Risk } from './generated/graphql';

export const RISK_WORDS: Record<Risk, string> = { CRITICAL: 'Critical', HIGH: 'High', MEDIUM: 'Medium', LOW: 'Low' };

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
