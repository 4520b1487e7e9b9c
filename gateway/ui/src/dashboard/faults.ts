// What went wrong, in words for somebody who has never heard of GraphQL. The code and the request's id stay beside them: whoever
// is asked for help finds the request in the gateway's log by it.

/** One entry of an answer's `errors`, as far as the page reads it. */
export interface GatewayError {
  message: string;
  path?: readonly (string | number)[] | undefined;
  extensions?: unknown;
}

interface Extensions {
  code?: string;
  requestId?: string;
  coordinate?: string;
  guard?: string;
}

const WORDS: Record<string, string> = {
  UNAUTHENTICATED: 'The gateway no longer takes your sign-in: it has expired, or was withdrawn.',
  FORBIDDEN: 'Your role does not let you see this.',
  PAYMENT_REQUIRED: "The organization's plan does not include this.",
  NOT_FOUND: 'This is gone, or you have no access to it any more.',
  ORG_CONTEXT_REQUIRED: 'Choose an organization first.',
  ORG_SUSPENDED: 'This organization is suspended. Its owners know why.',
  RATE_LIMITED: 'Too much was asked within a minute.',
  TIMEOUT: 'This took too long. Choose a shorter range or fewer DSOs, or try again.',
  UNAVAILABLE: 'The gateway or its database is not available at the moment. Try again soon.',
  INTERNAL: 'Something went wrong inside the gateway. Try again; if it stays, pass on the request id.',
  UNREACHABLE: 'The gateway cannot be reached. Look at your connection and try again.',
  NO_ANSWER: 'The gateway has not answered in time.',
};

/** A refusal or a failure, with what a reader needs to know about it. */
export class Fault extends Error {
  readonly code: string;
  readonly requestId: string | null;
  /** Where in the answer; empty when it is about the whole request. */
  readonly path: readonly (string | number)[];
  /** What was looked at, as `Doctor.email`, and what that needs, as `dso: MANAGER`; if it was refused for want of that. */
  readonly refused: { field: string; guard: string } | null;
  /** Asking again sooner is in vain. */
  readonly waitMs: number;

  constructor(
    code: string,
    words: string,
    requestId: string | null,
    path: readonly (string | number)[],
    refused: { field: string; guard: string } | null = null,
    waitMs = 0,
  ) {
    super(words);
    this.code = code;
    this.requestId = requestId;
    this.path = path;
    this.refused = refused;
    this.waitMs = waitMs;
  }

  /** The sign-in itself is not taken any more. */
  get endsSession(): boolean {
    return this.code === 'UNAUTHENTICATED';
  }

  /** The organization is closed to the caller: to them a root field does not exist there. */
  get closesOrganization(): boolean {
    return (this.code === 'NOT_FOUND' && this.path.length <= 1) || this.code === 'ORG_SUSPENDED' || this.code === 'ORG_CONTEXT_REQUIRED';
  }

  /** Asking once more may help. */
  get mayPass(): boolean {
    return ['UNREACHABLE', 'NO_ANSWER', 'UNAVAILABLE', 'RATE_LIMITED'].includes(this.code);
  }
}

/** `Retry-After`, in seconds or as a date, in milliseconds from now. */
function waitOf(retryAfter: string | null): number {
  if (retryAfter === null) return 0;
  const seconds = Number(retryAfter);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : 0;
}

/** `retryAfter`: that header of the answer. */
export function faultOf(error: GatewayError, retryAfter: string | null = null): Fault {
  const { code = 'INTERNAL', requestId, coordinate, guard } = (error.extensions ?? {}) as Extensions;
  const refused = coordinate !== undefined && guard !== undefined ? { field: coordinate, guard } : null;
  // For what somebody asked wrongly, the gateway's own sentence is the best there is.
  return new Fault(code, WORDS[code] ?? sentence(error.message), requestId ?? null, error.path ?? [], refused, waitOf(retryAfter));
}

export function unreachable(): Fault {
  return new Fault('UNREACHABLE', WORDS['UNREACHABLE'] ?? '', null, []);
}

/** Nothing is known of what was asked: it may have been done. */
export function noAnswer(): Fault {
  return new Fault('NO_ANSWER', WORDS['NO_ANSWER'] ?? '', null, []);
}

/** An answer that is no GraphQL at all: a proxy's, usually. */
export function unreadable(status: number, retryAfter: string | null = null): Fault {
  if (status === 401) return faultOf({ message: '', extensions: { code: 'UNAUTHENTICATED' } });
  const code = status === 429 ? 'RATE_LIMITED' : 'UNAVAILABLE';
  return new Fault(code, `Something between you and the gateway answered with status ${status}.`, null, [], null, waitOf(retryAfter));
}

/** A message of the gateway as a sentence. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return text.endsWith('.') ? text : `${text}.`;
}
