// The sign-in provider, as oidc-client-ts asks it. Everything that it gives is in sessionStorage: it ends with the tab.
import type { UserManager } from 'oidc-client-ts';
import { PROVIDER_PREFIX } from '../session';
import type { SignInConfig } from './config';

/** The page to which the provider sends people back, after a sign-in and after a sign-out. */
export const PAGE = '/dashboard/';

/** Longest wait for an answer of the provider. */
export const PATIENCE_SECONDS = 10;

export async function manager(config: SignInConfig): Promise<UserManager> {
  // A chunk of its own: a page whose tokens are pasted never loads it.
  const { UserManager, WebStorageStateStore } = await import('oidc-client-ts');
  const store = new WebStorageStateStore({ store: sessionStorage, prefix: PROVIDER_PREFIX });
  return new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    redirect_uri: new URL(PAGE, location.origin).href,
    post_logout_redirect_uri: new URL(PAGE, location.origin).href,
    response_type: 'code',
    scope: config.scopes.join(' '),
    userStore: store,
    stateStore: store,
    automaticSilentRenew: false,
    requestTimeoutInSeconds: PATIENCE_SECONDS,
    ...(config.resource === undefined ? {} : { resource: config.resource, extraTokenParams: { resource: config.resource } }),
    ...(config.audience === undefined ? {} : { extraQueryParams: { audience: config.audience } }),
  });
}
