// Saved dashboards as people use them: choosing one, making one, changing it by the mouse and by the keyboard, and being told when
// somebody else was faster. On a demo of its own.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, ask, button, countDoctors, figure, fileOf, fits, part, PHONE, picture, RANGE, ready, rows, sheet } from './dashboard.mjs';
import { startDemo } from './demo.mjs';
import { onPages, signedIn } from './page.mjs';
import {
  addWidget,
  answered,
  chooser,
  dashboardRequests,
  editBar,
  fillWidget,
  makeDashboard,
  ORGANIZATION,
  question,
  savedDashboard,
  savedTitles,
  shownId,
} from './saved.mjs';

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
/** A page on a dashboard that is made before it opens. */
const on =
  (who, title, visibility, widgets, search = '') =>
  async () =>
    signedIn(`/dashboard/?dashboard=${await makeDashboard(demo, who, title, visibility, widgets)}${search}`, demo.tokens[who]);

const NUMBER = ['All doctors', 'NUMBER', { overview: 'DOCTORS' }];
const BARS = ['By risk', 'BAR', { doctors: { groupBy: ['RISK'] } }];
const MONTHS = ['By month', 'LINE', { activities: { bucket: { field: 'OCCURRED_AT', unit: 'MONTH' }, groupBy: ['KIND'] } }];

onPage('the dashboard for one’s role is in the list, and comes in one request', as('alan', `?range=${RANGE}`), {}, async ({ page }) => {
  await ready(page);
  const asked = dashboardRequests(page);
  await chooser(page).selectOption({ label: 'The organization at a glance – for your role' });
  await answered(page, 'Doctors by risk');
  await part(page, 'Activities by month').locator('svg path').first().waitFor();
  assert.equal(asked.length, 1, 'nine widgets, one request');
  assert.equal(await figure(page, 'Doctors'), await countDoctors(demo.origin, demo.tokens.alan, ORGANIZATION));
  await accessible(page);
  await picture(page, 'saved-light');

  // It is built in: a copy can be made, and there is nothing to change.
  assert.equal(await button(page, 'Edit').count(), 0);
  assert.equal(await button(page, 'Duplicate').count(), 1);

  // What is drawn is also a table, and a file.
  const status = part(page, 'Cases by status');
  await button(status, 'Table').click();
  const cases = await rows(status);
  assert.deepEqual(cases.map(([name]) => name).sort(), ['Cancelled', 'Completed', 'In progress', 'Submitted']);
  const file = await fileOf(page, () => button(page, 'CSV of Cases by status').click());
  assert.match(file.name, /^allsolutions-cases-by-status-\d{4}-\d\d-\d\d\.csv$/);
  assert.deepEqual(file.lines, ['Status,Cases', ...cases.map(([name, count]) => `${name},${count.replaceAll(',', '')}`)]);

  await page.reload();
  await answered(page, 'Doctors by risk');
  await page.goBack();
  await ready(page);
});

onPage('a bar of a saved dashboard leads to its doctors, by the keyboard too', on('alan', 'Drill', 'PRIVATE', [BARS]), {}, async ({ page }) => {
  const bar = button(part(page, 'By risk'), /^High: \d+/);
  await bar.focus();
  await page.keyboard.press('Enter');
  const count = await countDoctors(demo.origin, demo.tokens.alan, ORGANIZATION, { risk: ['HIGH'] });
  await sheet(page).getByText(`${count} as they are now`).waitFor();
});

onPage(
  'the range and the DSOs go to every widget that has them, and the others say so',
  on('alan', 'Filters', 'PRIVATE', [BARS, MONTHS]),
  {},
  async ({ page }) => {
    const asked = dashboardRequests(page);
    await page.reload();
    await answered(page, 'By risk');
    assert.equal(asked.at(-1).range, null, 'each widget has its own time, until one is chosen');
    await part(page, 'By month').getByText('of all time').waitFor();
    await part(page, 'By risk').getByText('as of now', { exact: true }).waitFor();

    await button(page, 'Year').click();
    await part(page, 'By risk').getByText('as of now, whatever the range').waitFor();
    assert.equal(new Date(asked.at(-1).range.from).getMonth(), 0);
    await button(page, /^DSOs: All 5 DSOs/).click();
    await page.getByRole('checkbox', { name: 'Pure Smiles' }).check();
    await page.getByText('the figures are about 1 DSO of them').waitFor();
    assert.equal(asked.at(-1).dsoIds.length, 1);
    await page.keyboard.press('Escape');
    await button(part(page, 'By risk'), 'Table').click();
    const total = await countDoctors(demo.origin, demo.tokens.alan, ORGANIZATION, { dsoIds: asked.at(-1).dsoIds });
    assert.equal(
      (await rows(part(page, 'By risk'))).reduce((sum, [, count]) => sum + Number(count), 0),
      total,
    );
    await button(page, 'As saved').click();
    await part(page, 'By month').getByText('of all time').waitFor();
  },
);

onPage('a dashboard is made, filled, changed and still there', as('alan'), {}, async ({ page }) => {
  await ready(page);
  await button(page, 'New dashboard').click();
  await button(sheet(page), 'Create').click();
  await sheet(page).getByText('This is empty.').waitFor();
  assert.equal(await sheet(page).getByLabel('Title').getAttribute('aria-invalid'), 'true');
  await accessible(page);
  await sheet(page).getByLabel('Title').fill('Monday');
  await button(sheet(page), 'Create').click();
  await page.getByText('Nothing on it yet').waitFor();

  // What is wrong stands beside its field, in the gateway's words.
  await button(editBar(page), 'Add widget').click();
  await fillWidget(page, 'Contacts', { 'Show as': 'Line over time', What: 'Activities', 'Over time, by': 'Week' });
  await sheet(page).getByLabel('Only the last … days').fill('4000');
  await button(sheet(page), 'Add it').click();
  await sheet(page).getByText('This is 4000; it must be between 1 and 3650.').waitFor();
  assert.equal(await sheet(page).getByLabel('Only the last … days').getAttribute('aria-invalid'), 'true');
  await accessible(page);
  await picture(page, 'saved-form');
  await sheet(page).getByLabel('Only the last … days').fill('365');
  await button(sheet(page), 'Add it').click();
  await sheet(page).waitFor({ state: 'hidden' });
  await part(page, 'Contacts').getByText('last 365 days').waitFor();

  await addWidget(page, 'Doctors now', { 'Show as': 'Number', What: 'A figure of the overview', 'Which figure': 'Doctors' });
  await addWidget(page, 'Cases', { 'Show as': 'Shares of a whole', What: 'Cases', 'Grouped by': 'Status' });

  // An edited one keeps what is not touched.
  await button(page, 'Edit Contacts').click();
  assert.equal(await sheet(page).getByLabel('Only the last … days').inputValue(), '365');
  await fillWidget(page, 'Contacts by kind', { 'Grouped by': 'Kind' });
  await button(sheet(page), 'Save widget').click();
  await sheet(page).waitFor({ state: 'hidden' });
  await answered(page, 'Contacts by kind');

  await button(page, 'Remove Cases').click();
  await button(question(page), 'Keep it').click();
  await button(page, 'Remove Cases').click();
  await accessible(page);
  await button(question(page), 'Remove it').click();
  await part(page, 'Cases').waitFor({ state: 'hidden' });

  await editBar(page).getByLabel('Title').fill('Tuesday');
  await button(editBar(page), /^Save$/).click();
  await button(editBar(page), 'Saved').waitFor();
  await accessible(page);
  await picture(page, 'saved-edit');
  await button(editBar(page), 'Done').click();
  await page.reload();
  await answered(page, 'Contacts by kind');
  assert.equal(await chooser(page).locator('option:checked').innerText(), 'Tuesday (private)');
  const { title, widgets } = await savedDashboard(demo, 'alan', shownId(page));
  assert.equal(title, 'Tuesday');
  assert.deepEqual(
    widgets.map(({ title, kind }) => [title, kind]),
    [
      ['Contacts by kind', 'LINE'],
      ['Doctors now', 'NUMBER'],
    ],
  );
  assert.equal(widgets[0].query.activities.lastDays, 365);
  assert.deepEqual(widgets[0].query.activities.groupBy, ['KIND']);
  assert.equal(await part(page, 'Contacts by kind').getByText('there may be others').count(), 0, 'a year of weeks of each kind is asked for whole');
});

const WRITTEN = { doctors: { groupBy: ['RISK', 'DSO'], having: [{ measure: { count: true }, gt: 1 }], filter: { text: 'a', risk: ['HIGH'] } } };
onPage(
  'what the form has no field for stays as it was written',
  on('alan', 'Written', 'PRIVATE', [['By hand', 'TABLE', WRITTEN]]),
  {},
  async ({ page }) => {
    await button(page, 'Edit').click();
    await button(page, 'Edit By hand').click();
    await sheet(page).getByText('It also asks for having, text, DSO').waitFor();
    assert.ok(await sheet(page).getByLabel('High').isChecked());
    await fillWidget(page, 'By form', { Order: 'The largest first' });
    await button(sheet(page), 'Save widget').click();
    await answered(page, 'By form');
    const [{ query }] = (await savedDashboard(demo, 'alan', shownId(page))).widgets;
    assert.deepEqual(query, { doctors: { ...WRITTEN.doctors, orderBy: [{ measure: { count: true }, direction: 'DESC' }] } });
  },
);

onPage(
  'widgets are moved and made larger by the keyboard, and saved together',
  on('alan', 'Places', 'PRIVATE', [BARS, NUMBER]),
  {},
  async ({ page }) => {
    await button(page, 'Edit').click();
    const press = async (name) => {
      await button(page, name).focus();
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), name, 'the keyboard stays where it was');
    };
    await press('Move All doctors up');
    await press('Make All doctors wider');
    await page.getByText('All doctors: column 1, line 1, 7 wide, 4 tall').waitFor();
    assert.equal(await button(page, 'Move All doctors up').getAttribute('aria-disabled'), 'true');
    await page.getByText('is not saved yet').waitFor();
    await button(editBar(page), 'Discard').click();
    const placed = async () => (await savedDashboard(demo, 'alan', shownId(page))).widgets.map(({ title, x, y, width }) => [title, x, y, width]);
    assert.deepEqual(await placed(), [
      ['By risk', 0, 0, 6],
      ['All doctors', 0, 4, 6],
    ]);
    await press('Move All doctors up');
    await press('Move All doctors right');
    await button(editBar(page), /^Save$/).click();
    await button(editBar(page), 'Saved').waitFor();
    await button(editBar(page), 'Done').click();
    await editBar(page).waitFor({ state: 'hidden' });
    assert.deepEqual(await placed(), [
      ['All doctors', 1, 0, 6],
      ['By risk', 0, 4, 6],
    ]);
  },
);

onPage('whoever was slower is told so, and loses nothing', on('alan', 'Both', 'PRIVATE', [NUMBER]), {}, async ({ page }) => {
  await button(page, 'Edit').click();
  const other = (title) =>
    ask(
      demo.origin,
      demo.tokens.alan,
      ORGANIZATION,
      'mutation ($input: DashboardUpdateInput!) { dashboardUpdate(input: $input) { userErrors { code } } }',
      { input: { dashboardId: shownId(page), title } },
    );
  await editBar(page).getByLabel('Title').fill('Mine');
  await other('Theirs');
  await button(editBar(page), /^Save$/).click();
  await page.getByText('Somebody has changed this dashboard since you began').waitFor();
  assert.equal((await savedDashboard(demo, 'alan', shownId(page))).title, 'Theirs');
  assert.equal(await editBar(page).getByLabel('Title').inputValue(), 'Mine');
  await accessible(page);
  await picture(page, 'saved-conflict');
  await button(page, 'Go on with the newest version').click();
  await button(editBar(page), /^Save$/).click();
  await button(editBar(page), 'Saved').waitFor();
  assert.equal((await savedDashboard(demo, 'alan', shownId(page))).title, 'Mine');

  await button(page, 'Edit All doctors').click();
  await sheet(page).getByLabel('Title').fill('Ours');
  await other('Theirs again');
  await button(sheet(page), 'Save widget').click();
  await sheet(page).getByText('What you wrote is still here.').waitFor();
  await button(sheet(page), 'Go on with the newest version').click();
  await button(sheet(page), 'Save widget').click();
  await answered(page, 'Ours');

  // Places too: they are saved with the rest, on the newest version.
  await button(page, 'Make Ours wider').click();
  await other('Theirs for good');
  await button(editBar(page), /^Save$/).click();
  await page.getByText('What you changed is still here.').waitFor();
  await button(page, 'Go on with the newest version').click();
  await button(editBar(page), /^Save$/).click();
  await button(editBar(page), 'Saved').waitFor();
  const { title, widgets } = await savedDashboard(demo, 'alan', shownId(page));
  assert.deepEqual([title, widgets[0].width], ['Theirs for good', 7]);
});

onPage('a copy is one’s own: it is shared, and deleted only after a question', on('alan', 'Original', 'PRIVATE', [NUMBER]), {}, async ({ page }) => {
  const original = shownId(page);
  await button(page, 'Duplicate').click();
  await editBar(page).waitFor();
  assert.notEqual(shownId(page), original);
  await editBar(page).getByLabel('Who sees it').selectOption({ label: 'Every member of the organization' });
  await button(editBar(page), /^Save$/).click();
  await button(editBar(page), 'Saved').waitFor();
  assert.deepEqual(
    (await savedTitles(demo, 'agent')).filter((title) => title.includes('Original')),
    ['Copy of Original'],
  );
  await button(editBar(page), 'Delete dashboard').click();
  await question(page).getByText('for every member').waitFor();
  await accessible(page);
  await page.keyboard.press('Escape');
  await button(editBar(page), 'Delete dashboard').click();
  await button(question(page), 'Delete it').click();
  await ready(page);
  assert.equal(shownId(page), null);
  assert.ok(!(await savedTitles(demo, 'alan')).includes('Copy of Original'));
  await page.goBack();
  await page.getByText('No such dashboard').waitFor();
  await accessible(page);
});

onPage('all of it fits a phone, to look at and to change', on('agent', 'Phone', 'PRIVATE', [NUMBER, BARS, MONTHS]), PHONE, async ({ page }) => {
  await answered(page, 'By month');
  await fits(page);
  await accessible(page);
  await picture(page, 'saved-phone');
  await button(page, 'Edit').click();
  await fits(page);
  await accessible(page);
  await picture(page, 'saved-phone-edit');
  await button(editBar(page), 'Add widget').click();
  await fits(page);
  await accessible(page);
});

onPage(
  'dark, to look at and to change',
  on('alan', 'Dark', 'PRIVATE', [NUMBER, BARS, MONTHS], `&range=${RANGE}`),
  { colorScheme: 'dark' },
  async ({ page }) => {
    await part(page, 'By month').locator('svg path').first().waitFor();
    await accessible(page);
    await picture(page, 'saved-dark');
    await button(page, 'Edit').click();
    await accessible(page);
    await button(editBar(page), 'Add widget').click();
    await accessible(page);
    await picture(page, 'saved-dark-form');
  },
);
