// Relay, without React: its hooks take the same environment. The queries are in relay/, compiled by `npm run relay`.
import { Environment, Network, RecordSource, Store, fetchQuery } from 'relay-runtime';
import listQuery from './relay/__generated__/doctorsListQuery.graphql.js';
import overviewQuery from './relay/__generated__/overviewQuery.graphql.js';
import emailsQuery from './relay/__generated__/doctorsEmailsQuery.graphql.js';

/** One environment for each organization and person: what one caller may see must not come out of another's store. */
export function connect(url, headers) {
  const network = Network.create(async ({ text }, variables) => {
    const accept = 'application/graphql-response+json';
    const body = JSON.stringify({ query: text, variables });
    const answer = await fetch(url, { method: 'POST', headers: { ...headers(), accept, 'content-type': 'application/json' }, body });
    return answer.json();
  });
  return new Environment({ network, store: new Store(new RecordSource()) });
}

export async function overview(environment, variables) {
  const { organization } = await fetchQuery(environment, overviewQuery, variables).toPromise();
  return organization?.overview;
}

/** Why a request was refused as a whole, from what it threw. */
export const refusal = (error) => error.source?.errors?.[0].extensions;

/** Each page is asked for by its cursor, and `@connection` puts it behind those that came before. */
export async function allDoctors(environment, variables) {
  for (let after = null; ; ) {
    const { doctors } = await fetchQuery(environment, listQuery, { ...variables, after }).toPromise();
    if (!doctors.pageInfo.hasNextPage) return doctors.edges.map(({ node }) => node);
    after = doctors.pageInfo.endCursor;
  }
}

/** A refused field is null, and Relay drops the errors; `@catch` keeps them beside the field: `{ ok: false, errors }`. */
export async function emails(environment, first) {
  const { doctors } = await fetchQuery(environment, emailsQuery, { first }).toPromise();
  const nodes = doctors.edges.map(({ node }) => node);
  return {
    doctors: nodes.map((node) => ({ ...node, email: node.email.ok ? node.email.value : null })),
    errors: nodes.flatMap(({ email }) => (email.ok ? [] : email.errors)),
  };
}
