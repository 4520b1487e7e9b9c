// What GraphiQL offers to analysts: building a query, saving it, examples, reasons at a click, and the answer as a file. Needs a
// running gateway, as graphiql.test.mjs says.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { editorReady, enterToken, onPages, paste, run, textOf } from './page.mjs';

const { GATEWAY_URL, GATEWAY_TOKEN_MANAGER, GATEWAY_TOKEN_VIEWER } = process.env;
assert.ok(GATEWAY_URL && GATEWAY_TOKEN_MANAGER && GATEWAY_TOKEN_VIEWER, 'GATEWAY_URL and two tokens are needed: see graphiql.test.mjs');

const onPage = onPages(() => new URL(GATEWAY_URL).origin);
const show = (page, panel) => page.getByRole('button', { name: `Show ${panel}` }).click();
const written = (page) => textOf(page, '.graphiql-query-editor');

/** Waits until a text that changes by itself is as it should be. */
async function until(read, expected) {
  let text;
  for (let tries = 0; tries < 100; tries += 1) {
    text = await read();
    if (expected.test(text)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.match(text, expected);
}

/** What the browser saves when something is clicked. */
async function saved(page, click) {
  const download = page.waitForEvent('download');
  await click();
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

/** Opens the menu of files; each test chooses one. */
const exported = (page, name) =>
  saved(page, async () => {
    await page.getByRole('button', { name: 'Export the answer' }).click();
    await page.getByRole('menuitem', { name }).click();
  });

onPage('the explorer builds a query by clicks, and shows the guard of each field', '/graphiql/', {}, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  await run(page, '{ viewer { name } }');
  await show(page, 'GraphiQL Explorer');
  const email = page.locator('.graphiql-explorer-viewer [data-field-name="email"]');
  assert.match(await email.getAttribute('title'), /^Guard: `signed in`/);
  await email.click();
  await until(() => written(page), /viewer\s*\{\s*name\s+email\s*\}/);
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/graphql');
  await page.getByRole('button', { name: /Execute query/ }).click();
  assert.match((await (await answered).json()).data.viewer.email, /@/);
});

onPage('a query is saved, opened, deleted and brought back, and no token comes along', '/graphiql/', {}, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  await run(page, 'query Names { dsos { nodes { name } } }');
  await show(page, 'Saved Queries');
  const panel = page.getByRole('region', { name: 'Saved queries' });
  await panel.getByLabel('Name').fill('All our DSOs');
  await panel.getByRole('button', { name: 'Save' }).click();
  await panel.getByText('Saved “All our DSOs”.').waitFor();
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  assert.deepEqual(JSON.parse(JSON.parse(kept)['gateway:saved-queries']), [
    { name: 'All our DSOs', query: 'query Names { dsos { nodes { name } } }', variables: '' },
  ]);
  assert.equal(Object.keys(JSON.parse(kept)).length, 1);
  assert.ok(!kept.includes(GATEWAY_TOKEN_MANAGER));

  // It outlives the page; opened, it stands in a tab of its own, and what was written is not lost.
  await page.reload();
  await editorReady(page);
  await page.getByLabel('Organization').waitFor();
  await paste(page, '{ viewer { name } }');
  const tabs = page.getByRole('tab');
  const before = await tabs.count();
  await panel.getByRole('button', { name: 'All our DSOs', exact: true }).click();
  await until(() => written(page), /^query Names \{ dsos \{ nodes \{ name \} \} \}/);
  assert.equal(await tabs.count(), before + 1);

  await panel.getByRole('button', { name: 'Delete All our DSOs' }).click();
  await panel.getByText('None yet.').waitFor();
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await panel.getByRole('button', { name: 'Undo' }).click();
  await panel.getByRole('button', { name: 'All our DSOs', exact: true }).waitFor();
});

onPage('a token in a query is not saved', '/graphiql/', {}, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_VIEWER);
  await show(page, 'Saved Queries');
  const panel = page.getByRole('region', { name: 'Saved queries' });
  await run(page, `query Oops { invitationPreview(token: "${GATEWAY_TOKEN_VIEWER}") { organizationName } }`);
  await panel.getByRole('button', { name: 'Save' }).click();
  await panel.getByText('It holds your token').waitFor();
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

onPage('the collection goes into a file and comes back from one', '/graphiql/', {}, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  await run(page, 'query Mine { viewer { name } }');
  await show(page, 'Saved Queries');
  const panel = page.getByRole('region', { name: 'Saved queries' });
  // Without a name of one's own it gets the operation's.
  await panel.getByRole('button', { name: 'Save' }).click();
  await panel.getByRole('button', { name: 'Mine', exact: true }).waitFor();
  const file = await saved(page, () => panel.getByRole('button', { name: 'Export as a file' }).click());
  assert.equal(file.name, 'saved-queries.json');
  const collection = JSON.parse(file.text);
  assert.deepEqual(collection, { kind: 'gateway-queries', version: 1, queries: [{ name: 'Mine', query: 'query Mine { viewer { name } }', variables: '' }] });

  const give = (text) => panel.getByLabel('Import a file').setInputFiles({ name: 'q.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  // The same once more is nothing new; another of the same name does not take its place; what is no query is refused.
  await give(file.text);
  await panel.getByText('Imported 0.').waitFor();
  const more = [{ name: 'Mine', query: '{ other }', headers: '{"authorization":"x"}' }, { name: 'Yours', query: '{ dsos { totalCount } }' }, { name: 'Bad', query: 7 }, null];
  await give(JSON.stringify({ queries: more }));
  await panel.getByText('Imported 2, refused 2.').waitFor();
  for (const name of ['Mine', 'Mine (2)', 'Yours']) await panel.getByRole('button', { name, exact: true }).waitFor();
  assert.ok(!(await page.evaluate(() => JSON.stringify({ ...localStorage }))).includes('authorization'));
  await give('no json');
  await panel.getByText('This file holds no saved queries.').waitFor();
});

onPage('an example opens with its times as of now, and runs', '/graphiql/', {}, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  await show(page, 'Example Queries');
  const panel = page.getByRole('region', { name: 'Example queries' });
  for (const title of ['Doctors at risk', 'Activities of the last week by kind', 'Onboarding progress', 'Who may see a DSO', 'Audit log of this week']) {
    await panel.getByRole('button', { name: title, exact: true }).waitFor();
  }
  await panel.getByRole('button', { name: 'Doctors without contact for 30 days' }).click();
  await until(() => written(page), /query DoctorsWithoutContact\(\$since: DateTime!\)/);
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/graphql');
  await page.getByRole('button', { name: /Execute query/ }).click();
  const response = await answered;
  const since = Date.parse(response.request().postDataJSON().variables.since);
  assert.ok(Math.abs(Date.now() - 30 * 86_400_000 - since) < 300_000, 'thirty days ago');
  const answer = await response.json();
  assert.equal(answer.errors, undefined);
  assert.equal(typeof answer.data.doctors.totalCount, 'number');
});

onPage('a refusal is explained at a click, on the DSO that it is about', '/graphiql/', {}, async ({ page, requests }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_VIEWER);
  const answer = await run(page, '{ doctors(first: 3) { nodes { name email dso { id name } } } organization { auditLog { totalCount } } }');
  const { dso } = answer.data.doctors.nodes[0];
  const refused = answer.errors.find(({ extensions }) => extensions.coordinate === 'Doctor.email');
  assert.equal(refused.extensions.dsoId, dso.id);
  const reasons = page.getByRole('region', { name: 'Why something is not shown' });
  const before = requests.filter(({ what }) => what === 'POST /graphql').length;
  await reasons.getByRole('button', { name: 'Explain Doctor.email' }).click();
  await reasons
    .getByText(`Doctor.email on ${dso.name} needs dso: MANAGER: the role on this dso is too low. What would change it: An admin grants them MANAGER on this dso.`)
    .waitFor();
  await reasons.getByRole('button', { name: 'Explain Organization.auditLog' }).click();
  await reasons.getByText('Organization.auditLog needs org: ADMIN: the role in the organization is too low. What would change it: An owner makes them ADMIN of the organization.').waitFor();
  assert.equal(requests.filter(({ what }) => what === 'POST /graphql').length, before + 2);
  // The next answer's reasons are asked anew.
  await run(page, '{ doctors(first: 2) { nodes { email } } }');
  await reasons.getByRole('button', { name: 'Explain Doctor.email' }).waitFor();
});

onPage('the documentation shows every kind of guard beside its field', '/graphiql/', {}, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_VIEWER);
  await show(page, 'Documentation Explorer');
  const docs = page.getByRole('region', { name: 'Documentation Explorer' });
  for (const [type, field, ...guards] of [
    ['Organization', 'auditLog', 'Guard: org: ADMIN'],
    ['User', 'email', 'Guard: self, or org: ADMIN'],
    ['Doctor', 'phone', 'Guard: dso: MANAGER'],
    ['Viewer', 'joinRequests', 'Guard: signed in'],
    ['Query', 'invitationPreview', 'Public: whoever holds the token'],
    ['Mutation', 'doctorUpdate', 'Guard: dso: MANAGER'],
    // An interface shows what stands before each of its types.
    ['Node', 'id', 'Guard: dso: VIEWER (Activity, ', 'org: MEMBER (Dashboard, Member, Organization)'],
  ]) {
    await docs.getByRole('combobox').fill(type);
    await page.getByRole('option', { name: type, exact: true }).click();
    const item = docs.locator('.graphiql-doc-explorer-item').filter({ has: page.getByText(field, { exact: true }) }).first();
    await item.waitFor();
    const text = await item.innerText();
    for (const guard of guards) assert.ok(text.includes(guard), `${type}.${field}: ${text}`);
  }
});

onPage('the answer is exported as JSON and its lists as CSV', '/graphiql/', {}, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  const button = page.getByRole('button', { name: 'Export the answer' });
  await button.click();
  await page.getByText('There is no answer to export').waitFor();
  await page.keyboard.press('Escape');
  const answer = await run(page, '{ dsos(first: 2) { nodes { name doctors(first: 3) { edges { cursor node { name risk dso { name } } } } } } }');
  await page.locator('.graphiql-response').getByText('cursor').first().waitFor();
  const json = await exported(page, /^JSON/);
  assert.equal(json.name, 'answer.json');
  assert.deepEqual(JSON.parse(json.text).data, answer.data);

  const outer = await exported(page, /^CSV: dsos, 2 rows/);
  assert.equal(outer.name, 'dsos.csv');
  assert.ok(outer.text.startsWith('\ufeffname,doctors.edges\r\n'), outer.text);
  const inner = await exported(page, /^CSV: dsos › doctors, \d+ rows/);
  const lines = inner.text.replace('\ufeff', '').trimEnd().split('\r\n');
  assert.equal(lines[0], 'dsos.name,name,risk,dso.name,cursor');
  const rows = answer.data.dsos.nodes.flatMap(({ doctors }) => doctors.edges);
  assert.equal(lines.length, rows.length + 1);
  assert.ok(rows.length > 0 && lines[1].startsWith(`${answer.data.dsos.nodes.find(({ doctors }) => doctors.edges.length > 0).name},`), lines[1]);
});

onPage('no cell of an exported list is a formula', '/graphiql/', {}, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  const evil = ['=1+1', '+49 30 1', '-2+3', '@SUM(A1)', '\t=1', ' =1', '\r=1', '\uff1d1', '\u200b=1'];
  const nodes = [...evil.map((name) => ({ name, percent: -5 })), { name: 'Ann;=1', percent: 1 }, { name: 'plain, "quoted"\nand broken', percent: 1 }];
  await page.route('**/graphql', (route) => route.fulfill({ json: { data: { doctors: { nodes } } } }));
  await run(page, '{ doctors { nodes { name } } }');
  await page.locator('.graphiql-response').getByText('+49 30 1').waitFor();
  const { text } = await exported(page, /^CSV: doctors/);
  const body = text.slice(text.indexOf('\r\n') + 2);
  for (const name of evil) assert.ok(body.includes(`'${name}`), JSON.stringify([name, body]));
  assert.ok(body.includes("Ann;'=1"), body);
  assert.match(body, /^"?'=1\+1"?,-5\r\n/);
  assert.ok(body.includes('"plain, ""quoted""\nand broken",1'), body);
});
