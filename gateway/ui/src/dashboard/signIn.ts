// Signing in at the provider: authorization code with PKCE, done by oidc-client-ts. Owns the way there and back and the renewal; what
// comes out is a bearer token like any other (../session.ts). Everything is in sessionStorage: it ends with the tab.
//
// A token is renewed only with a refresh token: the other way, a hidden frame, needs a policy that lets this page frame the provider.
import type { User, UserManager } from 'oidc-client-ts';
import { storedOrganization, storeOrganization, storeToken } from '../session';
import type { SignInConfig } from './config';

const PAGE = '/dashboard/';
const PREFIX = 'dashboard:oidc:';
/** Set when somebody signs out: the provider may still know them, and must not wave the next person through. */
const LEFT = 'dashboard:left';

async function manager(config: SignInConfig): Promise<UserManager> {
  // A chunk of its own: whoever pastes a token never loads it.
  const { UserManager, WebStorageStateStore } = await import('oidc-client-ts');
  const store = new WebStorageStateStore({ store: sessionStorage, prefix: PREFIX });
  return new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    redirect_uri: new URL(PAGE, location.origin).href,
    response_type: 'code',
    scope: config.scopes.join(' '),
    userStore: store,
    stateStore: store,
    automaticSilentRenew: false,
    ...(config.resource === undefined ? {} : { resource: config.resource, extraTokenParams: { resource: config.resource } }),
    ...(config.audience === undefined ? {} : { extraQueryParams: { audience: config.audience } }),
  });
}

/** Goes to the provider; gives words when it cannot be asked. The address comes back as it is now. */
export async function goToProvider(config: SignInConfig): Promise<string | null> {
  try {
    const again = sessionStorage.getItem(LEFT) !== null;
    await (await manager(config)).signinRedirect({ state: location.search, ...(again ? { prompt: 'login' } : {}) });
    return null;
  } catch {
    return 'The sign-in provider cannot be reached, or does not let this page ask it. Try again, or tell whoever runs the gateway.';
  }
}

/** Comes back from the provider, if that is what this address is. Gives words when the sign-in failed. */
export async function arrive(config: SignInConfig | null): Promise<string | null> {
  const address = new URLSearchParams(location.search);
  const isAnswer = address.has('state') && (address.has('code') || address.has('error'));
  if (config === null || !isAnswer) return null;
  const answer = location.href;
  // A code is good once: neither the history nor a reload shall try it again.
  history.replaceState(null, '', PAGE);
  try {
    const user = await (await manager(config)).signinRedirectCallback(answer);
    storeToken(user.access_token);
    sessionStorage.removeItem(LEFT);
    if (typeof user.state === 'string') history.replaceState(null, '', PAGE + user.state);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return `The sign-in was not completed${why === '' ? '' : `: ${why}`}. Try again.`;
  }
}

/** Renews the token before it ends, where the provider gave the means. Gives how to stop. */
export async function keepSignedIn(config: SignInConfig): Promise<() => void> {
  if (kept().length === 0) return () => undefined;
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

/** The names under which oidc-client-ts keeps what it was given. */
function kept(): string[] {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

/** Drops what the provider gave. `how`: only whoever signed out on purpose is asked again who they are. */
export function leaveProvider(how: 'on purpose' | 'refused'): void {
  const own = kept();
  for (const key of own) sessionStorage.removeItem(key);
  if (own.length > 0 && how === 'on purpose') sessionStorage.setItem(LEFT, '1');
}
