// What is written and not saved: one draft with one way to save it, and nobody leaves it behind without being asked. On a demo of its own.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, button, part, picture, ready, sheet } from './dashboard.mjs';
import { startDemo } from './demo.mjs';
import { onPages, signedIn } from './page.mjs';
import { addWidget, answered, chooser, editBar, makeDashboard, question, savedDashboard, shownId } from './saved.mjs';

let demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo?.stop());

const onPage = onPages(() => demo.origin);
const NUMBER = ['All doctors', 'NUMBER', { overview: 'DOCTORS' }];
const BARS = ['By risk', 'BAR', { doctors: { groupBy: ['RISK'] } }];
/** A page in the edit mode of a dashboard that is made before it opens, with the overview one step back. */
const on = (title) => () => {
  opened = makeDashboard(demo, 'alan', title, 'PRIVATE', [NUMBER, BARS]);
  return signedIn('/dashboard/', demo.tokens.alan);
};
let opened;
async function edit(page) {
  await ready(page);
  const id = await opened;
  await page.reload();
  await ready(page);
  await chooser(page).selectOption(id);
  await button(page, 'Edit').click();
  await editBar(page).waitFor();
  return id;
}
const titleField = (page) => editBar(page).getByLabel('Title');
const EVERYBODY = { label: 'Every member of the organization' };

onPage('title, audience and places are saved together by one button', on('Together'), {}, async ({ page }) => {
  const id = await edit(page);
  assert.ok(await button(editBar(page), 'Discard').isDisabled());
  await titleField(page).fill('Repro');
  await editBar(page).getByLabel('Who sees it').selectOption(EVERYBODY);
  await button(page, 'Move By risk up').click();
  assert.equal(await button(page, /^Save/).count(), 1, 'there is one way to save');
  await page.getByText('what you changed of them is not saved yet').waitFor();
  await accessible(page);
  await picture(page, 'draft');
  await button(editBar(page), /^Save$/).click();
  await button(editBar(page), 'Saved').waitFor();
  const { title, visibility, widgets } = await savedDashboard(demo, 'alan', id);
  assert.deepEqual([title, visibility, widgets.map(({ title, y }) => [title, y])], ['Repro', 'SHARED', [['By risk', 0], ['All doctors', 4]]]);
  await button(editBar(page), 'Done').click();
  await answered(page, 'By risk');
  assert.equal(await question(page).count(), 0, 'nothing is asked where nothing is lost');
  assert.equal(await chooser(page).locator('option:checked').innerText(), 'Repro (shared)');
});

onPage('Done with a draft asks: stay, discard, or save', on('Done'), {}, async ({ page }) => {
  const id = await edit(page);
  await titleField(page).fill('Kept');
  await editBar(page).getByLabel('Who sees it').selectOption(EVERYBODY);
  await button(editBar(page), 'Done').click();
  await question(page).getByText('“Done” has changes that are not saved.').waitFor();
  await accessible(page);
  await picture(page, 'draft-question');
  await button(question(page), 'Keep editing').click();
  assert.equal(await titleField(page).inputValue(), 'Kept');
  await button(editBar(page), 'Done').click();
  await button(question(page), 'Save and leave').click();
  await editBar(page).waitFor({ state: 'hidden' });
  const saved = await savedDashboard(demo, 'alan', id);
  assert.deepEqual([saved.title, saved.visibility], ['Kept', 'SHARED']);

  await button(page, 'Edit').click();
  await titleField(page).fill('Dropped');
  await button(editBar(page), 'Done').click();
  await button(question(page), 'Discard and leave').click();
  await editBar(page).waitFor({ state: 'hidden' });
  assert.equal((await savedDashboard(demo, 'alan', id)).title, 'Kept');
  await button(page, 'Edit').click();
  assert.equal(await titleField(page).inputValue(), 'Kept');
});

onPage('the browser’s way back asks, too, and goes where it was meant to go', on('Back'), {}, async ({ page }) => {
  const id = await edit(page);
  await titleField(page).fill('Written');
  await page.goBack();
  await question(page).waitFor();
  assert.equal(shownId(page), id, 'the page is where it was');
  await button(question(page), 'Keep editing').click();
  assert.equal(await titleField(page).inputValue(), 'Written');
  // Two steps at once, past the dashboard.
  await page.evaluate(() => history.go(-2));
  await question(page).waitFor();
  assert.equal(shownId(page), id);
  await button(question(page), 'Discard and leave').click();
  await ready(page);
  assert.equal(shownId(page), null);
  assert.equal((await savedDashboard(demo, 'alan', id)).title, 'Back');
  // And forward again, to where nothing is left of it.
  await page.goForward();
  await answered(page, 'All doctors');
  await page.goForward();
  assert.equal(await titleField(page).inputValue(), 'Back');
});

onPage('signing out and the browser’s own ways out ask', on('Out'), {}, async ({ page }) => {
  await edit(page);
  await titleField(page).fill('Written');
  await button(page, 'Sign out').click();
  await question(page).waitFor();
  await button(question(page), 'Keep editing').click();
  const asked = page.waitForEvent('dialog');
  await page.evaluate(() => setTimeout(() => location.reload()));
  const dialog = await asked;
  assert.equal(dialog.type(), 'beforeunload');
  await dialog.dismiss();
  assert.equal(await titleField(page).inputValue(), 'Written');
  await button(editBar(page), 'Discard').click();
  await button(page, 'Sign out').click();
  await page.getByLabel('Bearer token').waitFor();
});

onPage('a widget is added while there is a draft, and the draft can still be saved', on('Adding'), {}, async ({ page }) => {
  const id = await edit(page);
  await titleField(page).fill('Both');
  await button(page, 'Make By risk wider').click();
  await addWidget(page, 'Cases', { 'Show as': 'Shares of a whole', What: 'Cases', 'Grouped by': 'Status' });
  await button(page, 'Remove All doctors').click();
  await button(question(page), 'Remove it').click();
  await part(page, 'All doctors').waitFor({ state: 'detached' });
  assert.equal(await titleField(page).inputValue(), 'Both');
  await button(editBar(page), /^Save$/).click();
  await button(editBar(page), 'Saved').waitFor();
  const { title, widgets } = await savedDashboard(demo, 'alan', id);
  assert.equal(title, 'Both');
  assert.deepEqual(widgets.map(({ title, width }) => [title, width]).sort(), [['By risk', 7], ['Cases', 6]]);
});

onPage('a form with words in it is not closed without a question', on('Forms'), {}, async ({ page }) => {
  await ready(page);
  await button(page, 'New dashboard').click();
  await page.keyboard.press('Escape');
  await sheet(page).waitFor({ state: 'detached' });
  await button(page, 'New dashboard').click();
  await sheet(page).getByLabel('Title').fill('Mine');
  for (const leave of [() => page.keyboard.press('Escape'), () => button(sheet(page), 'Close').click(), () => button(sheet(page), 'Cancel').click()]) {
    await leave();
    await button(question(page), 'Keep editing').click();
    assert.equal(await sheet(page).getByLabel('Title').inputValue(), 'Mine');
  }
  await button(sheet(page), 'Cancel').click();
  await button(question(page), 'Discard and leave').click();
  await sheet(page).waitFor({ state: 'detached' });

  await edit(page);
  await button(editBar(page), 'Add widget').click();
  await sheet(page).getByLabel('Title').fill('Ours');
  await page.goBack();
  await button(question(page), 'Keep editing').click();
  assert.equal(await sheet(page).getByLabel('Title').inputValue(), 'Ours');
  await page.keyboard.press('Escape');
  await button(question(page), 'Discard and leave').click();
  await sheet(page).waitFor({ state: 'detached' });
  await editBar(page).waitFor();
});
