// Saved dashboards and rights: each sees their own figures, nobody sees a private one, a refused widget says why, and whoever is
// removed sees nothing any more. And the words of the DSO in view. On a demo of its own.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, ask, button, figure, part, picture, RANGE, ready, rows, sheet } from './dashboard.mjs';
import { startDemo } from './demo.mjs';
import { become, onPages, signedIn } from './page.mjs';
import { answered, chooser, editBar, makeDashboard, ORGANIZATION, savedDashboard, shownId } from './saved.mjs';

let demo;
let team;
let secret;
before(async () => {
  demo = await startDemo();
  const doctors = ['Our doctors', 'NUMBER', { overview: 'DOCTORS' }];
  const mails = ['By e-mail', 'TABLE', { doctors: { groupBy: ['EMAIL'], first: 5 } }];
  const nobody = ['Nobody', 'LIST', { doctorList: { filter: { contactedFrom: '2999-01-01T00:00:00Z' } } }];
  team = await makeDashboard(demo, 'alan', 'Team', 'SHARED', [doctors, mails, nobody]);
  secret = await makeDashboard(demo, 'alan', 'Secret', 'PRIVATE', [doctors]);
});
after(() => demo?.stop());

const onPage = onPages(() => demo.origin);
const as =
  (who, search = () => '') =>
  () =>
    signedIn(`/dashboard/${search()}`, demo.tokens[who]);

onPage(
  'the author sees everything on it, the other member their own part',
  as('alan', () => `?dashboard=${team}`),
  {},
  async ({ page }) => {
    await answered(page, 'By e-mail');
    const all = await figure(page, 'Our doctors');
    assert.equal((await rows(part(page, 'By e-mail'))).length, 5);
    await part(page, 'Nobody').getByText('There is nothing to count').waitFor();

    await become(page, demo.tokens.agent);
    await page.getByText('You see 2 DSOs').waitFor();
    await answered(page, 'Our doctors');
    const own = await figure(page, 'Our doctors');
    assert.ok(own > 0 && own < all, `${own} of ${all}`);
    // Why, and what it would take; the rest of the dashboard is there.
    const refused = part(page, 'By e-mail');
    await refused.getByText('Your role does not let you see this.').waitFor();
    await refused.getByText('It looks at Doctor.email, for which one has to be manager of every DSO in view.').waitFor();
    await refused.getByText(/^Code FORBIDDEN, request \S+/).waitFor();
    assert.equal(await button(refused, 'CSV').count(), 0);
    await accessible(page);
    await picture(page, 'shared');

    // Not theirs to change, whatever the address says.
    await page.getByText('Shared with every member, by Alan').waitFor();
    assert.equal(await button(page, 'Edit').count(), 0);
    await page.goto(`${page.url()}&mode=edit`);
    await answered(page, 'Our doctors');
    assert.equal(await editBar(page).count(), 0);
    assert.equal(await button(page, /^(Remove|Move|Edit)/).count(), 0);
  },
);

onPage(
  'a private one of somebody else does not exist',
  as('agent', () => `?dashboard=${secret}`),
  {},
  async ({ page }) => {
    await page.getByText('No such dashboard').waitFor();
    const options = await chooser(page).locator('option').allInnerTexts();
    assert.ok(options.includes('Team – by Alan'), options.join());
    assert.ok(options.includes('My DSOs – for your role'), options.join());
    assert.ok(!options.some((option) => option.includes('Secret')), options.join());
    await accessible(page);
    await button(page, 'Show the overview').click();
    await ready(page);
  },
);

onPage(
  'an author’s rights end while they edit: it is told, and not saved',
  as('claudia', () => `?dashboard=${team}&mode=edit`),
  {},
  async ({ page }) => {
    // An admin may change a shared one, and not take it for themselves.
    await editBar(page).getByLabel('Who sees it').selectOption({ label: 'Only me' });
    await button(editBar(page), /^Save$/).click();
    await editBar(page).getByText("only a dashboard's author can keep it for themselves").waitFor();
    const update = 'mutation ($input: DashboardUpdateInput!) { dashboardUpdate(input: $input) { userErrors { code } } }';
    await ask(demo.origin, demo.tokens.alan, ORGANIZATION, update, { input: { dashboardId: team, visibility: 'PRIVATE' } });
    await button(editBar(page), /^Save$/).click();
    await page.getByText('No such dashboard').waitFor();
    assert.equal(await editBar(page).count(), 0);
    await ask(demo.origin, demo.tokens.alan, ORGANIZATION, update, { input: { dashboardId: team, visibility: 'SHARED' } });
  },
);

onPage(
  'where one DSO is in view, its own words are the labels',
  as('alan', () => `?range=${RANGE}`),
  {},
  async ({ page }) => {
    await ready(page);
    const filter = button(page, /^(DSOs|Groups): /);
    await filter.click();
    await page.getByRole('checkbox', { name: 'NADG' }).check();
    await part(page, 'Providers').waitFor();
    await part(page, 'Providers by risk').waitFor();
    assert.equal(await part(page, 'Doctors').count(), 0);
    await page.keyboard.press('Escape');
    await button(part(page, 'Providers by risk'), 'Table').click();
    assert.equal(await part(page, 'Providers by risk').locator('thead th').nth(1).innerText(), 'Providers');
    await button(page, 'Show providers').first().click();
    await sheet(page).getByRole('heading', { name: 'Providers', exact: true }).waitFor();
    await sheet(page).locator('thead').waitFor();
    assert.deepEqual((await sheet(page).locator('thead th').allInnerTexts()).slice(0, 2), ['Provider', 'Group']);
    await button(sheet(page), 'Close').click();
    await picture(page, 'words');

    // On what is built in, too.
    await chooser(page).selectOption({ label: 'The organization at a glance – for your role' });
    await part(page, 'Providers by risk').waitFor();

    // Two that call it differently: as we call it.
    await filter.click();
    await page.getByRole('checkbox', { name: 'Pure Smiles' }).check();
    await part(page, 'Doctors by risk').waitFor();
    assert.equal(await part(page, 'Providers by risk').count(), 0);
    // Alone, and renamed while the page is open.
    await page.getByRole('checkbox', { name: 'NADG' }).uncheck();
    await page.keyboard.press('Escape');
    await part(page, 'Touchpoints by month').waitFor();
    const { dsos } = await ask(demo.origin, demo.tokens.alan, ORGANIZATION, '{ dsos(first: 100) { nodes { id name } } }');
    const dsoId = dsos.nodes.find(({ name }) => name === 'Pure Smiles').id;
    const rename = 'mutation ($input: TerminologyUpdateInput!) { terminologyUpdate(input: $input) { userErrors { code } } }';
    await ask(demo.origin, demo.tokens.alan, ORGANIZATION, rename, { input: { dsoId, terms: [{ key: 'DOCTOR', label: 'Dentist' }] } });
    await button(page, 'Refresh').click();
    await part(page, 'Dentists by risk').waitFor();
  },
);

onPage(
  'a sign-in that ends while one edits takes unsaved work along',
  as('claudia', () => `?dashboard=${team}`),
  {},
  async ({ page, faults }) => {
    await button(page, 'Edit').click();
    await button(page, 'Make Our doctors wider').click();
    // A page that asked whether to stay would stay, with all that it shows.
    page.on('dialog', (dialog) => void dialog.dismiss());
    await page.evaluate(() => sessionStorage.setItem('gateway:token', 'withdrawn'));
    await button(editBar(page), /^Save$/).click();
    await page.getByLabel('Bearer token').waitFor();
    assert.equal(await page.locator('.grid').count(), 0);
    assert.ok(
      faults.console.every((line) => line.includes('401')),
      faults.console.join('\n'),
    );
    faults.console.length = 0;
  },
);

const agents = async () => {
  const own = await makeDashboard(demo, 'agent', 'Agnes at work', 'PRIVATE', [['Only mine', 'NUMBER', { overview: 'DOCTORS' }]]);
  return signedIn(`/dashboard/?dashboard=${own}&mode=edit`, demo.tokens.agent);
};
onPage('whoever is removed while they edit sees nothing of it any more', agents, {}, async ({ page }) => {
  await answered(page, 'Only mine');
  await editBar(page).getByLabel('Title').fill('Agnes at home');
  const { members } = await ask(demo.origin, demo.tokens.alan, ORGANIZATION, '{ members(first: 100) { nodes { id user { name } } } }');
  const memberId = members.nodes.find(({ user }) => user.name === 'Agnes').id;
  const remove = 'mutation ($input: MemberRemoveInput!) { memberRemove(input: $input) { userErrors { code } } }';
  await ask(demo.origin, demo.tokens.alan, ORGANIZATION, remove, { input: { memberId } });
  await button(editBar(page), /^Save$/).click();
  await page.getByText('You have no access to AllSolutions any more.').waitFor();
  assert.equal(await page.locator('.grid, .editing, .chooser').count(), 0);
  assert.ok(!(await page.content()).includes('Only mine'), 'a title is still in the document');
  await accessible(page);
  await picture(page, 'saved-removed');
  assert.equal(await savedDashboard(demo, 'alan', shownId(page) ?? 'none'), null);
});
