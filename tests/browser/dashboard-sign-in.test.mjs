// Signing in to the dashboard at a real OpenID Connect provider: there, back, renewed, refused, signed out.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, button, figure, picture, RANGE, ready } from './dashboard.mjs';
import { onPages } from './page.mjs';
import { AUDIENCE, CLIENT, RESOURCE, startProvider } from './provider.mjs';
import { serveDemoData } from './served.mjs';

/** The page renews a token a minute before its end: with this, a few seconds after it came. */
const SECONDS = 64;

let provider;
let gateway;
before(async () => {
  provider = await startProvider();
  gateway = await serveDemoData(`
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
  provider.serve(`${gateway.origin}/dashboard/`, SECONDS);
});
after(async () => {
  await gateway?.stop();
  await provider?.stop();
});

const onPage = onPages(
  () => gateway.origin,
  () => [provider.issuer],
);

/** Goes to the provider and says who one is. */
async function signIn(page, name) {
  await button(page, 'Sign in with Example').click();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  assert.equal(new URL(page.url()).origin, provider.issuer);
  await page.getByLabel('Name').fill(name);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.origin === gateway.origin);
}

const payloadOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
const kept = (page) => page.evaluate(() => sessionStorage.getItem('gateway:token'));

onPage(
  'one signs in at the provider, comes back to the same view, and stays signed in',
  `/dashboard/?range=${RANGE}`,
  {},
  async ({ page, requests }) => {
    const headers = (await page.request.get(`${gateway.origin}/dashboard/`)).headers();
    assert.ok(headers['content-security-policy'].includes(`connect-src 'self' ${provider.issuer};`), headers['content-security-policy']);
    await button(page, 'Sign in with Example').waitFor();
    await accessible(page);
    await picture(page, 'door-with-provider');
    await signIn(page, 'alan');
    await ready(page);
    assert.ok((await figure(page, 'Doctors')) > 0);
    assert.equal(await page.locator('.caller').innerText(), 'Alan');
    assert.match(page.url(), new RegExp(`range=${RANGE}`));
    assert.doesNotMatch(page.url(), /code=|state=/);

    const first = await kept(page);
    const { iss, aud, sub } = payloadOf(first);
    assert.deepEqual([iss, aud, sub], [provider.issuer, AUDIENCE, 'alan']);
    const challenged = requests.find(({ what }) => what.includes('/auth?')).what;
    assert.match(challenged, /code_challenge=[\w-]{43}&code_challenge_method=S256/);
    assert.deepEqual(provider.tokens, ['authorization_code']);

    // Renewed without a word, without a frame and without losing what was chosen.
    await page.waitForFunction((before) => sessionStorage.getItem('gateway:token') !== before, first);
    assert.deepEqual(provider.tokens.slice(0, 2), ['authorization_code', 'refresh_token']);
    assert.deepEqual(payloadOf(await kept(page)).aud, AUDIENCE);
    await button(page, 'Refresh').click();
    await ready(page);
    const sent = requests.filter(({ what }) => what === 'POST /graphql').at(-1).headers;
    assert.notEqual(sent.authorization, `Bearer ${first}`);
    assert.match(sent['x-organization-id'], /^org_/);

    // Out: nothing of it is kept, and the provider must ask again who is there.
    await button(page, 'Sign out').click();
    await button(page, 'Sign in with Example').waitFor();
    const left = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
    assert.equal(left, '{"dashboard:left":"1"}');
    await signIn(page, 'alan');
    await ready(page);
  },
);

onPage('a sign-in that the provider refuses is told in words', '/dashboard/', {}, async ({ page }) => {
  await signIn(page, 'nobody');
  await page.getByRole('alert').getByText('The sign-in was not completed: nobody of that name').waitFor();
  assert.equal(page.url(), `${gateway.origin}/dashboard/`);
  assert.equal(await kept(page), null);
  await accessible(page);
  await signIn(page, 'alan');
  await ready(page);
});

onPage('an answer that nobody asked for opens nothing', '/dashboard/?code=stolen&state=guessed', {}, async ({ page, requests }) => {
  await page.getByRole('alert').getByText('The sign-in was not completed').waitFor();
  assert.equal(page.url(), `${gateway.origin}/dashboard/`);
  assert.equal(await kept(page), null);
  assert.ok(
    requests.every(({ what }) => !what.includes('/token') && what !== 'POST /graphql'),
    'the code is not even tried',
  );
});

onPage('an address that is not verified opens nobody else’s organization', '/dashboard/', {}, async ({ page }) => {
  await signIn(page, 'mallory');
  await page.getByText('You are no member of any organization yet').waitFor();
  await accessible(page);
});

onPage('a token still opens the page where there is a provider', '/dashboard/', {}, async ({ page }) => {
  await page.getByText('Use a token instead').click();
  await page.getByLabel('Bearer token').waitFor();
  await accessible(page);
});
