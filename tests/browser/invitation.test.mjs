// The link in an invitation's mail, as its readers meet it: on the page where they sign in, before and after signing in, accepted and
// declined. On a demo of its own (demo.mjs): who becomes a member here is nobody else's business.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, button, fits, picture } from './dashboard.mjs';
import { startDemo } from './demo.mjs';
import { editorReady, onPages, signedIn } from './page.mjs';

const OLIVIA = 'outsider@othersolutions.example';
const CLAUDIA = 'claudia@allsolutions.example';
const VICTOR = 'viewer@allsolutions.example';

let demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo?.stop());

const onPage = onPages(() => demo.origin);
const door = (page) => page.getByRole('status', { name: 'Invitation' });
const invitations = (page) => page.getByRole('list', { name: 'Invitations' });
const organization = (page) => page.getByLabel('Organization').locator('option:checked');

async function enter(page, token) {
  await page.getByLabel('Bearer token').fill(token);
  await page.keyboard.press('Enter');
  await page.locator('.caller').waitFor({ state: 'attached' });
}

/** In memory only: neither in the address nor in the document nor in what the tab keeps. */
async function keptNowhere(page, secret) {
  assert.ok(page.url().startsWith(`${demo.origin}/dashboard/`) && !page.url().includes('#'), page.url());
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, document.documentElement.outerHTML]));
  assert.ok(!kept.includes(secret), 'the invitation is kept');
}

onPage('a link that opens nothing says so, and leaves the address at once', '/dashboard/#invitation=nonsense', {}, async ({ page, requests }) => {
  await door(page).getByText('This invitation is not open any more.').waitFor();
  await keptNowhere(page, 'nonsense');
  const [asked, ...more] = requests.filter(({ what }) => what === 'POST /graphql');
  assert.deepEqual([asked.headers.authorization, asked.headers.cookie, more], [undefined, undefined, []]);
  await page.reload();
  await page.getByLabel('Bearer token').waitFor();
  assert.equal(await door(page).count(), 0, 'another page knows nothing of it');
});

let invitation;
const link = async () => {
  invitation = await demo.invite('claudia', 'allsolutions', OLIVIA);
  return `/dashboard/#invitation=${invitation}`;
};
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: 'dark' };
onPage('an invitation is read before signing in, and accepted after, on a phone and by the keyboard', link, PHONE, async ({ page, requests }) => {
  await door(page).getByText(/^Claudia invites o\S+@othersolutions\.example to AllSolutions\.$/).waitFor();
  await door(page).getByText('Sign in with this e-mail address to accept or decline.').waitFor();
  await keptNowhere(page, invitation);
  await fits(page);
  await accessible(page);
  await picture(page, 'invited-phone');

  await enter(page, demo.tokens.outsider);
  await invitations(page).waitFor();
  // They have an organization of their own; the invitation stands above its figures.
  assert.equal(await organization(page).innerText(), 'OtherSolutions (owner)');
  await fits(page);
  await accessible(page);
  await picture(page, 'invited-member-phone');
  await button(invitations(page), 'Accept').focus();
  await page.keyboard.press('Enter');
  await organization(page).getByText('AllSolutions (member)').waitFor({ state: 'attached' });
  await invitations(page).waitFor({ state: 'detached' });
  await keptNowhere(page, invitation);
  assert.ok(requests.filter(({ what }) => what.startsWith('POST ')).every(({ what }) => what === 'POST /graphql'));
});

const alans = async () => {
  invitation = await demo.invite('outsider', 'othersolutions', CLAUDIA);
  return signedIn(`/dashboard/#invitation=${invitation}`, demo.tokens.alan);
};
onPage('an invitation for somebody else is refused in words; its addressee declines it', alans, {}, async ({ page }) => {
  const refusal = page.getByRole('alert').getByText(/is an invitation to OtherSolutions for c\S+@allsolutions\.example\. You are signed in as Alan@AllSolutions\.example: sign out/);
  await refusal.waitFor();
  assert.equal(await invitations(page).count(), 0);
  await accessible(page);
  // As these words say.
  await button(page, 'Sign out').click();
  await page.getByLabel('Bearer token').waitFor();
  await page.evaluate((token) => (location.hash = `invitation=${token}`), invitation);
  await door(page).getByText(/^Olivia invites/).waitFor();
  await enter(page, demo.tokens.claudia);
  await button(invitations(page), 'Decline').click();
  await invitations(page).waitFor({ state: 'detached' });
  assert.equal(await organization(page).innerText(), 'AllSolutions (admin)');
  assert.equal(await page.getByRole('alert').count(), 0, 'nothing more is said of it');
});

const victors = async () => {
  invitation = await demo.invite('outsider', 'othersolutions', VICTOR);
  return `/dashboard/#invitation=${invitation}`;
};
onPage('whoever turns out to be a member when they sign in is told so', victors, {}, async ({ page }) => {
  await door(page).getByText(/^Olivia invites/).waitFor();
  // As it is where somebody accepts in another tab.
  await demo.accept('viewer', invitation);
  await enter(page, demo.tokens.viewer);
  await page.getByRole('alert').getByText('You are a member of OtherSolutions.').waitFor();
  await organization(page).getByText('OtherSolutions (member)').waitFor({ state: 'attached' });
});

const older = async () => `/graphiql/#invitation=${(invitation = await demo.invite('claudia', 'allsolutions', 'older@people.example'))}`;
onPage('the link of an older mail, to GraphiQL, leads to the page on which one can sign in', older, {}, async ({ page }) => {
  await door(page).getByText(/^Claudia invites o\S+@people\.example to AllSolutions\.$/).waitFor();
  await keptNowhere(page, invitation);
});

onPage('a link that is opened where GraphiQL is shown leads there, too', () => signedIn('/graphiql/', demo.tokens.alan), {}, async ({ page }) => {
  await editorReady(page);
  await page.evaluate((token) => (location.hash = `invitation=${token}`), invitation);
  // Of their own organization, and for somebody else: there is nothing to answer.
  await page.getByRole('alert').getByText('You are a member of AllSolutions.').waitFor();
  await keptNowhere(page, invitation);
});
