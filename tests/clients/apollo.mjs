// Apollo Client, without React: `useQuery` and `fetchMore` of its hooks take the same options.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { relayStylePagination } from '@apollo/client/utilities';
import { filter, firstValueFrom } from 'rxjs';
import { pageQuery } from './page.mjs';

/** One client for each organization and person: what one caller may see must not come out of another's cache. */
export function connect(url, headers) {
  return new ApolloClient({
    link: ApolloLink.from([new SetContextLink(() => ({ headers: headers() })), new HttpLink({ uri: url })]),
    cache: new InMemoryCache({ typePolicies: { Query: { fields: { doctors: relayStylePagination(['filter', 'orderBy']) } } } }),
    // A refused field is null and the rest is there; the default throws the whole answer away.
    defaultOptions: { query: { errorPolicy: 'all' }, watchQuery: { errorPolicy: 'all' } },
  });
}

export async function overview(client, variables) {
  const { data, error } = await client.query({ query: gql(pageQuery('overview')), variables });
  if (!data) throw error;
  return data.organization?.overview;
}

/** Why a request was refused as a whole, from what it threw. */
export const refusal = (error) => error.errors?.[0].extensions;

/** `relayStylePagination` joins `edges`, so a list that grows asks for these and not for `nodes`. */
const DOCTORS = gql`
  query DoctorsByEdges($filter: DoctorFilter, $orderBy: DoctorOrder, $first: Int!, $after: String) {
    doctors(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
      edges { cursor node { id name practice risk dso { id name } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

/** Each `fetchMore` asks for the next page, and the cache puts it behind those that came before. */
export async function allDoctors(client, variables) {
  const list = client.watchQuery({ query: DOCTORS, variables });
  const watching = list.subscribe({});
  let { data } = await firstValueFrom(list.pipe(filter(({ loading }) => !loading)));
  while (data.doctors.pageInfo.hasNextPage) {
    ({ data } = await list.fetchMore({ variables: { after: data.doctors.pageInfo.endCursor } }));
  }
  watching.unsubscribe();
  return client.readQuery({ query: DOCTORS, variables }).doctors.edges.map(({ node }) => node);
}

const EMAILS = gql('query Emails($first: Int!) { doctors(first: $first) { edges { node { id name email } } } }');

/** `data` and `error` come together: a refused field is null, and `error.errors` says why. */
export async function emails(client, first) {
  const { data, error } = await client.query({ query: EMAILS, variables: { first } });
  return { doctors: data.doctors.edges.map(({ node }) => node), errors: error?.errors ?? [] };
}
