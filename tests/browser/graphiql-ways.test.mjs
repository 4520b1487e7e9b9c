// GraphiQL where something is odd: what the explorer adds, where an example begins, a gateway that is away, what the panel of reasons is called,
// and in which order the keyboard goes. Needs a running gateway, as graphiql.test.mjs says.
import assert from 'node:assert/strict';
import { parse, validate, specifiedRules, NoUnusedVariablesRule, buildSchema } from 'graphql';
import { readFile } from 'node:fs/promises';
import { editorReady, enterToken, onPages, paste, run, shown, textOf } from './page.mjs';

const { GATEWAY_URL, GATEWAY_TOKEN_MANAGER } = process.env;
assert.ok(GATEWAY_URL && GATEWAY_TOKEN_MANAGER, 'GATEWAY_URL and a token are needed: see graphiql.test.mjs');

const onPage = onPages(() => new URL(GATEWAY_URL).origin);
const show = (page, panel) => page.getByRole('button', { name: `Show ${panel}` }).click();
const written = (page) => textOf(page, '.graphiql-query-editor');

async function until(is, what) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await is()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(what);
}

onPage('what the explorer adds to the first query makes a document that runs', '/graphiql/', {}, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  assert.match(await written(page), /query Start \{/);
  await show(page, 'GraphiQL Explorer');
  const add = page.locator('.graphiql-explorer-actions');
  await add.locator('select').selectOption('mutation');
  await add.getByRole('button', { name: '+' }).click();
  await until(async () => /mutation MyMutation/.test(await written(page)), 'nothing was added');
  // The editor draws only the lines in view; the whole text is what GraphiQL stores, a moment later.
  const stored = () => page.evaluate(() => JSON.parse(sessionStorage.getItem('graphiql:tabState')).tabs[0].query);
  await until(async () => /mutation MyMutation/.test(await stored()), 'what was added is not stored');
  const document = parse(await stored());
  const schema = buildSchema(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8'), { assumeValidSDL: true });
  const rules = specifiedRules.filter((rule) => rule !== NoUnusedVariablesRule);
  assert.deepEqual(validate(schema, document, rules).map(({ message }) => message), []);
  assert.deepEqual(document.definitions.map(({ name }) => name?.value), ['Start', 'MyMutation']);
});

onPage('an example begins at its beginning, however far the last query was scrolled, and is opened once', '/graphiql/', { viewport: { width: 900, height: 700 } }, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  await paste(page, `{ ${'aVeryLongNameOfAField '.repeat(60)}}`);
  await page.locator('.graphiql-query-editor .view-lines').click();
  await page.keyboard.press('End');
  await show(page, 'Example Queries');
  const panel = page.getByRole('region', { name: 'Example queries' });
  const example = panel.getByRole('button', { name: 'Doctors at risk', exact: true });
  await example.click();
  await until(async () => /query DoctorsAtRisk/.test(await written(page)), 'the example was not opened');
  const left = () =>
    page.locator('.graphiql-query-editor').evaluate((pane) => {
      const line = [...pane.querySelectorAll('.view-line')].find((line) => line.textContent.includes('DoctorsAtRisk'));
      const [text, box] = [line.firstElementChild.getBoundingClientRect(), pane.querySelector('.overflow-guard').getBoundingClientRect()];
      return text.left - box.left;
    });
  await until(async () => (await left()) >= 0, `the example is scrolled: ${await left()}`);
  const tabs = page.getByRole('tab');
  const before = await tabs.count();
  await tabs.first().click();
  await example.click();
  await until(async () => /query DoctorsAtRisk/.test(await written(page)), 'the example was not shown');
  assert.equal(await tabs.count(), before, 'it is there already');
});

onPage('a gateway that is away is told in a sentence', '/graphiql/', {}, async ({ page, faults }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  await page.route('**/graphql', (route) => route.abort('connectionrefused'));
  await paste(page, '{ viewer { name } }');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.locator('.graphiql-response .view-lines').getByText('The gateway cannot be reached. Look at your connection').waitFor();
  const answer = await shown(page);
  assert.doesNotMatch(answer, /Failed to fetch|stack|at .*\.js/);
  await page.getByRole('region', { name: 'Why something is not shown' }).getByText('code UNREACHABLE').waitFor();
  await page.unroute('**/graphql');
  assert.equal((await run(page, '{ viewer { name } }')).errors, undefined);
  assert.ok(faults.console.every((line) => line.includes('ERR_CONNECTION_REFUSED')), faults.console.join('\n'));
  faults.console.length = 0;
});

onPage('what was not run at all is not called a field that is not shown', '/graphiql/', {}, async ({ page, faults }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  const reasons = page.getByRole('region', { name: 'Why something is not shown' });
  await run(page, '{ viewer { name ');
  await reasons.getByRole('heading', { name: 'Not answered' }).waitFor();
  // A browser logs the answer's status.
  faults.console.length = 0;
});

onPage('the keyboard goes through the bar as it is read: whose view, then the way out', '/graphiql/', {}, async ({ page }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_MANAGER);
  await page.getByLabel('Look as').waitFor();
  await page.getByLabel('Organization').focus();
  const order = [];
  for (let press = 0; press < 4; press += 1) {
    order.push(await page.evaluate(() => document.activeElement.id || document.activeElement.textContent));
    await page.keyboard.press('Tab');
  }
  assert.deepEqual(order, ['organization', 'run-as', 'Dashboard', 'Forget token']);
  const places = await Promise.all(['#organization', '#run-as', '.bar a', '.forget'].map((of) => page.locator(of).boundingBox()));
  assert.ok(places.every(({ x, y }, place) => place === 0 || y > places[place - 1].y || x > places[place - 1].x), 'the eye goes the same way');
  assert.ok(!(await page.getByLabel('Organization').locator('option').allInnerTexts()).join().includes('header'));
});
