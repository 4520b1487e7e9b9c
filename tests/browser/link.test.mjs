// Links with a token of somebody's: anybody can send one. It signs in nobody who is signed in already, nobody who has not been asked, and
// nobody at all where the operator has not allowed it. The other things that an address can carry act on nothing either.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, button, part, picture, RANGE, ready } from './dashboard.mjs';
import { startDemo } from './demo.mjs';
import { editorReady, onPages, signedIn } from './page.mjs';
import { answered, editBar, makeDashboard, savedDashboard } from './saved.mjs';
import { serveWithProvider } from './sign-in.mjs';
import { serveDemoData } from './served.mjs';

let demo;
let served;
let withProvider;
before(async () => {
  const issuer = `[[authn.issuers]]\nissuer = "https://id.example"\naudience = "cs12"\nsecret = "${'s'.repeat(32)}"\n`;
  [demo, served, withProvider] = await Promise.all([startDemo(), serveDemoData(issuer), serveWithProvider(3600)]);
});
after(() => Promise.all([demo?.stop(), served?.stop(), withProvider?.stop()]));

const onPage = onPages(() => demo.origin);
const onServed = onPages(() => served.origin);
const onProvider = onPages(() => withProvider.origin);

const linkTo = (page, who) => () => `${page}#token=${demo.tokens[who]}`;
const storage = (page) => page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
const question = (page) => page.getByRole('region', { name: 'Sign-in by a link' });
const tokenOf = (page) => page.evaluate(() => sessionStorage.getItem('gateway:token'));
/** The changes that a page has asked for; to be called before anything happens. */
function mutationsOf(page) {
  const mutations = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && /^\s*mutation\b/m.test(request.postDataJSON()?.query ?? '')) mutations.push(request.postDataJSON().query);
  });
  return mutations;
}

onPage('a link asks whether to go on as whom it is for, and until then nothing is stored', linkTo('/dashboard/', 'outsider'), {}, async ({ page }) => {
  await question(page).getByText('Go on as Olivia of OtherSolutions?').waitFor();
  assert.equal(page.url(), `${demo.origin}/dashboard/`);
  assert.ok(!(await storage(page)).includes(demo.tokens.outsider));
  assert.ok(!(await page.content()).includes(demo.tokens.outsider));
  await accessible(page);
  await picture(page, 'link');
  await button(page, 'Do not sign in').click();
  await page.getByLabel('Bearer token').waitFor();
  assert.ok(!(await storage(page)).includes(demo.tokens.outsider));
  await page.reload();
  await page.getByLabel('Bearer token').waitFor();
});

onPage('who goes on is signed in, on the view that the link names', linkTo(`/dashboard/?range=${RANGE}`, 'alan'), {}, async ({ page }) => {
  await question(page).getByText('Go on as Alan of AllSolutions?').waitFor();
  await button(page, 'Go on').click();
  await ready(page);
  assert.match(page.url(), new RegExp(`range=${RANGE}`));
  assert.equal(await page.locator('.caller').innerText(), 'Alan');
});

const alans = (path) => () => signedIn(`${path}#token=${demo.tokens.outsider}`, demo.tokens.alan);
onPage('a link does not take the place of who is signed in to the dashboard', alans('/dashboard/'), {}, async ({ page, requests }) => {
  const refusal = page.getByRole('alert').getByText('It was not used, because you are signed in here');
  await refusal.waitFor();
  await ready(page);
  assert.equal(await page.locator('.caller').innerText(), 'Alan');
  await accessible(page);
  await picture(page, 'link-refused');
  await button(page, 'Close').click();
  await refusal.waitFor({ state: 'detached' });
  // The same, in a tab that shows the page already.
  await page.evaluate((token) => (location.hash = `token=${token}`), demo.tokens.outsider);
  await refusal.waitFor();
  assert.ok(!page.url().includes('token'));
  assert.equal(await tokenOf(page), demo.tokens.alan);
  assert.ok(requests.every(({ headers }) => !headers.authorization?.includes(demo.tokens.outsider)), 'it is not even tried');
  // One's own again is nothing to speak of.
  await button(page, 'Close').click();
  await page.evaluate((token) => (location.hash = `token=${token}`), demo.tokens.alan);
  await page.waitForURL((url) => url.hash === '');
  assert.equal(await refusal.count(), 0);
});

onPage('a link does not take the place of whose token GraphiQL has', alans('/graphiql/'), {}, async ({ page, requests }) => {
  await page.getByRole('alert').getByText('It was not used, because you are signed in here').waitFor();
  await page.locator('.caller').getByText('Alan').waitFor();
  await editorReady(page);
  await page.evaluate((token) => (location.hash = `token=${token}`), demo.tokens.outsider);
  await page.waitForURL((url) => url.hash === '');
  assert.equal(await tokenOf(page), demo.tokens.alan);
  assert.ok(requests.every(({ headers }) => !headers.authorization?.includes(demo.tokens.outsider)));
});

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };
for (const [where, options] of [
  ['', {}],
  [', on a phone', PHONE],
]) {
  onPage(`GraphiQL asks as the dashboard does${where}`, linkTo('/graphiql/', 'outsider'), options, async ({ page }) => {
    await question(page).getByText('Go on as Olivia of OtherSolutions?').waitFor();
    await editorReady(page);
    assert.equal(page.url(), `${demo.origin}/graphiql/`);
    assert.equal(await tokenOf(page), null);
    await picture(page, `link-graphiql${where === '' ? '' : '-phone'}`);
    const bar = await page.locator('header').evaluate((element) => ({ inner: element.scrollWidth, outer: element.clientWidth }));
    assert.ok(bar.inner <= bar.outer, `the bar is ${bar.inner} wide in ${bar.outer}`);
    await button(page, 'Do not sign in').click();
    await question(page).waitFor({ state: 'detached' });
    assert.ok(!(await storage(page)).includes(demo.tokens.outsider));
    await page.evaluate((token) => (location.hash = `token=${token}`), demo.tokens.viewer);
    await button(question(page), 'Go on').click();
    await page.locator('.caller').getByText('Victor').waitFor();
  });
}

const stranger = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzdHJhbmdlciJ9.c3RyYW5nZXI';
for (const [kind, on] of [
  ['a gateway whose operator has not allowed them', onServed],
  ['a gateway where people sign in at a provider', onProvider],
]) {
  for (const path of ['/dashboard/', '/graphiql/']) {
    on(`${path} of ${kind} uses no token of a link`, `${path}#token=${stranger}`, {}, async ({ page, requests }) => {
      await page.getByRole('alert').getByText('this gateway does not let links sign people in').waitFor();
      assert.ok(!page.url().includes('token'));
      assert.ok(!(await storage(page)).includes(stranger));
      assert.deepEqual(
        requests.filter(({ what, headers }) => what.startsWith('POST ') || headers.authorization !== undefined),
        [],
      );
      // GraphiQL brings faults of its own.
      if (path === '/dashboard/') await accessible(page);
    });
  }
}

let board;
const editing = async () => {
  board = await makeDashboard(demo, 'alan', 'Mine', 'PRIVATE', [['All doctors', 'NUMBER', { overview: 'DOCTORS' }]]);
  return signedIn(`/dashboard/?range=${RANGE}`, demo.tokens.alan);
};
onPage('a link into the edit mode changes nothing by itself', editing, {}, async ({ page }) => {
  await ready(page);
  const before = await savedDashboard(demo, 'alan', board);
  const mutations = mutationsOf(page);
  await page.goto(`${demo.origin}/dashboard/?dashboard=${board}&mode=edit&title=Taken&visibility=SHARED`);
  await answered(page, 'All doctors');
  await editBar(page).waitFor();
  await page.reload();
  await answered(page, 'All doctors');
  assert.deepEqual(mutations, []);
  assert.deepEqual(await savedDashboard(demo, 'alan', board), before);
  assert.equal(await part(page, 'All doctors').count(), 1);
});

const CARRIED = new URLSearchParams({ query: 'mutation { organizationLeave(input: {}) { userErrors { code } } }', variables: '{}', headers: '{"x-run-as-member":"mem_"}' });
onPage('GraphiQL takes no query, header or person from an address', () => signedIn(`/graphiql/?${CARRIED}#query=x&run-as=mem_x`, demo.tokens.alan), {}, async ({ page, requests }) => {
  const mutations = mutationsOf(page);
  await page.locator('.caller').getByText('Alan').waitFor();
  await editorReady(page);
  await page.getByLabel('Look as').waitFor();
  assert.ok(!(await page.locator('.graphiql-query-editor').innerText()).includes('organizationLeave'));
  assert.deepEqual(mutations, []);
  assert.ok(requests.every(({ headers }) => headers['x-run-as-member'] === undefined));
});
