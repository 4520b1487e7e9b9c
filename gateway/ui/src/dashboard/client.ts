// How the dashboard asks the gateway that served it: an ordinary GraphQL client over /graphql, with the token and the organization of
// this tab. What comes back is data, the faults beside it, or a thrown Fault; nothing else.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { ClientError, GraphQLClient } from 'graphql-request';
import { storedToken } from '../session';
import { Fault, faultOf, noAnswer, unreachable, unreadable } from './faults';

const client = new GraphQLClient(new URL('/graphql', location.origin).href, {
  // A refused field is null and the rest is there: the page shows what it may and says why the rest is missing.
  errorPolicy: 'all',
  credentials: 'same-origin',
  headers: { accept: 'application/graphql-response+json, application/json;q=0.9' },
});

/** Longest wait for an answer, in milliseconds: longer than the gateway takes for one. */
const PATIENCE = 20_000;

/** Data, with whatever is missing in it. */
export interface Answer<Data> {
  data: Data;
  faults: Fault[];
}

/** `organization`: an id, or nothing where the question is not about one. */
export async function ask<Data, Variables extends object>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  organization: string | null,
  signal: AbortSignal,
): Promise<Answer<Data>> {
  // Read for each request: a renewed token takes the old one's place without anybody noticing.
  const requestHeaders: Record<string, string> = { authorization: `Bearer ${storedToken() ?? ''}` };
  if (organization !== null) requestHeaders['x-organization-id'] = organization;
  const patience = AbortSignal.timeout(PATIENCE);
  try {
    const either = AbortSignal.any([signal, patience]);
    const { data, errors } = await client.rawRequest<Data>({ query: print(document), variables: { ...variables }, requestHeaders, signal: either });
    const faults = (errors ?? []).map((error) => faultOf(error));
    const session = faults.find((fault) => fault.endsSession || fault.closesOrganization);
    if (session ?? (data as Data | null) === null) throw session ?? faults[0] ?? unreadable(200);
    return { data, faults };
  } catch (error) {
    if (signal.aborted) throw error;
    throw patience.aborted && !(error instanceof Fault) ? noAnswer() : inFault(error);
  }
}

function inFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (!(error instanceof ClientError)) return unreachable();
  const { errors, headers, status } = error.response;
  const retryAfter = new Headers(headers as Headers | undefined).get('retry-after');
  const first = errors?.[0];
  return first ? faultOf(first, retryAfter) : unreadable(status, retryAfter);
}
