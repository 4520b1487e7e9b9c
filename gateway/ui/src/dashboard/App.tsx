// The page: somebody signs in, or is signed in and sees the dashboard. Owns what a fault may end: a session that is over takes the
// whole page with it, answers and all.
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { storedToken, storeToken, takeFromAddress } from '../session';
import { makeCache } from './cache';
import type { SignInConfig } from './config';
import type { Fault } from './faults';
import { leave, takeNotice } from './leaving';
import { Organizations } from './Organizations';
import { keepSignedIn } from './signIn';
import { SignIn } from './SignIn';

function onFault(fault: Fault): void {
  if (fault.endsSession) leave(fault.message);
}

interface AppProps {
  signIn: SignInConfig | null;
  notice: string | null;
}

export function App({ signIn, notice }: AppProps) {
  const [said] = useState(() => takeNotice() ?? notice);
  // Another token is another person: their page begins with nothing in it.
  const [person, setPerson] = useState(() => ({ isKnown: storedToken() !== null, cache: makeCache(onFault) }));

  const enter = (token: string) => {
    person.cache.clear();
    storeToken(token);
    setPerson({ isKnown: true, cache: makeCache(onFault) });
  };

  useEffect(() => {
    // A link with a token, opened in a tab that already shows the page, changes the fragment only.
    const taken = () => {
      const { token } = takeFromAddress();
      if (token !== null) enter(token);
    };
    addEventListener('hashchange', taken);
    return () => removeEventListener('hashchange', taken);
  });

  useEffect(() => {
    if (signIn === null || !person.isKnown) return;
    const stopping = keepSignedIn(signIn);
    return () => void stopping.then((stop) => stop());
  }, [signIn, person]);

  if (!person.isKnown) return <SignIn signIn={signIn} notice={said} onToken={enter} />;
  return (
    <QueryClientProvider client={person.cache}>
      <Organizations />
    </QueryClientProvider>
  );
}
