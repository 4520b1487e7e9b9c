// How this page asks the gateway that served it. Only the preview of an invitation (invitation.ts) is asked without a token:
// to anything else the answer would be 401, and a browser logs that as an error of the page. What the page asks by itself lies in
// `operations/`: the gateway trusts these files (gateway/src/graphql/persisted/built_in.rs) also where it runs trusted documents only.
import SWITCHER from './operations/switcher.graphql?raw';

/** One organization of the caller, with their role in it. */
export interface Membership {
  organizationId: string;
  organizationName: string;
  organizationSlug: string;
  role: string;
}

/** Who the token speaks for. */
export interface Caller {
  name: string;
  memberships: Membership[];
}

export interface GraphQLAnswer {
  data?: unknown;
  errors?: GatewayError[];
}

export interface GatewayError {
  message: string;
  path?: (string | number)[];
  extensions?: {
    code?: string;
    /** The field that was refused, such as `Doctor.email`. */
    coordinate?: string;
    /** What it would take, such as `dso: MANAGER`. */
    guard?: string;
    /** How many rows this one error stands for. */
    count?: number;
    /** The DSO whose rows were refused, if it is one that the caller sees. */
    dsoId?: string;
    requestId?: string;
  };
}

export type Headers = Record<string, string>;

/** A refusal in words for the page's bar. */
export class Refused extends Error {}

/** What there is to say when no answer came at all. */
const UNREACHABLE = 'The gateway cannot be reached. Look at your connection and try again.';

export function inWords(error: unknown): string {
  return error instanceof Refused ? error.message : 'The gateway could not be reached, or its answer could not be read.';
}

/** A request; a `Refused` when no answer comes. */
async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    throw init.signal?.aborted ? error : new Refused(UNREACHABLE);
  }
}

function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}

function refused(status: number): Refused {
  if (status === 401) return new Refused('The gateway does not take this token: it may have expired, or be meant for another gateway.');
  return new Refused(`The gateway answered with status ${status}.`);
}

/** Sends one operation, as nobody without a token. Whatever GraphQL answer comes back is returned, errors and all, whatever its status. */
export async function execute(token: string | null, organization: string, body: unknown, more: Headers, signal?: AbortSignal): Promise<GraphQLAnswer> {
  const headers: Headers = {
    ...more,
    ...(token === null ? {} : bearer(token)),
    accept: 'application/graphql-response+json, application/json;q=0.9',
    'content-type': 'application/json',
  };
  if (organization !== '') headers['x-organization-id'] = organization;
  const credentials = token === null ? 'omit' : 'same-origin';
  const response = await send('/graphql', { method: 'POST', headers, credentials, body: JSON.stringify(body), signal: signal ?? null });
  try {
    return (await response.json()) as GraphQLAnswer;
  } catch {
    throw refused(response.status);
  }
}

/** The refusal that the first error of an answer amounts to. */
export function refusalOf(answer: GraphQLAnswer, otherwise: string): Refused {
  const error = answer.errors?.[0];
  return error?.extensions?.code === 'UNAUTHENTICATED' ? refused(401) : new Refused(error?.message ?? otherwise);
}

/** Who the token speaks for, and where. Works with no organization chosen. */
export async function fetchCaller(token: string, signal: AbortSignal): Promise<Caller> {
  const answer = await execute(token, '', { query: SWITCHER, operationName: 'Switcher' }, {}, signal);
  const viewer = (answer.data as { viewer?: Partial<Caller> | null } | null | undefined)?.viewer;
  if (!viewer) throw refusalOf(answer, 'The gateway does not say who this token speaks for.');
  return { name: viewer.name ?? '', memberships: viewer.memberships ?? [] };
}

/** The schema as text, with the guards that introspection cannot show. */
export async function fetchSchema(token: string, organization: string, signal: AbortSignal): Promise<string> {
  // Who may read it can depend on the role in the organization.
  const headers = organization === '' ? bearer(token) : { ...bearer(token), 'x-organization-id': organization };
  const response = await send('/graphiql/schema.graphql', { headers, signal });
  if (!response.ok) throw refused(response.status);
  return response.text();
}
