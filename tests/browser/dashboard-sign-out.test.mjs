// Signing out of the dashboard at a real OpenID Connect provider: what ends there, what ends in other tabs, and who is asked afterwards.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, button, picture, ready } from './dashboard.mjs';
import { editorReady, onPages } from './page.mjs';
import { goToProvider, serveWithProvider, signIn } from './sign-in.mjs';

let served;
/** A provider without the endpoints that end anything. */
let bare;
before(async () => {
  [served, bare] = await Promise.all([serveWithProvider(3600), serveWithProvider(3600, 'nothing')]);
});
after(() => Promise.all([served?.stop(), bare?.stop()]));

const onPage = onPages(
  () => served.origin,
  () => [served.provider.issuer],
);
const onBare = onPages(
  () => bare.origin,
  () => [bare.provider.issuer],
);

const stored = (page) => page.evaluate(() => ({ session: JSON.stringify({ ...sessionStorage }), local: JSON.stringify({ ...localStorage }) }));
const refreshToken = (page) =>
  page.evaluate(() => {
    const key = Object.keys(sessionStorage).find((key) => key.startsWith('dashboard:oidc:user:'));
    return JSON.parse(sessionStorage.getItem(key)).refresh_token;
  });

/** Nothing of the session in this tab, and nothing of a person in this browser. */
async function holdsNothing(page) {
  const { session, local } = await stored(page);
  assert.equal(session, '{}');
  assert.match(local, /^\{"dashboard:signed-out":"\d+"\}$/);
}

/** Another tab of the same browser, at the door. */
async function anotherTab(page, { origin }) {
  const tab = await page.context().newPage();
  await tab.goto(`${origin}/dashboard/`);
  await button(tab, 'Sign in with Example').waitFor();
  return tab;
}

onPage('signing out withdraws the tokens and ends the session at the provider', '/dashboard/', {}, async ({ page, requests }) => {
  await signIn(page, served, 'alan');
  await ready(page);
  const token = await refreshToken(page);
  await button(page, 'Sign out').click();
  await page.getByRole('heading', { name: 'Sign out of Example?' }).waitFor();
  assert.ok(!page.url().includes(token), 'no token but the hint of who leaves is in the address');
  await button(page, 'Yes').click();
  await page.waitForURL(`${served.origin}/dashboard/`);
  await button(page, 'Sign in with Example').waitFor();
  assert.equal(await page.getByRole('alert').count(), 0, 'nothing stays, so nothing is said');
  await holdsNothing(page);
  assert.ok(requests.some(({ what }) => what.endsWith('/token/revocation')));
  assert.equal(await served.provider.refresh(token), 400, 'the refresh token gives no token any more');
  await goToProvider(page, served);
});

onPage('the next sign-in asks who is there, in every tab of the browser, until somebody has said so', '/dashboard/', {}, async ({ page, requests }) => {
  const lastPrompt = () => new URL(requests.findLast(({ what }) => what.includes('/auth?')).what.slice('GET '.length)).searchParams.get('prompt');
  await signIn(page, served, 'alan');
  await ready(page);
  assert.equal(lastPrompt(), null);
  await button(page, 'Sign out').click();
  // Whoever does not confirm at the provider is still known there.
  await page.getByRole('heading', { name: 'Sign out of Example?' }).waitFor();
  const tab = await anotherTab(page, served);
  await signIn(tab, served, 'alan');
  assert.equal(lastPrompt(), 'login');
  await ready(tab);
  assert.equal((await stored(tab)).local, '{}');
});

onPage('a sign-out ends the sessions of the other tabs, too', '/dashboard/', {}, async ({ page }) => {
  await signIn(page, served, 'alan');
  await ready(page);
  const tab = await anotherTab(page, served);
  // The provider knows them: nobody is asked.
  await button(tab, 'Sign in with Example').click();
  await ready(tab);
  const token = await refreshToken(tab);
  await button(page, 'Sign out').click();
  await tab.getByRole('alert').getByText('You have signed out in another tab of this browser.').waitFor();
  await holdsNothing(tab);
  assert.equal(await served.provider.refresh(token), 400);
});

onPage('a sign-out ends what GraphiQL does in another tab by a session of the provider', '/dashboard/', {}, async ({ page }) => {
  await signIn(page, served, 'alan');
  await ready(page);
  const tab = await anotherTab(page, served);
  await button(tab, 'Sign in with Example').click();
  await ready(tab);
  const token = await refreshToken(tab);
  await tab.goto(`${served.origin}/graphiql/`);
  await tab.locator('.caller').getByText('Alan').waitFor();
  await button(page, 'Sign out').click();
  await tab.getByRole('alert').getByText('You have signed out in another tab of this browser.').waitFor();
  assert.equal(tab.url(), `${served.origin}/dashboard/`);
  await holdsNothing(tab);
  assert.equal(await served.provider.refresh(token), 400);
});

onPage('a tab that is open with a pasted token stays as it is', '/dashboard/', {}, async ({ page }) => {
  await button(page, 'Sign in with Example').waitFor();
  await page.evaluate(() => sessionStorage.setItem('gateway:token', 'pasted'));
  const tab = await anotherTab(page, served);
  await signIn(tab, served, 'alan');
  await ready(tab);
  await button(tab, 'Sign out').click();
  await tab.getByRole('heading', { name: 'Sign out of Example?' }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem('gateway:token')), 'pasted');
});

onPage('GraphiQL’s “Forget token” ends a session of the provider as “Sign out” does', '/dashboard/', {}, async ({ page }) => {
  await signIn(page, served, 'alan');
  await ready(page);
  const token = await refreshToken(page);
  await page.goto(`${served.origin}/graphiql/`);
  await editorReady(page);
  await page.locator('.caller').getByText('Alan').waitFor();
  await button(page, 'Forget token').click();
  await page.getByRole('heading', { name: 'Sign out of Example?' }).waitFor();
  await button(page, 'Yes').click();
  await page.waitForURL(`${served.origin}/dashboard/`);
  await holdsNothing(page);
  assert.equal(await served.provider.refresh(token), 400);
});

onBare('where the provider can end nothing, the page says what stays, and the next person is asked', '/dashboard/', {}, async ({ page }) => {
  await signIn(page, bare, 'alan');
  await ready(page);
  const token = await refreshToken(page);
  await button(page, 'Sign out').click();
  const notice = page.getByRole('alert');
  await notice.getByText('The tokens of this session could not be withdrawn').waitFor();
  await notice.getByText(`You are still signed in at ${new URL(bare.provider.issuer).host}: sign out there, too`).waitFor();
  await holdsNothing(page);
  assert.equal(await bare.provider.refresh(token), 200, 'as the page says');
  await accessible(page);
  await picture(page, 'signed-out');
  // Without being told to ask, this provider would let them in as Alan.
  await goToProvider(await anotherTab(page, bare), bare);
});
