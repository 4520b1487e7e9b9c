// Why a field is null, in plain words, from the errors' `extensions`. One line for each field, reason and guard: ten lines that
// say the same are worse than one with a number.
import type { GatewayError } from './gateway';

export interface Reason {
  /** The field, such as `Doctor.email`; absent when the refusal is about the whole request. */
  coordinate?: string;
  words: string;
  code: string;
  rows: number;
  /** The DSOs whose rows were refused, as far as the gateway names them: those that the caller sees. */
  dsos: string[];
  /** The first place in the answer, such as `doctors.nodes.0.email`. */
  path?: string;
  requestId?: string;
}

/** What the codes mean to a reader; for the others the gateway's own message stands. */
const WORDS: Record<string, string> = {
  UNAUTHENTICATED: 'the gateway no longer takes this token: forget it and paste a fresh one',
  PAYMENT_REQUIRED: "the organization's plan does not include it",
  ORG_CONTEXT_REQUIRED: 'choose an organization in the bar above first',
  ORG_SUSPENDED: 'this organization is suspended',
  TIMEOUT: 'it took too long: ask for less at once',
};

function words(error: GatewayError): string {
  const { code = '', guard } = error.extensions ?? {};
  if (guard !== undefined && code === 'FORBIDDEN') return `needs ${guard}`;
  const meaning = WORDS[code] ?? error.message;
  return guard === undefined ? meaning : `${meaning} (needs ${guard})`;
}

export function reasonsOf(errors: readonly GatewayError[] | undefined): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const error of errors ?? []) {
    const { code, coordinate, count = 1, dsoId, requestId } = error.extensions ?? {};
    if (code === undefined) continue;
    const reason: Reason = { words: words(error), code, rows: count, dsos: dsoId === undefined ? [] : [dsoId] };
    if (coordinate !== undefined) reason.coordinate = coordinate;
    if (error.path !== undefined) reason.path = error.path.join('.');
    if (requestId !== undefined) reason.requestId = requestId;
    const key = `${reason.coordinate ?? reason.path ?? ''} ${reason.code} ${reason.words}`;
    const known = reasons.get(key);
    if (known) {
      known.rows += reason.rows;
      known.dsos.push(...reason.dsos);
    } else reasons.set(key, reason);
  }
  return [...reasons.values()];
}
