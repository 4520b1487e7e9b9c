// The link in an invitation's mail, as its readers meet it: opened before and after signing in, accepted and declined. On a demo
// of its own (demo.mjs): who becomes a member here is nobody else's business.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { startDemo } from './demo.mjs';
import { editorReady, enterToken, onPages } from './page.mjs';

const OLIVIA = 'outsider@othersolutions.example';
const CLAUDIA = 'claudia@allsolutions.example';
const VICTOR = 'viewer@allsolutions.example';

let demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo?.stop());

const onPage = onPages(() => demo.origin);
const banner = (page) => page.getByRole('region', { name: 'Invitation' });
const button = (page, name) => banner(page).getByRole('button', { name });

/** In memory only: neither in the address nor in the document nor in what the tab keeps. */
async function keptNowhere(page, secret) {
  assert.equal(page.url(), `${demo.origin}/graphiql/`);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, document.documentElement.outerHTML]));
  assert.ok(!kept.includes(secret), 'the invitation is kept');
}

onPage('a link that opens nothing says so, and leaves the address at once', '/graphiql/#invitation=nonsense', {}, async ({ page, requests }) => {
  await banner(page).getByText('This invitation is not open any more.').waitFor();
  assert.equal(await button(page, 'Accept').count(), 0);
  await keptNowhere(page, 'nonsense');
  await editorReady(page);
  const [asked, ...more] = requests.filter(({ what }) => what === 'POST /graphql');
  assert.deepEqual([asked.headers.authorization, asked.headers.cookie, more], [undefined, undefined, []]);
  await page.reload();
  await editorReady(page);
  assert.equal(await banner(page).count(), 0, 'another page knows nothing of it');
});

let invitation;
const link = async () => {
  invitation = await demo.invite('claudia', 'allsolutions', OLIVIA);
  return `/graphiql/#invitation=${invitation}`;
};
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, colorScheme: 'dark' };
onPage('an invitation is read before signing in, and accepted after, on a phone and by the keyboard', link, PHONE, async ({ page, requests }) => {
  await banner(page).getByText(/^Claudia invites o\S+@othersolutions\.example to AllSolutions\.$/).waitFor();
  await banner(page).getByText('paste your token first').waitFor();
  assert.ok(await button(page, 'Accept').isDisabled());
  assert.ok(await button(page, 'Decline').isDisabled());
  await keptNowhere(page, invitation);
  const bar = await page.locator('header').evaluate((element) => ({ inner: element.scrollWidth, outer: element.clientWidth }));
  assert.ok(bar.inner <= bar.outer, `the bar is ${bar.inner} wide in ${bar.outer}`);

  await enterToken(page, demo.tokens.outsider);
  const organization = page.getByLabel('Organization').locator('option:checked');
  assert.equal(await organization.innerText(), 'OtherSolutions (owner)');
  await button(page, 'Accept').focus();
  await page.keyboard.press('Enter');
  await banner(page).getByText('You are a member of AllSolutions now.').waitFor();
  await organization.getByText('AllSolutions (member)').waitFor({ state: 'attached' });
  await keptNowhere(page, invitation);
  assert.ok(requests.filter(({ what }) => what.startsWith('POST ')).every(({ what }) => what === 'POST /graphql'));

  // The button is gone, and the keyboard goes on where it was.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await banner(page).waitFor({ state: 'hidden' });
});

const both = async () => {
  invitation = await demo.invite('outsider', 'othersolutions', CLAUDIA);
  return `/graphiql/#token=${demo.tokens.alan}&invitation=${invitation}`;
};
onPage('an invitation for somebody else is refused in words; its addressee declines it', both, {}, async ({ page }) => {
  // The person first, then the invitation: neither is answered by the link.
  await page.getByRole('button', { name: 'Go on' }).click();
  await button(page, 'Accept').click();
  await banner(page).getByText(/^This invitation is for c\S+@allsolutions\.example, and your token for another address\./).waitFor();
  // As these words say.
  await page.getByRole('button', { name: 'Forget token' }).click();
  await page.getByText('Paste a bearer token above to begin').waitFor();
  await page.evaluate((token) => (location.hash = `invitation=${token}`), invitation);
  await enterToken(page, demo.tokens.claudia);
  await page.locator('.caller').getByText('Claudia').waitFor();
  await button(page, 'Decline').click();
  await banner(page).getByText('You have declined the invitation to OtherSolutions.').waitFor();
  await page.reload();
  assert.equal(await banner(page).count(), 0);
});

const victors = async () => {
  invitation = await demo.invite('outsider', 'othersolutions', VICTOR);
  return `/graphiql/#invitation=${invitation}`;
};
onPage('whoever turns out to be a member when they sign in is told so', victors, {}, async ({ page }) => {
  await banner(page).getByText('paste your token first').waitFor();
  // As it is where the first sign-in alone accepts what waits for an address.
  await demo.accept('viewer', invitation);
  await enterToken(page, demo.tokens.viewer);
  await banner(page).getByText('You are a member of OtherSolutions now.').waitFor();
  await page.getByLabel('Organization').locator('option:checked').getByText('OtherSolutions (member)').waitFor({ state: 'attached' });
});
