// A gateway whose people sign in at a provider on this machine, and the way there.
import assert from 'node:assert/strict';
import { button } from './dashboard.mjs';
import { AUDIENCE, CLIENT, RESOURCE, startProvider } from './provider.mjs';
import { serveDemoData } from './served.mjs';

/**
 * @param {number} seconds how long an access token is good
 * @param {'everything' | 'nothing'} offers what the provider offers to somebody who signs out
 */
export async function serveWithProvider(seconds, offers = 'everything') {
  const provider = await startProvider();
  const gateway = await serveDemoData(`
[[authn.issuers]]
issuer = "${provider.issuer}"
audience = "${AUDIENCE}"
jwks_url = "${provider.issuer}/jwks"

[authn.jwks]
refresh_floor_seconds = 1

[pages.sign_in]
issuer = "${provider.issuer}"
client_id = "${CLIENT}"
label = "Sign in with Example"
resource = "${RESOURCE}"
`);
  provider.serve(`${gateway.origin}/dashboard/`, seconds, offers);
  return {
    provider,
    origin: gateway.origin,
    mails: gateway.mails,
    async stop() {
      await gateway.stop();
      await provider.stop();
    },
  };
}

/** Goes to the provider, which asks who one is. */
export async function goToProvider(page, { provider }) {
  await button(page, 'Sign in with Example').click();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  assert.equal(new URL(page.url()).origin, provider.issuer);
}

/** Goes to the provider and says who one is. */
export async function signIn(page, served, name) {
  await goToProvider(page, served);
  await page.getByLabel('Name').fill(name);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.origin === served.origin);
}
