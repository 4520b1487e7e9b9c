// What somebody without an organization finds: the invitations to their address, which they accept or decline, and an organization of
// their own, which they make. Nothing happens by itself.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, ask, button, fits, picture } from './dashboard.mjs';
import { mailedToken } from './demo.mjs';
import { onPages } from './page.mjs';
import { serveWithProvider, signIn } from './sign-in.mjs';

let served;
before(async () => {
  served = await serveWithProvider(3600);
});
after(() => served?.stop());

const onPage = onPages(
  () => served.origin,
  () => [served.provider.issuer],
);

/** A token of somebody's, fetched in a browser profile of its own. */
async function tokenOf(page, name) {
  const context = await page.context().browser().newContext();
  const other = await context.newPage();
  await other.goto(`${served.origin}/dashboard/`);
  await signIn(other, served, name);
  await other.locator('.caller').waitFor();
  const token = await other.evaluate(() => sessionStorage.getItem('gateway:token'));
  await context.close();
  return token;
}

async function invite(page, email, role = 'MEMBER') {
  const create = 'mutation ($input: InvitationCreateInput!) { done: invitationCreate(input: $input) { userErrors { code } } }';
  const { done } = await ask(served.origin, await tokenOf(page, 'alan'), 'allsolutions', create, { input: { email, role } });
  assert.deepEqual(done.userErrors, []);
}

const membershipsOf = async (token) => {
  const body = JSON.stringify({ query: '{ viewer { memberships { organizationSlug organizationName role } } }' });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await (await fetch(`${served.origin}/graphql`, { method: 'POST', headers, body })).json();
  return answer.data.viewer.memberships;
};

/** The organization that somebody got at their first sign-in, and any other of theirs, is deleted. */
async function deleteOwn(token) {
  const remove = 'mutation ($confirmation: String!) { done: organizationDelete(input: { confirmation: $confirmation }) { userErrors { code } } }';
  for (const { organizationSlug: confirmation } of await membershipsOf(token)) await ask(served.origin, token, confirmation, remove, { confirmation });
  assert.deepEqual(await membershipsOf(token), []);
}

const invitations = (page) => page.getByRole('list', { name: 'Invitations' });

onPage('an invitation is shown, and makes a member of whoever accepts it', '/dashboard/', {}, async ({ page }) => {
  const nora = await tokenOf(page, 'nora');
  await deleteOwn(nora);
  await invite(page, 'nora@newcomer.example', 'ADMIN');
  await signIn(page, served, 'nora');
  await page.getByRole('heading', { name: 'You are invited' }).waitFor();
  const invitation = invitations(page).getByRole('listitem', { name: 'AllSolutions' });
  assert.match(await invitation.innerText(), /^AllSolutions invites you, as admin\.\s+Open until \w+ \d+, \d{4}\./);
  assert.deepEqual(await membershipsOf(nora), [], 'looking at it joins nothing');
  await accessible(page);
  await picture(page, 'arrival');
  await page.setViewportSize({ width: 375, height: 812 });
  await fits(page);
  await picture(page, 'arrival-phone');

  await button(invitation, 'Accept').click();
  await page.getByLabel('Organization').locator('option:checked').getByText('AllSolutions (admin)').waitFor({ state: 'attached' });
  assert.match(page.url(), /organization=allsolutions/);
  assert.deepEqual(
    (await membershipsOf(nora)).map(({ organizationSlug, role }) => [organizationSlug, role]),
    [['allsolutions', 'ADMIN']],
  );
});

onPage('whoever declines makes an organization of their own, if they want one', '/dashboard/', {}, async ({ page }) => {
  const norbert = await tokenOf(page, 'norbert');
  await deleteOwn(norbert);
  await invite(page, 'norbert@newcomer.example');
  await signIn(page, served, 'norbert');
  await button(invitations(page), 'Decline').click();
  await page.getByRole('heading', { name: 'You are no member of any organization yet' }).waitFor();
  assert.equal(await invitations(page).count(), 0);
  assert.deepEqual(await membershipsOf(norbert), []);
  await accessible(page);
  await picture(page, 'arrival-alone');
  const create = button(page, 'Make my own organization');
  assert.ok(await create.isDisabled());
  await page.getByLabel('Name of your organization').fill('x'.repeat(201));
  await create.click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Name of your organization').fill('Norbert & Sons');
  await create.click();
  await page.getByLabel('Organization').locator('option:checked').getByText('Norbert & Sons (owner)').waitFor({ state: 'attached' });
  assert.deepEqual(
    (await membershipsOf(norbert)).map(({ organizationName, role }) => [organizationName, role]),
    [['Norbert & Sons', 'OWNER']],
  );
});

onPage('the link in an invitation’s mail leads through the sign-in at the provider to its answer', '/dashboard/', {}, async ({ page }) => {
  const email = 'nadia@newcomer.example';
  await invite(page, email);
  const token = await mailedToken(served.mails, email);
  await page.goto('about:blank');
  await page.goto(`${served.origin}/dashboard/#invitation=${token}`);
  const door = page.getByRole('status', { name: 'Invitation' });
  await door.getByText('Alan invites n…@newcomer.example to AllSolutions.').waitFor();
  await accessible(page);
  await picture(page, 'invited-provider');
  await signIn(page, served, 'nadia');
  await page.getByRole('heading', { name: 'You are invited' }).waitFor();
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
  assert.ok(!kept.includes(token), 'the token stays in the memory of the page that was opened');
  await button(invitations(page).getByRole('listitem', { name: 'AllSolutions' }), 'Accept').click();
  await page.getByText('see none of its DSOs').waitFor();
  assert.deepEqual((await membershipsOf(await page.evaluate(() => sessionStorage.getItem('gateway:token')))).map(({ role }) => role), ['MEMBER']);
});

onPage('whoever signs in as somebody else is told for whom the invitation is', '/dashboard/', {}, async ({ page }) => {
  const email = 'later@newcomer.example';
  await invite(page, email);
  const token = await mailedToken(served.mails, email);
  await page.evaluate((token) => (location.hash = `invitation=${token}`), token);
  await page.getByRole('status', { name: 'Invitation' }).getByText(/invites l\S+@newcomer\.example/).waitFor();
  await signIn(page, served, 'norbert');
  await page.getByRole('alert').getByText(/an invitation to AllSolutions for l\S+@newcomer\.example\. You are signed in as norbert@newcomer\.example/).waitFor();
});
