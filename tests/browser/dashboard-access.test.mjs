// What the dashboard shows to whom, and that it shows nothing any more when the gateway says so. On a demo of its own: people lose
// their memberships here.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, ask, button, figure, part, picture, RANGE, ready, rows, sheet } from './dashboard.mjs';
import { startDemo } from './demo.mjs';
import { become, onPages, signedIn } from './page.mjs';

const OLIVIA = 'outsider@othersolutions.example';
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
const alans = (query, variables) => ask(demo.origin, demo.tokens.alan, 'allsolutions', query, variables);

async function memberNamed(name) {
  const { members } = await alans('{ members(first: 100) { nodes { id user { name } } } }');
  return members.nodes.find(({ user }) => user.name === name).id;
}

/** A browser logs every answer of 401 itself; here it is what must happen, and nothing else may. */
function forgive401(faults) {
  assert.ok(faults.console.length > 0 && faults.console.every((line) => line.includes('401')), faults.console.join('\n'));
  faults.console.length = 0;
}

onPage('it says what one sees, and as what', as('agent', `?dashboard=overview&range=${RANGE}`), {}, async ({ page }) => {
  await ready(page);
  await page.getByText('You see 2 DSOs: manager of 1 and viewer of 1.').waitFor();
  const both = await figure(page, 'Doctors');
  await become(page, demo.tokens.viewer);
  await page.getByText('You see 1 DSO, as viewer.').waitFor();
  assert.ok((await figure(page, 'Doctors')) < both);
  assert.equal(await page.locator('.caller').innerText(), 'Victor');
});

onPage('an organization that is not theirs does not exist for them', as('alan', '?organization=othersolutions'), {}, async ({ page, requests }) => {
  await page.getByText('There is no organization othersolutions for you').waitFor();
  await accessible(page);
  assert.ok(
    requests.every(({ headers }) => headers['x-organization-id'] === undefined),
    'it is not even asked for',
  );
  await page.getByLabel('Organization').selectOption({ label: 'AllSolutions (owner)' });
  await ready(page);
});

const invited = async () => {
  await demo.accept('outsider', await demo.invite('claudia', 'allsolutions', OLIVIA));
  return signedIn(`/dashboard/?organization=othersolutions`, demo.tokens.outsider);
};
onPage('the switcher goes to another organization, whose figures are its own', invited, {}, async ({ page, requests }) => {
  await ready(page);
  const before = await figure(page, 'Doctors');
  assert.ok(before > 0);
  const switcher = page.getByLabel('Organization');
  await switcher.selectOption({ label: 'AllSolutions (member)' });
  // A member without grants: not an empty dashboard, but the reason for it, and who can change it.
  await page.getByText('see none of its DSOs').waitFor();
  await page.getByText('ask Claudia (admin) or Alan (owner)').waitFor();
  assert.equal(await part(page, 'Doctors').count(), 0);
  assert.match(page.url(), /organization=allsolutions/);
  await accessible(page);
  const asked = requests.filter(({ what }) => what === 'POST /graphql').map(({ headers }) => headers['x-organization-id']);
  assert.equal(new Set(asked.filter((id) => id !== undefined)).size, 2);
  await page.reload();
  await page.getByText('see none of its DSOs').waitFor();
  await switcher.selectOption({ label: 'OtherSolutions (owner)' });
  await ready(page);
  assert.equal(await figure(page, 'Doctors'), before);
});

onPage('whoever is removed while the page is open sees nothing of it any more', as('agent', `?dashboard=overview&range=${RANGE}&doctors=all`), {}, async ({ page }) => {
  await ready(page);
  const [[name]] = await rows(sheet(page));
  assert.ok(name.length > 0);
  const memberId = await memberNamed('Agnes');
  await alans('mutation ($input: MemberRemoveInput!) { memberRemove(input: $input) { userErrors { code } } }', { input: { memberId } });
  // In the sheet, where the next question is asked.
  await button(sheet(page), /^Load more/).click();
  await page.getByText('You have no access to AllSolutions any more.').waitFor();
  assert.equal(await sheet(page).count(), 0);
  assert.equal(await page.locator('.board').count(), 0);
  assert.ok(!(await page.content()).includes(name.split('\n')[0]), 'a doctor is still in the document');
  await accessible(page);
  await picture(page, 'removed');
  await page.reload();
  await page.getByText('You are no member of any organization yet').waitFor();
  assert.equal(await page.locator('.board').count(), 0);
});

onPage('a DSO that is taken away is gone with the next look', as('viewer', `?dashboard=overview&range=${RANGE}`), {}, async ({ page }) => {
  await ready(page);
  const { dsos } = await ask(demo.origin, demo.tokens.viewer, 'allsolutions', '{ dsos { nodes { id } } }');
  const input = { memberId: await memberNamed('Victor'), dsoId: dsos.nodes[0].id };
  await alans('mutation ($input: DsoGrantRevokeInput!) { dsoGrantRevoke(input: $input) { userErrors { code } } }', { input });
  await button(page, 'Refresh').click();
  await page.getByText('see none of its DSOs').waitFor();
  assert.equal(await page.locator('.board').count(), 0);
});

onPage(
  'a sign-in that is not taken any more ends the page, with everything it showed',
  as('claudia', `?range=${RANGE}`),
  {},
  async ({ page, faults }) => {
    await ready(page);
    await page.evaluate(() => sessionStorage.setItem('gateway:token', 'withdrawn'));
    await button(page, 'Refresh').click();
    await page.getByText('The gateway no longer takes your sign-in').waitFor();
    await page.getByLabel('Bearer token').waitFor();
    assert.equal(page.url(), `${demo.origin}/dashboard/`);
    assert.equal(await page.evaluate(() => Object.keys(sessionStorage).length), 0);
    await accessible(page);
    forgive401(faults);
  },
);

const BROKEN = {
  errors: [{ message: 'internal error', path: ['organization', 'overview'], extensions: { code: 'INTERNAL', requestId: '01a2-request' } }],
  data: { organization: { id: 'org_x', overview: null } },
};
onPage('a failure is told in words, with what to pass on', as('alan', '?range=7d'), {}, async ({ page }) => {
  await ready(page);
  let isBroken = true;
  await page.route('**/graphql', (route) => {
    if (!isBroken || !route.request().postData().includes('overview(')) return route.fallback();
    return route.fulfill({ status: 200, contentType: 'application/graphql-response+json', body: JSON.stringify(BROKEN) });
  });
  await button(page, 'Year').click();
  const trouble = page.getByRole('alert');
  await trouble.getByText('Something went wrong inside the gateway').waitFor();
  await trouble.getByText('Code INTERNAL, request 01a2-request').waitFor();
  await accessible(page);
  isBroken = false;
  await button(trouble, 'Try again').click();
  await ready(page);
});

onPage('a page whose gateway was renewed says that it has to be loaded again', '/dashboard/', {}, async ({ page, faults }) => {
  await page.getByLabel('Bearer token').waitFor();
  await page.route('**/dashboard/assets/Bars*', (route) => route.fulfill({ status: 404, body: 'not found' }));
  await page.getByLabel('Bearer token').fill(demo.tokens.alan);
  await page.keyboard.press('Enter');
  await page.getByText('This page has to be loaded again').waitFor();
  await page.unroute('**/dashboard/assets/Bars*');
  await button(page, 'Load it again').click();
  await ready(page);
  // The missing file is what this is about.
  assert.ok(faults.console.length > 0);
  faults.console.length = 0;
});
