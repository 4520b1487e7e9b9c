// Signing in at the provider: authorization code with PKCE, done by oidc-client-ts. Owns the way there and back and the renewal; what
// comes out is a bearer token like any other (../session.ts).
//
// A token is renewed only with a refresh token: the other way, a hidden frame, needs a policy that lets this page frame the provider.
import type { User } from 'oidc-client-ts';
import { clearSignOut, providerKeys, storedOrganization, storeOrganization, storeToken, wasSignedOut } from '../session';
import type { SignInConfig } from './config';
import type { Invited } from './invited';
import { manager, PAGE } from './provider';

/** What comes back from the provider as it went there. */
interface Sent {
  /** The query of the address. */
  search: string;
  /** Whether the provider was told to ask who is there, whoever it knew. */
  isAsked: boolean;
  /** What the invitation is about that brought the person here, without its token. */
  invited: Invited | null;
}

/** Goes to the provider; gives words when it cannot be asked. The address comes back as it is now. */
export async function goToProvider(config: SignInConfig, invited: Invited | null): Promise<string | null> {
  try {
    const sent: Sent = { search: location.search, isAsked: wasSignedOut(), invited };
    await (await manager(config)).signinRedirect({ state: sent, ...(sent.isAsked ? { prompt: 'login' } : {}) });
    return null;
  } catch {
    return 'The sign-in provider cannot be reached, or does not let this page ask it. Try again, or tell whoever runs the gateway.';
  }
}

/** What the provider's answer brought back: `notice` says why the sign-in failed. */
export interface Arrived {
  notice: string | null;
  invited: Invited | null;
}

/** Comes back from the provider, if that is what this address is. */
export async function arrive(config: SignInConfig | null): Promise<Arrived> {
  const address = new URLSearchParams(location.search);
  const isAnswer = address.has('state') && (address.has('code') || address.has('error'));
  if (config === null || !isAnswer) return { notice: null, invited: null };
  const answer = location.href;
  // A code is good once: neither the history nor a reload shall try it again.
  history.replaceState(null, '', PAGE);
  try {
    const user = await (await manager(config)).signinRedirectCallback(answer);
    storeToken(user.access_token);
    const { search, isAsked, invited } = user.state as Sent;
    // A sign-in that began before the sign-out, in another tab, has asked nobody.
    if (isAsked) clearSignOut();
    history.replaceState(null, '', PAGE + search);
    return { notice: null, invited: invited ?? null };
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return { notice: `The sign-in was not completed${why === '' ? '' : `: ${why}`}. Try again.`, invited: null };
  }
}

/** Renews the token before it ends, where the provider gave the means. Gives how to stop. */
export async function keepSignedIn(config: SignInConfig): Promise<() => void> {
  if (providerKeys().length === 0) return () => undefined;
  const provider = await manager(config);
  const renewed = (user: User) => {
    // The same person: what they chose stays chosen.
    const organization = storedOrganization();
    storeToken(user.access_token);
    if (organization !== null) storeOrganization(organization);
  };
  const renew = async () => {
    const user = await provider.getUser();
    // A failure needs no words here: the next question is answered with 401, and the page says so.
    if (!user?.refresh_token) return;
    // Said again: without it the provider may give a token for itself.
    const wanted = config.resource === undefined ? {} : { resource: config.resource };
    await provider.signinSilent(wanted).then(
      (user) => user && renewed(user),
      () => undefined,
    );
  };
  provider.events.addAccessTokenExpiring(renew);
  // Reading the user starts the clock.
  await provider.getUser();
  return () => provider.events.removeAccessTokenExpiring(renew);
}
