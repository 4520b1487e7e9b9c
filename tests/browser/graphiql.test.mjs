// The page that the gateway serves, as its readers meet it. Needs a running gateway:
//   GATEWAY_URL            such as http://127.0.0.1:8080
//   GATEWAY_TOKEN_MANAGER  somebody who may read the e-mail of the first doctor they see
//   GATEWAY_TOKEN_VIEWER   somebody who sees a doctor, but not the e-mail
//   CHROMIUM               the browser, if it is not /usr/bin/chromium
//   SCREENSHOTS            a folder for pictures, if wanted
import assert from 'node:assert/strict';
import { editorReady, enterToken, onPages, run, shown } from './page.mjs';

const { GATEWAY_URL, GATEWAY_TOKEN_MANAGER, GATEWAY_TOKEN_VIEWER } = process.env;
const missing = Object.entries({ GATEWAY_URL, GATEWAY_TOKEN_MANAGER, GATEWAY_TOKEN_VIEWER }).filter(([, value]) => !value);
assert.equal(missing.length, 0, `not set: ${missing.map(([name]) => name).join(', ')}`);
const origin = new URL(GATEWAY_URL).origin;

const EMAIL = '{ doctors(first: 1) { nodes { name email } } }';

const onPage = onPages(() => origin);

onPage('without a token it says what to do and asks nothing', '/graphiql/', {}, async ({ page, requests }) => {
  await editorReady(page);
  await page.getByText('Paste a bearer token above to begin').waitFor();
  assert.equal(await page.getByLabel('Bearer token').getAttribute('type'), 'password');
  await page.locator('.graphiql-query-editor .view-lines').click();
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.locator('.graphiql-response').getByText('no token yet').waitFor();
  const asked = requests.map(({ what }) => what).filter((what) => !/^GET \/graphiql\/(assets\/.*)?$/.test(what));
  assert.deepEqual(asked, []);
});

onPage('a token fills the organization switch, and the default query runs', '/graphiql/', {}, async ({ page, requests }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  const choices = await page.getByLabel('Organization').locator('option').allInnerTexts();
  assert.ok(choices.length >= 2, `an organization and the gateway's own choice: ${choices}`);
  const chosen = await page.getByLabel('Organization').inputValue();
  assert.notEqual(chosen, '');

  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/graphql');
  await page.getByRole('button', { name: /Execute query/ }).click();
  const answer = await (await answered).json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  await page.locator('.graphiql-response').getByText('viewer').first().waitFor();
  const sent = requests.filter(({ what }) => what === 'POST /graphql').at(-1);
  assert.equal(sent.headers['x-organization-id'], chosen);

  // Left to the gateway: no header, remembered for this tab.
  await page.getByLabel('Organization').selectOption('');
  assert.equal(await page.evaluate(() => sessionStorage.getItem('gateway:organization')), '');
});

onPage('the editor knows the schema: its worker is a file of the gateway', '/graphiql/', {}, async ({ page, requests }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_VIEWER);
  await page.locator('.graphiql-query-editor .view-lines').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('{ view');
  await page.locator('.suggest-widget').getByText('viewer', { exact: true }).first().waitFor();
  assert.ok(requests.some(({ what }) => /^GET \/graphiql\/assets\/graphql\.worker/.test(what)));
});

onPage('a manager reads a guarded field', '/graphiql/', { colorScheme: 'dark' }, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  const answer = await run(page, EMAIL);
  const [doctor] = answer.data.doctors.nodes;
  assert.ok(doctor.email, `a positive control needs an e-mail: ${JSON.stringify(answer)}`);
  await page.locator('.graphiql-response').getByText(doctor.email).waitFor();
  assert.match(await shown(page), /"email": "/);
  assert.equal(await page.getByRole('region', { name: 'Why something is not shown' }).count(), 0);
});

onPage('a viewer is told why a field is not shown', '/graphiql/', {}, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_VIEWER);
  const answer = await run(page, EMAIL);
  assert.equal(answer.data.doctors.nodes[0].email, null);
  const reasons = page.getByRole('region', { name: 'Why something is not shown' });
  await reasons.waitFor();
  assert.match(await reasons.innerText(), /Doctor\.email is not shown: needs dso: MANAGER \(code FORBIDDEN\), \d+ rows?/);

  // The next answer without a refusal takes the panel away.
  await run(page, '{ doctors(first: 1) { nodes { name } } }');
  await reasons.waitFor({ state: 'hidden' });
});

onPage('the documentation shows the guard beside the field', '/graphiql/', {}, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_VIEWER);
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  const docs = page.getByRole('region', { name: 'Documentation Explorer' });
  await docs.getByRole('combobox').fill('Doctor');
  await page.getByRole('option', { name: 'Doctor', exact: true }).click();
  const email = docs.locator('.graphiql-doc-explorer-item').filter({ has: page.getByText('email', { exact: true }) });
  await email.waitFor();
  assert.match(await email.innerText(), /Guard: dso: MANAGER/);
});

onPage('the token comes by the fragment, leaves the address at once and is never kept', `/graphiql/#token=${GATEWAY_TOKEN_VIEWER}`, {}, async ({ page }) => {
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByLabel('Organization').waitFor();
  await editorReady(page);
  assert.equal(page.url(), `${origin}/graphiql/`);
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  assert.equal(kept, '{}');
  assert.ok(!(await page.content()).includes(GATEWAY_TOKEN_VIEWER), 'the token is nowhere in the document');

  // It lasts as long as the tab …
  await page.reload();
  await page.getByLabel('Organization').waitFor();
  // … or until it is forgotten.
  await page.getByRole('button', { name: 'Forget token' }).click();
  await page.getByText('Paste a bearer token above to begin').waitFor();
  assert.ok(!(await page.evaluate(() => JSON.stringify(sessionStorage))).includes(GATEWAY_TOKEN_VIEWER));
});

onPage('the bar fits a phone and is reached by the keyboard', '/graphiql/', { viewport: { width: 360, height: 740 }, hasTouch: true }, async ({ page }) => {
  await editorReady(page);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'token');
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  // Query and answer stand below one another, each wide enough to read.
  await run(page, '{ viewer { name } }');
  await page.locator('.graphiql-response .view-lines').getByText('viewer').waitFor();
  const answer = await page.locator('.graphiql-response').boundingBox();
  assert.ok(answer.width > 240 && answer.height > 120, JSON.stringify(answer));
  const bar = await page.locator('header').evaluate((element) => ({ inner: element.scrollWidth, outer: element.clientWidth }));
  assert.ok(bar.inner <= bar.outer, `the bar is ${bar.inner} wide in ${bar.outer}`);
});
