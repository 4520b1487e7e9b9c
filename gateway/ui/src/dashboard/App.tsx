// The page: somebody signs in, or is signed in and sees the dashboard. Owns what a fault may end: a session that is over takes the
// whole page with it, answers and all.
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { offerOf } from '../link';
import { LinkQuestion } from '../LinkQuestion';
import { onSignOutElsewhere, storedToken, storeToken, takeFromAddress, type Handed, type Where } from '../session';
import { makeCache } from './cache';
import type { Config } from './config';
import type { Fault } from './faults';
import { askToLeave } from './hold';
import { useInvited, type Invited } from './invited';
import { leave, signOut, takeNotice } from './leaving';
import { Organizations } from './Organizations';
import { keepSignedIn } from './signIn';
import { SignIn } from './SignIn';

function onFault(fault: Fault): void {
  if (fault.endsSession) leave(fault.message);
}

interface AppProps {
  config: Config;
  /** What the address that opened this page handed over. */
  handed: Handed;
  /** The invitation whose link was opened before the person went to the provider. */
  invited: Invited | null;
  notice: string | null;
}

export function App({ config: { signIn, tokenLinks }, handed, invited: before, notice }: AppProps) {
  const [said] = useState(() => takeNotice() ?? notice);
  // Another token is another person: their page begins with nothing in it.
  const [person, setPerson] = useState(() => ({ isKnown: storedToken() !== null, cache: makeCache(onFault) }));
  // A token in the address, until the person has decided about it.
  const [offer, setOffer] = useState(() => offerOf(handed.token, tokenLinks));
  // Only ever here: it ends with the page.
  const [invitation, setInvitation] = useState(handed.invitation);
  const looked = useInvited(invitation);
  const invited = looked?.kind === 'open' ? looked.invited : before;
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
      const { token, invitation } = takeFromAddress();
      if (invitation !== null) setInvitation(invitation);
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
  if (!person.isKnown) return <SignIn key={refused} signIn={signIn} notice={refused ?? said} looked={looked} onToken={enter} />;
  const over = looked?.kind === 'over' ? 'The invitation whose link you opened is not open any more.' : null;
  return (
    <QueryClientProvider client={person.cache}>
      <Organizations
        notice={refused ?? over}
        invited={invited}
        onNoticed={() => {
          setOffer(null);
          setInvitation(null);
        }}
        onLeave={() => askToLeave(() => go('here'))}
      />
    </QueryClientProvider>
  );
}
