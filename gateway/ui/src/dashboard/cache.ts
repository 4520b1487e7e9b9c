// What was asked is kept here, in memory only, and asked again when the reader comes back to the tab. Owns the rule that nothing of
// one organization is ever shown as another's: the organization begins every key.
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { Fault } from './faults';

/** Pause before a question that failed, and that may go through, is asked again. */
const AGAIN_SOON = 10_000;

/** A question, as far as its last answer is concerned. */
interface Asked {
  state: { status: string; error: Error | null };
}

/** When a question is asked again by itself: soon where it failed, and not before the gateway wants it. */
export function againAfter(usual: number | false): (query: Asked) => number | false {
  return ({ state: { status, error } }) => {
    if (status !== 'error') return usual;
    return error instanceof Fault && error.mayPass ? Math.max(AGAIN_SOON, error.waitMs) : usual;
  };
}

const ifFailed = ({ state }: Asked) => (state.status === 'error' ? 'always' : true);

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
        refetchOnWindowFocus: ifFailed,
        refetchOnReconnect: 'always',
        // The gateway may be on this machine while the network is away.
        networkMode: 'always',
      },
    },
  });
}
