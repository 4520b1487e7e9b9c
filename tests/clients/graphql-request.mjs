// graphql-request: one request, one answer, no cache. The dashboard itself is built on it.
import { GraphQLClient } from 'graphql-request';
import { pageQuery } from './page.mjs';

/** `headers` is asked before each request, so that a renewed token takes the old one's place. */
export function connect(url, headers) {
  // A refused field is null and the rest is there; without `all` one refused field throws away the whole answer.
  return new GraphQLClient(url, { headers, errorPolicy: 'all' });
}

export async function overview(client, variables) {
  const { data } = await client.rawRequest(pageQuery('overview'), variables);
  return data.organization?.overview;
}

/** Why a request was refused as a whole, from what it threw. */
export const refusal = (error) => error.response.errors?.[0].extensions;

/** Every doctor, a page at a time. A cursor is only good for the filter and the order that it came with. */
export async function allDoctors(client, variables) {
  const found = [];
  for (let after = null; ; ) {
    const { data } = await client.rawRequest(pageQuery('doctors'), { ...variables, after });
    found.push(...data.doctors.nodes);
    if (!data.doctors.pageInfo.hasNextPage) return found;
    after = data.doctors.pageInfo.endCursor;
  }
}

const EMAILS = 'query Emails($first: Int!) { doctors(first: $first) { nodes { id name email } } }';

/** What a caller gets who may see the doctors, but not their addresses. */
export async function emails(client, first) {
  const { data, errors } = await client.rawRequest(EMAILS, { first });
  return { doctors: data.doctors.nodes, errors: errors ?? [] };
}
