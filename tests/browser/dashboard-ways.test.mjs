// Where the keyboard goes, where one lands, what a link is about, and how things are called. On a demo of its own.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, ask, button, figure, fits, part, picture, ready, sheet } from './dashboard.mjs';
import { startDemo } from './demo.mjs';
import { onPages, signedIn } from './page.mjs';
import { answered, chooser, editBar, makeDashboard, question, shownId } from './saved.mjs';

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
const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');

onPage('the keyboard is back where it was after every sheet', as('alan', '?range=year'), {}, async ({ page }) => {
  await ready(page);
  const ways = [
    ['a card', button(part(page, 'Doctors'), 'Show doctors'), /^Show doctors/],
    ['a bar', button(part(page, 'Doctors by risk'), /^High: \d+/), /^High: \d+/],
    ['New dashboard', button(page, 'New dashboard'), /^New dashboard$/],
  ];
  const ends = [
    ['Escape', () => page.keyboard.press('Escape')],
    ['Close', () => button(sheet(page), 'Close').click()],
  ];
  for (const [from, opener, words] of ways) {
    for (const [by, close] of from === 'New dashboard' ? ends : [...ends, ['back', () => page.goBack()]]) {
      await opener.focus();
      await page.keyboard.press('Enter');
      await sheet(page).waitFor();
      await close();
      await sheet(page).waitFor({ state: 'detached' });
      assert.match(await focused(page), words, `${from}, by ${by}`);
    }
  }
});

const mine = async () =>
  signedIn(`/dashboard/?dashboard=${await makeDashboard(demo, 'alan', 'Keys', 'PRIVATE', [['All doctors', 'NUMBER', { overview: 'DOCTORS' }]])}`, demo.tokens.alan);
onPage('and after every question, and into the edit mode and out of it', mine, {}, async ({ page }) => {
  await answered(page, 'All doctors');
  await button(page, 'Edit').focus();
  await page.keyboard.press('Enter');
  await editBar(page).waitFor();
  assert.equal(await focused(page), 'Editing');
  for (const name of ['Delete dashboard', 'Remove All doctors', 'Edit All doctors']) {
    await button(page, name).focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.equal(await focused(page), name);
  }
  await editBar(page).getByLabel('Title').fill('Other');
  await button(editBar(page), 'Done').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await question(page).waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'Done');
  await button(editBar(page), 'Discard').click();
  await button(editBar(page), 'Done').focus();
  await page.keyboard.press('Enter');
  await editBar(page).waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'Edit');
});

const FOREIGN = async () => {
  const { dsos } = await ask(demo.origin, demo.tokens.outsider, 'othersolutions', '{ dsos(first: 1) { nodes { id } } }');
  return dsos.nodes[0].id;
};
for (const [what, foreign] of [['made up', async () => 'dso_bad'], ['somebody else’s', FOREIGN]]) {
  const link = async () => signedIn(`/dashboard/?range=30d&dsos=${await foreign()}`, demo.tokens.alan);
  onPage(`a link about a DSO that is ${what} says so, and shows no other figures`, link, {}, async ({ page, requests }) => {
    const alert = page.getByRole('alert');
    await alert.getByText('This DSO is not here for you').waitFor();
    await button(page, 'DSOs: None').waitFor();
    assert.equal(await page.locator('.board .value').count(), 0);
    await accessible(page);
    await picture(page, 'not-yours');
    await button(alert, 'Show all DSOs that you see').click();
    await ready(page);
    assert.ok(!page.url().includes('dsos='));
    assert.ok(requests.length > 0);
  });
}
const both = async () => {
  const { dsos } = await ask(demo.origin, demo.tokens.alan, 'allsolutions', '{ dsos(first: 1) { nodes { id name } } }');
  return signedIn(`/dashboard/?dsos=${dsos.nodes[0].id},${await FOREIGN()}`, demo.tokens.alan);
};
onPage('a link of which only a part is theirs says that, too', both, {}, async ({ page }) => {
  await ready(page);
  await page.getByRole('alert').getByText('This link names 2 DSOs. You see 1 of them, and the figures are about that one alone.').waitFor();
  await page.getByText('the figures are about 1 DSO of them').waitFor();
});
const board = async () => {
  const id = await makeDashboard(demo, 'alan', 'Named', 'PRIVATE', [['All doctors', 'NUMBER', { overview: 'DOCTORS' }]]);
  return signedIn(`/dashboard/?dashboard=${id}&dsos=dso_bad&doctors=all`, demo.tokens.alan);
};
onPage('also on a saved dashboard, and for the doctors behind a figure', board, {}, async ({ page }) => {
  await page.getByRole('alert').getByText('This DSO is not here for you').waitFor();
  assert.equal(await part(page, 'All doctors').count(), 0);
  assert.equal(await sheet(page).count(), 0);
});

onPage('an agent lands on the dashboard that is made for agents, and can choose the overview', as('agent'), {}, async ({ page }) => {
  await answered(page, 'Longest without contact');
  assert.equal(await chooser(page).locator('option:checked').innerText(), 'My DSOs – for your role');
  await accessible(page);
  await picture(page, 'agent');
  await chooser(page).selectOption({ label: 'Overview' });
  await ready(page);
  await page.reload();
  await ready(page);
  assert.equal(shownId(page), 'overview');
  await page.goBack();
  await answered(page, 'Longest without contact');
});

onPage('an owner lands on the overview; no two dashboards have one name', as('alan'), {}, async ({ page }) => {
  await ready(page);
  assert.equal(await chooser(page).locator('option:checked').innerText(), 'Overview');
  const names = (await chooser(page).locator('option').allInnerTexts()).map((text) => text.replace(/ – .*/, ''));
  assert.equal(new Set(names).size, names.length, names.join());
  assert.deepEqual(await page.getByLabel('Colours').locator('option').allInnerTexts(), ['Automatic', 'Light', 'Dark']);
});

onPage('a single DSO is called by its name', as('viewer', '?dashboard=overview'), { viewport: { width: 390, height: 844 } }, async ({ page }) => {
  await ready(page);
  await button(page, 'DSOs: 7to7 Dental Group').waitFor();
  assert.equal(await page.getByText('All 1 DSO').count(), 0);
  await fits(page);
});

const BY_DSO = async () =>
  signedIn(`/dashboard/?dashboard=${await makeDashboard(demo, 'alan', 'Labels', 'PRIVATE', [['By DSO', 'BAR', { doctors: { groupBy: ['DSO'] } }], ['All doctors', 'NUMBER', { overview: 'DOCTORS' }]])}&mode=edit`, demo.tokens.alan);
onPage('the labels of bars are whole, also after a move', BY_DSO, { viewport: { width: 1440, height: 900 } }, async ({ page }) => {
  await part(page, 'By DSO').locator('.plot rect.s0').first().waitFor();
  const whole = async () => {
    const plot = await part(page, 'By DSO').locator('.plot').boundingBox();
    for (const label of await part(page, 'By DSO').locator('.recharts-yAxis text').all()) {
      const box = await label.boundingBox();
      assert.ok(box.x >= plot.x - 0.5, `“${await label.textContent()}” begins at ${box.x}, the plot at ${plot.x}`);
    }
  };
  await whole();
  for (const move of ['Make By DSO wider', 'Move By DSO down', 'Make By DSO narrower', 'Make By DSO narrower', 'Make By DSO less tall', 'Move By DSO right']) {
    await button(page, move).click();
    await page.waitForTimeout(150);
    await whole();
  }
  await picture(page, 'labels');
});

onPage('on paper there is nothing to press, and no card is cut in two', as('alan'), {}, async ({ page }) => {
  await ready(page);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('button:visible:not(.way, .popover > *)').count(), 0);
  assert.equal(await button(page, 'Sign out').isVisible(), false);
  assert.equal(await part(page, 'Doctors').evaluate((element) => getComputedStyle(element).breakInside), 'avoid');
  assert.ok((await figure(page, 'Doctors')) > 0);
  await page.getByText('Updated').first().waitFor();
  await picture(page, 'print');
});

onPage('the bare address leads a person to the dashboard, and the pages to one another', '/', {}, async ({ page }) => {
  await page.getByLabel('Bearer token').waitFor();
  assert.equal(new URL(page.url()).pathname, '/dashboard/');
  await page.getByRole('link', { name: 'GraphiQL' }).click();
  await page.getByText('Paste a bearer token above to begin').waitFor();
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await page.getByLabel('Bearer token').fill(demo.tokens.alan);
  await page.keyboard.press('Enter');
  await ready(page);
  await page.getByRole('link', { name: 'GraphiQL' }).click();
  await page.locator('.caller').getByText('Alan').waitFor();
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await ready(page);
});
