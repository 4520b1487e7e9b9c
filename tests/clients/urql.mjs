// urql with its normalized cache.
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { pageQuery } from './page.mjs';

/** Rows have ids, figures have none: these live inside what they were asked of, and so does a user who was asked for by name only. */
const figures = ['Overview', 'CountChange', 'FigureChange', 'RiskCount', 'PeriodCount', 'KindCount', 'ActorCount', 'StatusCount'];
const keys = Object.fromEntries([...figures, 'User'].map((type) => [type, ({ id }) => id ?? null]));

/** One client for each organization and person: what one caller may see must not come out of another's cache. */
export function connect(url, headers) {
  return new Client({
    url,
    fetchOptions: () => ({ headers: headers() }),
    preferGetMethod: false, // names and ids belong into the body, not into a proxy's log
    exchanges: [cacheExchange({ keys, resolvers: { Query: { doctors: relayPagination() } } }), fetchExchange],
  });
}

export async function overview(client, variables) {
  const { data, error } = await client.query(pageQuery('overview'), variables);
  if (!data) throw error;
  return data.organization?.overview;
}

/** Why a request was refused as a whole, from what it threw. */
export const refusal = (error) => error.graphQLErrors[0]?.extensions;

/** Each page is asked for by its cursor, and the cache puts it behind those that came before. */
export async function allDoctors(client, variables) {
  for (let after = null; ; ) {
    const { data, error } = await client.query(pageQuery('doctors'), { ...variables, after });
    if (!data?.doctors) throw error;
    if (!data.doctors.pageInfo.hasNextPage) return data.doctors.nodes;
    after = data.doctors.pageInfo.endCursor;
  }
}

const EMAILS = 'query Emails($first: Int!) { doctors(first: $first) { nodes { id name email } } }';

/** `data` and `error` come together: a refused field is null, and `error.graphQLErrors` says why. */
export async function emails(client, first) {
  const { data, error } = await client.query(EMAILS, { first });
  return { doctors: data.doctors.nodes, errors: error?.graphQLErrors ?? [] };
}
