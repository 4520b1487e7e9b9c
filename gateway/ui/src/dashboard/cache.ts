// What was asked is kept here, in memory only, and asked again when the reader comes back to the tab. Owns the rule that nothing of
// one organization is ever shown as another's: the organization begins every key.
import { QueryCache, QueryClient, type Query } from '@tanstack/react-query';
import { Fault } from './faults';

/** Pause before a question that failed, and that may go through, is asked again. */
const AGAIN_SOON = 10_000;

/** When a question is asked again by itself: soon where it failed, and not before the gateway wants it. */
export function againAfter(usual: number | false): (query: Query) => number | false {
  return ({ state: { status, error } }) => {
    if (status !== 'error') return usual;
    return error instanceof Fault && error.mayPass ? Math.max(AGAIN_SOON, error.waitMs) : usual;
  };
}

const isFailed = ({ state }: Query<unknown, Error, unknown, readonly unknown[]>) => (state.status === 'error' ? 'always' : true);

/** `onFault` hears of every question that failed for good. */
export function makeCache(onFault: (fault: Fault) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof Fault) onFault(error);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (tries, error) => error instanceof Fault && error.mayPass && tries < 2,
        retryDelay: (tries, error) => Math.max(1000 * 2 ** tries, error instanceof Fault ? error.waitMs : 0),
        refetchInterval: againAfter(false),
        // With what is on the page nothing is wrong until the gateway says so: what failed is asked again as soon as it may go through.
        refetchOnWindowFocus: isFailed,
        refetchOnReconnect: 'always',
        // The gateway may be on this machine while the network is away.
        networkMode: 'always',
      },
    },
  });
}
