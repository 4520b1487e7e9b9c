// What was asked is kept here, in memory only, and asked again when the reader comes back to the tab. Owns the rule that nothing of
// one organization is ever shown as another's: the organization begins every key.
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { Fault } from './faults';

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
        // The gateway may be on this machine while the network is away.
        networkMode: 'always',
      },
    },
  });
}
