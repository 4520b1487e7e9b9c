// The question before a token from the address is used: whose it is, by the gateway's own word, and the two answers. The token is a
// property of this part and nowhere else until the person agrees.
import { useEffect, useState } from 'react';
import { fetchCaller, inWords, type Caller } from './gateway';
import { storedToken } from './session';

interface LinkQuestionProps {
  token: string;
  onAccept(token: string): void;
  onRefuse(): void;
}

type State = { kind: 'asking' } | { kind: 'known'; caller: Caller } | { kind: 'unusable'; words: string };

function Whose({ caller: { name, memberships } }: { caller: Caller }) {
  const [first, ...others] = memberships;
  // Others wrote these names: isolated, none can turn the sentence around.
  return (
    <>
      Go on as <bdi>{name}</bdi>
      {first !== undefined && (
        <>
          {' '}
          of <bdi>{first.organizationName}</bdi>
        </>
      )}
      {others.length > 0 && ` and ${others.length} more`}?
    </>
  );
}

export function LinkQuestion({ token, onAccept, onRefuse }: LinkQuestionProps) {
  const [state, setState] = useState<State>({ kind: 'asking' });

  useEffect(() => {
    const asking = new AbortController();
    fetchCaller(token, asking.signal).then(
      (caller) => setState({ kind: 'known', caller }),
      (error: unknown) => {
        if (!asking.signal.aborted) setState({ kind: 'unusable', words: inWords(error) });
      },
    );
    return () => asking.abort();
  }, [token]);

  // The tab may have been signed in since the question was put.
  const accept = () => (storedToken() === null ? onAccept(token) : onRefuse());
  return (
    <section className="link-question" aria-label="Sign-in by a link">
      <div role="status">
        {state.kind === 'asking' && <p>The link that you opened carries a token. Asking whose it is…</p>}
        {state.kind === 'unusable' && <p>The link that you opened carries a token. {state.words}</p>}
        {state.kind === 'known' && (
          <>
            <p className="whose">
              <Whose caller={state.caller} />
            </p>
            <p className="hint">The link that you opened would sign you in. Go on only if this is you, and you know who gave you the link.</p>
          </>
        )}
      </div>
      <div className="answers">
        {state.kind === 'known' && (
          <button type="button" className="primary" onClick={accept}>
            Go on
          </button>
        )}
        <button type="button" onClick={onRefuse}>
          Do not sign in
        </button>
      </div>
    </section>
  );
}
