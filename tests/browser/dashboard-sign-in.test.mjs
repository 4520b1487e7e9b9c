// Signing in to the dashboard at a real OpenID Connect provider: there, back, renewed, refused.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, button, figure, picture, RANGE, ready } from './dashboard.mjs';
import { onPages } from './page.mjs';
import { AUDIENCE } from './provider.mjs';
import { serveWithProvider, signIn } from './sign-in.mjs';

/** The page renews a token a minute before its end: with this, a few seconds after it came. */
const SECONDS = 64;

let served;
before(async () => {
  served = await serveWithProvider(SECONDS);
});
after(() => served?.stop());

const onPage = onPages(
  () => served.origin,
  () => [served.provider.issuer],
);

const payloadOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
const kept = (page) => page.evaluate(() => sessionStorage.getItem('gateway:token'));

onPage(
  'one signs in at the provider, comes back to the same view, and stays signed in',
  `/dashboard/?range=${RANGE}`,
  {},
  async ({ page, requests }) => {
    const headers = (await page.request.get(`${served.origin}/dashboard/`)).headers();
    assert.ok(headers['content-security-policy'].includes(`connect-src 'self' ${served.provider.issuer};`), headers['content-security-policy']);
    await button(page, 'Sign in with Example').waitFor();
    await accessible(page);
    await picture(page, 'door-with-provider');
    await signIn(page, served, 'alan');
    await ready(page);
    assert.ok((await figure(page, 'Doctors')) > 0);
    assert.equal(await page.locator('.caller').innerText(), 'Alan');
    assert.match(page.url(), new RegExp(`range=${RANGE}`));
    assert.doesNotMatch(page.url(), /code=|state=/);

    const first = await kept(page);
    const { iss, aud, sub } = payloadOf(first);
    assert.deepEqual([iss, aud, sub], [served.provider.issuer, AUDIENCE, 'alan']);
    const challenged = requests.find(({ what }) => what.includes('/auth?')).what;
    assert.match(challenged, /code_challenge=[\w-]{43}&code_challenge_method=S256/);
    assert.deepEqual(served.provider.tokens, ['authorization_code']);

    // Renewed without a word, without a frame and without losing what was chosen.
    await page.waitForFunction((before) => sessionStorage.getItem('gateway:token') !== before, first);
    assert.deepEqual(served.provider.tokens.slice(0, 2), ['authorization_code', 'refresh_token']);
    assert.deepEqual(payloadOf(await kept(page)).aud, AUDIENCE);
    await button(page, 'Refresh').click();
    await ready(page);
    const sent = requests.filter(({ what }) => what === 'POST /graphql').at(-1).headers;
    assert.notEqual(sent.authorization, `Bearer ${first}`);
    assert.match(sent['x-organization-id'], /^org_/);

  },
);

onPage('a sign-in that the provider refuses is told in words', '/dashboard/', {}, async ({ page }) => {
  await signIn(page, served, 'nobody');
  await page.getByRole('alert').getByText('The sign-in was not completed: nobody of that name').waitFor();
  assert.equal(page.url(), `${served.origin}/dashboard/`);
  assert.equal(await kept(page), null);
  await accessible(page);
  await signIn(page, served, 'alan');
  await ready(page);
});

onPage('an answer that nobody asked for opens nothing', '/dashboard/?code=stolen&state=guessed', {}, async ({ page, requests }) => {
  await page.getByRole('alert').getByText('The sign-in was not completed').waitFor();
  assert.equal(page.url(), `${served.origin}/dashboard/`);
  assert.equal(await kept(page), null);
  assert.ok(
    requests.every(({ what }) => !what.includes('/token') && what !== 'POST /graphql'),
    'the code is not even tried',
  );
});

// Whoever sends such a link chooses the words: none of them is shown.
onPage('a refusal that nobody asked for says nothing of its own', '/dashboard/?error=x&error_description=Call+555&state=guessed', {}, async ({ page }) => {
  await page.getByRole('alert').getByText('The sign-in was not completed').waitFor();
  assert.equal(page.url(), `${served.origin}/dashboard/`);
  assert.ok(!(await page.content()).includes('555'));
});

onPage('an address that is not verified opens nobody else’s organization', '/dashboard/', {}, async ({ page }) => {
  await signIn(page, served, 'mallory');
  await page.getByRole('heading', { name: 'You are no member of any organization yet' }).waitFor();
  await accessible(page);
});

onPage('a token still opens the page where there is a provider', '/dashboard/', {}, async ({ page }) => {
  await page.getByText('Use a token instead').click();
  await page.getByLabel('Bearer token').waitFor();
  await accessible(page);
});
