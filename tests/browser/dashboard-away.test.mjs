// A gateway that is away, slow or busy: good figures stay, the page says how old they are and asks again, and a change that failed is told at
// once. On a demo of its own.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { accessible, button, figure, part, picture, ready, sheet } from './dashboard.mjs';
import { startDemo } from './demo.mjs';
import { onPages, signedIn } from './page.mjs';
import { answered, chooser, editBar, makeDashboard, savedDashboard, shownId } from './saved.mjs';

let demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo?.stop());

const onPage = onPages(() => demo.origin);
const as =
  (who, search = '') =>
  () =>
    signedIn(`/dashboard/${search}`, demo.tokens[who]);

/** What becomes of requests from now on: `passes`, `fails`, `hangs` or `busy`; gives how to change it, and what was asked since. */
async function inTheWay(page) {
  const way = { is: 'passes', asked: [], retryAfter: '2', letsChanges: false };
  await page.route('**/graphql', async (route) => {
    const { query } = route.request().postDataJSON();
    way.asked.push({ at: Date.now(), query });
    if (way.letsChanges && query.includes('mutation ')) return route.fallback();
    switch (way.is) {
      case 'fails':
        return route.abort('connectionrefused');
      case 'hangs':
        return undefined;
      case 'busy': {
        const body = { errors: [{ message: 'too much', extensions: { code: 'RATE_LIMITED', requestId: 'r-1' } }] };
        const headers = { 'retry-after': way.retryAfter, 'content-type': 'application/graphql-response+json' };
        return route.fulfill({ status: 429, headers, body: JSON.stringify(body) });
      }
      default:
        return route.fallback();
    }
  });
  return way;
}

/** A browser logs each request that failed; here some must. */
function forgive(faults, pattern) {
  assert.ok(faults.console.length > 0 && faults.console.every((line) => pattern.test(line)), faults.console.join('\n'));
  faults.console.length = 0;
}

const stale = (page) => page.getByRole('status').filter({ hasText: 'Not refreshed since' });

onPage('a refresh that fails leaves the figures, says so, and is tried again by itself', as('alan'), {}, async ({ page, faults }) => {
  await ready(page);
  const doctors = await figure(page, 'Doctors');
  const way = await inTheWay(page);
  way.is = 'fails';
  await page.evaluate(() => dispatchEvent(new Event('offline')));
  await button(page, 'Refresh').click();
  await stale(page).getByText(/^Not refreshed since \d\d:\d\d: The gateway cannot be reached\./).waitFor();
  assert.equal(await figure(page, 'Doctors'), doctors);
  assert.ok(await chooser(page).isVisible());
  await accessible(page);
  await picture(page, 'stale');
  // Also once every try has failed.
  await pause(5000);
  assert.equal(await figure(page, 'Doctors'), doctors);
  assert.ok(await stale(page).isVisible());
  assert.equal(await page.getByText('This could not be loaded').count(), 0);
  // The network is back: without a press of anything.
  way.is = 'passes';
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await stale(page).waitFor({ state: 'detached', timeout: 5000 });
  assert.equal(await figure(page, 'Doctors'), doctors);
  forgive(faults, /ERR_CONNECTION_REFUSED/);
});

onPage('the gateway is back: the page notices, whatever it shows', as('alan'), {}, async ({ page, faults }) => {
  await ready(page);
  const way = await inTheWay(page);
  way.is = 'fails';
  // Nothing good is there of what is chosen now: that is said where it would be.
  await button(page, 'Quarter').click();
  await page.getByText('What you chose is not here yet: The gateway cannot be reached.').waitFor();
  await page.getByRole('alert').getByText('The gateway cannot be reached').waitFor();
  await picture(page, 'away');
  way.is = 'passes';
  await part(page, 'Doctors').waitFor({ timeout: 15_000 });
  await ready(page);
  forgive(faults, /ERR_CONNECTION_REFUSED/);
});

onPage('a gateway that does not answer is waited for in words, and not for ever', as('alan'), {}, async ({ page, faults }) => {
  await ready(page);
  const way = await inTheWay(page);
  way.is = 'hangs';
  await button(page, 'Quarter').click();
  await page.getByRole('status').getByText('Loading…').waitFor();
  await page.getByRole('status').getByText('Still waiting for the gateway…').waitFor({ timeout: 6000 });
  assert.ok(await button(page, 'Refresh').isEnabled());
  await page.getByText('What you chose is not here yet: The gateway has not answered in time. Trying again…').waitFor({ timeout: 25_000 });
  await picture(page, 'hanging');
  way.is = 'passes';
  await button(page, 'Refresh').click();
  await page.locator('.board:not([aria-busy="true"])').waitFor({ timeout: 25_000 });
  faults.console.length = 0;
});

onPage('a busy gateway is given the time that it asks for, and the figures stay', as('alan'), {}, async ({ page, faults }) => {
  await ready(page);
  const doctors = await figure(page, 'Doctors');
  const way = await inTheWay(page);
  Object.assign(way, { is: 'busy', retryAfter: '4', asked: [] });
  await button(page, 'Refresh').click();
  await stale(page).getByText('Too much was asked within a minute. Trying again…').waitFor();
  assert.equal(await figure(page, 'Doctors'), doctors);
  const first = way.asked.filter(({ query }) => query.includes('overview('));
  assert.equal(first.length, 1);
  await pause(3000);
  assert.equal(way.asked.filter(({ query }) => query.includes('overview(')).length, 1, 'not sooner than it wants');
  way.is = 'passes';
  await stale(page).waitFor({ state: 'detached', timeout: 5000 });
  const times = way.asked.filter(({ query }) => query.includes('overview(')).map(({ at }) => at);
  assert.ok(times[1] - times[0] >= 4000, `${times[1] - times[0]} ms`);
  forgive(faults, /429/);
});

const editing = async () =>
  signedIn(`/dashboard/?dashboard=${await makeDashboard(demo, 'alan', 'Busy', 'PRIVATE', [['All doctors', 'NUMBER', { overview: 'DOCTORS' }]])}&mode=edit`, demo.tokens.alan);
onPage('a save whose figures come too late is a save, and shows the dashboard', editing, {}, async ({ page, faults }) => {
  await answered(page, 'All doctors');
  const way = await inTheWay(page);
  await editBar(page).getByLabel('Title').fill('Saved');
  // The change goes through; whatever is asked after it does not, for a while.
  Object.assign(way, { is: 'busy', retryAfter: '1', letsChanges: true });
  await button(editBar(page), /^Save$/).click();
  await page.getByText('Too much was asked within a minute. Trying again…').waitFor();
  await part(page, 'All doctors').locator('.value').waitFor();
  way.is = 'passes';
  await button(editBar(page), 'Saved').waitFor();
  assert.equal(await page.getByText('This could not be loaded').count(), 0);
  await part(page, 'All doctors').locator('.value').waitFor();
  assert.equal((await savedDashboard(demo, 'alan', shownId(page))).title, 'Saved');
  faults.console.length = 0;
});

onPage('a change that failed is told before anything is asked again', as('alan'), {}, async ({ page, faults }) => {
  await ready(page);
  await button(page, 'New dashboard').click();
  await sheet(page).getByLabel('Title').fill('Never');
  const way = await inTheWay(page);
  way.is = 'fails';
  const began = Date.now();
  await button(sheet(page), 'Create').click();
  await sheet(page).getByRole('alert').getByText('It could not be saved. The gateway cannot be reached.').waitFor();
  assert.ok(Date.now() - began < 1000, `after ${Date.now() - began} ms`);
  assert.ok(await button(sheet(page), 'Create').isEnabled());
  assert.equal(await sheet(page).getByLabel('Title').inputValue(), 'Never');
  way.is = 'busy';
  way.retryAfter = '7';
  await button(sheet(page), 'Create').click();
  await sheet(page).getByText('Too much was asked within a minute. Try again in 7 seconds.').waitFor();
  await accessible(page);
  way.is = 'passes';
  await button(sheet(page), 'Create').click();
  await editBar(page).waitFor();
  faults.console.length = 0;
});

onPage('more doctors that cannot be fetched are told, and fetched at a press', as('alan', '?doctors=all'), {}, async ({ page, faults }) => {
  await sheet(page).locator('tbody tr').first().waitFor();
  const way = await inTheWay(page);
  way.is = 'fails';
  await button(sheet(page), /^Load more/).click();
  await sheet(page).getByRole('alert').getByText('The gateway cannot be reached').waitFor({ timeout: 10_000 });
  assert.equal(await sheet(page).locator('tbody tr').count(), 25);
  way.is = 'passes';
  await button(sheet(page), /^Load more/).click();
  await sheet(page).locator('tbody tr').nth(49).waitFor();
  assert.equal(await sheet(page).getByRole('alert').count(), 0);
  forgive(faults, /ERR_CONNECTION_REFUSED/);
});
