// Whether the page is as narrow as a phone: as the style sheets have it.
import { useSyncExternalStore } from 'react';

const NARROW = matchMedia('(max-width: 640px)');

function listen(changed: () => void): () => void {
  NARROW.addEventListener('change', changed);
  return () => NARROW.removeEventListener('change', changed);
}

export function useNarrow(): boolean {
  return useSyncExternalStore(listen, () => NARROW.matches);
}
