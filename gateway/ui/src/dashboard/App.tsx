// The page: somebody signs in, or is signed in and sees the dashboard. Owns what a fault may end: a session that is over takes the
// whole page with it, answers and all.
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { offerOf } from '../link';
import { LinkQuestion } from '../LinkQuestion';
import { onSignOutElsewhere, storedToken, storeToken, takeFromAddress, type Where } from '../session';
import { makeCache } from './cache';
import type { Config } from './config';
import type { Fault } from './faults';
import { leave, signOut, takeNotice } from './leaving';
import { Organizations } from './Organizations';
import { keepSignedIn } from './signIn';
import { SignIn } from './SignIn';

function onFault(fault: Fault): void {
  if (fault.endsSession) leave(fault.message);
}

interface AppProps {
  config: Config;
  /** The token in the address that opened this page. */
  token: string | null;
  notice: string | null;
}

export function App({ config: { signIn, tokenLinks }, token: linked, notice }: AppProps) {
  const [said] = useState(() => takeNotice() ?? notice);
  // Another token is another person: their page begins with nothing in it.
  const [person, setPerson] = useState(() => ({ isKnown: storedToken() !== null, cache: makeCache(onFault) }));
  // A token in the address, until the person has decided about it.
  const [offer, setOffer] = useState(() => offerOf(linked, tokenLinks));
  const [isLeaving, setLeaving] = useState(false);

  const enter = (token: string) => {
    person.cache.clear();
    storeToken(token);
    setPerson({ isKnown: true, cache: makeCache(onFault) });
    setOffer(null);
  };

  const go = (where: Where) => {
    person.cache.clear();
    setLeaving(true);
    setPerson({ isKnown: false, cache: makeCache(onFault) });
    void signOut(signIn, where);
  };

  useEffect(() => {
    // A link with a token, opened in a tab that already shows the page, changes the fragment only.
    const taken = () => {
      const { token } = takeFromAddress();
      if (token !== null) setOffer(offerOf(token, tokenLinks));
    };
    addEventListener('hashchange', taken);
    return () => removeEventListener('hashchange', taken);
  }, [tokenLinks]);

  useEffect(() => {
    if (signIn === null || !person.isKnown) return;
    const stopping = keepSignedIn(signIn);
    const stopListening = onSignOutElsewhere(() => go('elsewhere'));
    return () => {
      stopListening();
      void stopping.then((stop) => stop());
    };
  }, [signIn, person]);

  if (isLeaving) {
    return (
      <main className="door">
        <p role="status">Signing out…</p>
      </main>
    );
  }
  if (!person.isKnown && offer?.kind === 'ask') {
    return (
      <main className="door">
        <div className="card">
          <h1>Dashboard</h1>
          <LinkQuestion key={offer.token} token={offer.token} onAccept={enter} onRefuse={() => setOffer(null)} />
        </div>
      </main>
    );
  }
  const refused = offer?.kind === 'refused' ? offer.words : null;
  if (!person.isKnown) return <SignIn key={refused} signIn={signIn} notice={refused ?? said} onToken={enter} />;
  return (
    <QueryClientProvider client={person.cache}>
      <Organizations notice={refused} onNoticed={() => setOffer(null)} onLeave={() => go('here')} />
    </QueryClientProvider>
  );
}
