// A new organization is no dead end: those who lead it find what to do first, with a button for each; the others find whom to ask.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, ask, button, figure, fits, part, picture, ready, sheet } from './dashboard.mjs';
import { startDemo } from './demo.mjs';
import { onPages, signedIn } from './page.mjs';

let demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo?.stop());

const onPage = onPages(() => demo.origin);
const steps = (page) => part(page, 'First steps');
const step = (page, words) => steps(page).getByRole('listitem').filter({ hasText: words });

/** A new organization of somebody's. */
const owned = (who, name) => async () => {
  const create = 'mutation ($name: String!) { done: organizationCreate(input: { name: $name }) { membership { organizationSlug } userErrors { message } } }';
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${demo.tokens[who]}` };
  const answer = await fetch(`${demo.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: create, variables: { name } }) });
  const { data } = await answer.json();
  return signedIn(`/dashboard/?organization=${data.done.membership.organizationSlug}`, demo.tokens[who]);
};

onPage('an owner finds the first steps, and takes each of them here', owned('alan', 'Fresh Smiles'), {}, async ({ page }) => {
  await steps(page).getByRole('heading', { name: 'This organization has no DSO yet' }).waitFor();
  assert.equal(await page.getByText('An admin of the organization can grant you some').count(), 0);
  await step(page, 'Add a doctor').getByText('once there is a DSO').waitFor();
  await accessible(page);
  await picture(page, 'first-steps');

  await button(steps(page), 'Create a DSO').click();
  await button(sheet(page), 'Create it').click();
  await sheet(page).getByText('This is empty.').waitFor();
  await accessible(page);
  await sheet(page).getByLabel('Name').fill('Downtown');
  await button(sheet(page), 'Create it').click();
  await sheet(page).waitFor({ state: 'detached' });

  // The figures are there, all of them nothing; the steps go on above them.
  await steps(page).getByRole('heading', { name: 'No doctor has been entered yet' }).waitFor();
  await ready(page);
  await step(page, 'Create the first DSO').getByText('(done)').waitFor({ state: 'attached' });
  await picture(page, 'first-steps-dso');
  await button(steps(page), 'Invite').click();
  await sheet(page).getByLabel('E-mail address').fill('not an address');
  await button(sheet(page), 'Send the invitation').click();
  await sheet(page).getByRole('alert').waitFor();
  await sheet(page).getByLabel('E-mail address').fill('colleague@people.example');
  await button(sheet(page), 'Send the invitation').click();
  await sheet(page).waitFor({ state: 'detached' });
  await step(page, 'Invite a member').getByText('(done)').waitFor({ state: 'attached' });

  await button(steps(page), 'Give a role').click();
  await sheet(page).getByText('There is no member yet who needs one').waitFor();
  await button(sheet(page), 'Cancel').click();
  await button(steps(page), 'Add a doctor').click();
  await sheet(page).getByLabel('Name').fill('Dr. Ada First');
  await button(sheet(page), /^Add$/).click();
  await steps(page).waitFor({ state: 'detached' });
  assert.equal(await figure(page, 'Doctors'), 1);
});

const asAdmin = async () => {
  const page = await owned('alan', 'Second Smiles')();
  const slug = new URL(page.path, demo.origin).searchParams.get('organization');
  const invite = 'mutation ($input: InvitationCreateInput!) { done: invitationCreate(input: $input) { userErrors { message } } }';
  await ask(demo.origin, demo.tokens.alan, slug, invite, { input: { email: 'claudia@allsolutions.example', role: 'ADMIN' } });
  await ask(demo.origin, demo.tokens.alan, slug, invite, { input: { email: 'viewer@allsolutions.example' } });
  for (const who of ['claudia', 'viewer']) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${demo.tokens[who]}` };
    const send = async (query, variables = {}) =>
      (await (await fetch(`${demo.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json()).data;
    const { viewer } = await send('{ viewer { pendingInvitations { id organizationName } } }');
    const { id } = viewer.pendingInvitations.find(({ organizationName }) => organizationName === 'Second Smiles');
    await send('mutation ($id: ID!) { invitationAccept(input: { invitationId: $id }) { userErrors { code } } }', { id });
  }
  return signedIn(page.path, demo.tokens.claudia);
};
onPage('an admin may begin as well, and a member is told whom to ask', asAdmin, { viewport: { width: 390, height: 844 } }, async ({ page }) => {
  await button(steps(page), 'Create a DSO').waitFor();
  await fits(page);
  await accessible(page);
  await picture(page, 'first-steps-admin-phone');
  await page.evaluate((token) => sessionStorage.setItem('gateway:token', token), demo.tokens.viewer);
  await page.reload();
  await page.getByText('You are a member of Second Smiles, but see none of its DSOs.').waitFor();
  await page.getByText('ask Alan (owner) or Claudia (admin).').waitFor();
  assert.equal(await steps(page).count(), 0);
  await accessible(page);
  await picture(page, 'whom-to-ask-phone');

  // A role that somebody gives them is found with the next look.
  await page.evaluate((token) => sessionStorage.setItem('gateway:token', token), demo.tokens.alan);
  await page.reload();
  await button(steps(page), 'Create a DSO').click();
  await sheet(page).getByLabel('Name').fill('Uptown');
  await button(sheet(page), 'Create it').click();
  await button(steps(page), 'Give a role').click();
  await sheet(page).getByLabel('Member').selectOption({ label: 'Victor' });
  await sheet(page).getByLabel('As what').selectOption({ label: 'Viewer: reads' });
  await button(sheet(page), 'Give the role').click();
  await sheet(page).waitFor({ state: 'detached' });
  await step(page, 'Give a member a role').getByText('(done)').waitFor({ state: 'attached' });
});
