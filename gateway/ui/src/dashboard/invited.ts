// What the link in an invitation's mail is about, as the gateway tells every holder of its token. The token itself stays in the memory of this page
// and goes nowhere but to the gateway; on the way to the sign-in provider and back only this comes along.
import { useEffect, useState } from 'react';
import { fetchPreview, type Preview } from '../invitation';
import { inWords } from '../gateway';

export type Invited = Preview;

export type Looked =
  | { kind: 'looking' }
  | { kind: 'open'; invited: Invited }
  | { kind: 'over' }
  | { kind: 'failed'; words: string };

/** `token`: of the link, if there was one. */
export function useInvited(token: string | null): Looked | null {
  const [looked, setLooked] = useState<{ token: string; looked: Looked } | null>(null);
  useEffect(() => {
    if (token === null) return;
    const asking = new AbortController();
    setLooked({ token, looked: { kind: 'looking' } });
    fetchPreview(token, asking.signal).then(
      (invited) => setLooked({ token, looked: invited === null ? { kind: 'over' } : { kind: 'open', invited } }),
      (error: unknown) => {
        if (!asking.signal.aborted) setLooked({ token, looked: { kind: 'failed', words: inWords(error) } });
      },
    );
    return () => asking.abort();
  }, [token]);
  return token === null || looked?.token !== token ? null : looked.looked;
}
