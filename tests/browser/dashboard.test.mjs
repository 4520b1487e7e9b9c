// The dashboard, as an executive meets it: signing in with a token, filters, drill-down, files, a phone, the dark. On a demo of its own.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
  accessible,
  ask,
  asksFor,
  button,
  countDoctors,
  figure,
  fileOf,
  fits,
  part,
  PHONE,
  picture,
  RANGE,
  ready,
  rows,
  sheet,
} from './dashboard.mjs';
import { startDemo } from './demo.mjs';
import { onPages, signedIn } from './page.mjs';

const ORGANIZATION = 'allsolutions';
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
const IN_RANGE = `?range=${RANGE}`;

onPage('dashboard without a token: it says what to do and asks nothing', '/dashboard/', {}, async ({ page, requests }) => {
  await page.getByLabel('Bearer token').waitFor();
  assert.equal(await page.getByLabel('Bearer token').getAttribute('type'), 'password');
  const asked = requests.map(({ what }) => what).filter((what) => !/^GET \/dashboard\/(assets\/.*|config\.json)?$/.test(what));
  assert.deepEqual(asked, []);
  await accessible(page);
  await picture(page, 'door');
});

onPage('a token by hand shows the figures, for the tab and no longer', `/dashboard/?range=${RANGE}`, {}, async ({ page, requests }) => {
  await page.getByLabel('Bearer token').fill(`Bearer ${demo.tokens.alan}`);
  await page.keyboard.press('Enter');
  await ready(page);
  assert.ok((await figure(page, 'Doctors')) > 0);
  assert.match(page.url(), /organization=allsolutions/);
  assert.ok(!page.url().includes(demo.tokens.alan));
  const sent = requests.filter(({ what }) => what === 'POST /graphql');
  assert.match(sent.at(-1).headers['x-organization-id'], /^org_/);
  assert.equal(await page.evaluate(() => JSON.stringify(localStorage)), '{}');

  // What a chart shows, its table says; the risks are parts of the whole.
  await button(part(page, 'Doctors by risk'), 'Table').click();
  const risks = await rows(part(page, 'Doctors by risk'));
  assert.deepEqual(
    risks.map(([risk]) => risk),
    ['Critical', 'High', 'Medium', 'Low', 'Not rated'],
  );
  assert.equal(
    risks.reduce((sum, [, count]) => sum + Number(count.replaceAll(',', '')), 0),
    await figure(page, 'Doctors'),
  );
  assert.ok((await figure(page, 'Activities')) > 0, 'the range has activities');
  await accessible(page);
  await button(part(page, 'Doctors by risk'), 'Table').click();
  await accessible(page);
  await picture(page, 'light');

  await page.reload();
  await ready(page);
  await button(page, 'Sign out').click();
  await page.getByLabel('Bearer token').waitFor();
  assert.equal(page.url(), `${demo.origin}/dashboard/`);
  assert.ok(!(await page.evaluate(() => JSON.stringify(sessionStorage))).includes(demo.tokens.alan));
});

onPage('the DSO filter narrows every figure, and is in the address', as('alan'), {}, async ({ page }) => {
  await ready(page);
  const all = await figure(page, 'Doctors');
  await button(page, /^DSOs: All 5 DSOs/).click();
  await accessible(page);
  const chosen = await asksFor(page, () => page.getByRole('checkbox', { name: '7to7 Dental Group' }).check());
  assert.equal(chosen.dsoIds.length, 1);
  const some = await figure(page, 'Doctors');
  assert.equal(some, await countDoctors(demo.origin, demo.tokens.alan, ORGANIZATION, { dsoIds: chosen.dsoIds }));
  assert.ok(some < all);
  await page.getByText('the figures are about 1 DSO of them').waitFor();

  const two = await asksFor(page, () => page.getByRole('checkbox', { name: 'Pure Smiles' }).check());
  assert.equal(two.dsoIds.length, 2);
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('checkbox').count(), 0);
  assert.match(await page.evaluate(() => document.activeElement.textContent), /2 of 5 DSOs/);

  await page.reload();
  await ready(page);
  await button(page, /^DSOs: 2 of 5 DSOs/).waitFor();
  await page.goBack();
  await button(page, /^DSOs: 7to7 Dental Group/).waitFor();
  await button(page, /^DSOs: 7to7 Dental Group/).click();
  await button(page, 'Show all').click();
  await button(page, /^DSOs: All 5 DSOs/).waitFor();
});

onPage('the range is a preset or two days, and says what it is compared with', as('alan'), {}, async ({ page }) => {
  await ready(page);
  const length = ({ range }) => (new Date(range.until) - new Date(range.from)) / 86_400_000;
  const pressed = (name) => button(page, name).getAttribute('aria-pressed');
  assert.equal(await pressed('30 days'), 'true');
  assert.equal(length(await asksFor(page, () => button(page, '7 days').click())), 7);
  assert.deepEqual([await pressed('7 days'), await pressed('30 days')], ['true', 'false']);
  const year = await asksFor(page, () => button(page, 'Year').click());
  assert.equal(new Date(year.range.from).getMonth(), 0);
  const quarter = await asksFor(page, () => button(page, 'Quarter').click());
  assert.equal(new Date(quarter.range.from).getDate(), 1);

  await button(page, 'Custom').click();
  await page.getByLabel('From').fill('2026-02-28');
  await page.getByLabel('To', { exact: true }).fill('2026-01-01');
  await page.getByText('must not be after').waitFor();
  assert.ok(await button(page, 'Apply').isDisabled());
  await page.getByLabel('From').fill('2026-01-01');
  await page.getByLabel('To', { exact: true }).fill('2026-02-28');
  assert.equal(Math.round(length(await asksFor(page, () => button(page, 'Apply').click()))), 59);
  assert.match(page.url(), /range=2026-01-01\.\.2026-02-28/);
  await page.getByText('Jan 1 – Feb 28, 2026').waitFor();
  await page.getByText('compared with Nov 3 – Dec 31, 2025').waitFor();
});

onPage('a bar leads to its doctors, a page at a time, by the mouse and by the keyboard', as('alan', '?range=year'), {}, async ({ page }) => {
  await ready(page);
  const bar = button(part(page, 'Doctors by risk'), /^High: \d+/);
  const count = Number(/High: (\d+)/.exec(await bar.getAttribute('aria-label'))[1]);
  await bar.focus();
  await page.keyboard.press('Enter');
  const doctors = sheet(page);
  await doctors.getByText(`${count} as they are now`).waitFor();
  assert.match(page.url(), /doctors=risk:high/);
  assert.equal((await rows(doctors)).length, 25);
  await accessible(page);
  await button(doctors, /^Load more \(25 of/).click();
  await doctors.locator('tbody tr').nth(49).waitFor();
  const shown = await rows(doctors);
  assert.equal(new Set(shown.map(([name, dso, , period, contact]) => `${name} ${dso} ${period} ${contact}`)).size > 40, true);
  assert.ok(shown.every(([, dso, risk]) => dso !== '' && risk === 'High'));
  await picture(page, 'doctors');
  await page.keyboard.press('Escape');
  await doctors.waitFor({ state: 'hidden' });
  assert.ok(!page.url().includes('doctors='));

  // Back again, as the address says.
  await page.goBack();
  await doctors.getByText(`${count} as they are now`).waitFor();
  await button(doctors, 'Close').click();

  const period = button(part(page, 'Doctors by onboarding period'), /^3: \d+/);
  const inPeriod = Number(/3: (\d+)/.exec(await period.getAttribute('aria-label'))[1]);
  await period.click();
  await page.getByRole('heading', { name: 'Doctors in period 3' }).waitFor();
  await doctors.getByText(`${inPeriod} as they are now`).waitFor();
  await button(doctors, 'Close').click();

  const quiet = await figure(page, 'No contact for 30 days');
  await button(part(page, 'No contact for 30 days'), 'Show doctors').click();
  await doctors.getByText(`${quiet} as they are now`).waitFor();
});

onPage('files hold the whole table, and no formula', as('claudia', '?range=year'), {}, async ({ page }) => {
  await ready(page);
  const risks = await fileOf(page, () => button(page, 'CSV of Doctors by risk').click());
  assert.match(risks.name, /^allsolutions-doctors-by-risk-\d{4}-\d\d-\d\d\.csv$/);
  assert.equal(risks.lines[0], 'Risk,Doctors,Before,Change');
  assert.match(risks.lines[1], /^Critical,\d+,,$/, 'what was before is not on record');

  const { dsos } = await ask(demo.origin, demo.tokens.claudia, ORGANIZATION, '{ dsos(first: 1) { nodes { id } } }');
  const input = {
    dsoId: dsos.nodes[0].id,
    name: '=HYPERLINK("https://x.example")',
    practice: 'Smith, "Jones" & Sons',
    risk: 'CRITICAL',
    onboardingPeriod: 1,
  };
  await ask(
    demo.origin,
    demo.tokens.claudia,
    ORGANIZATION,
    'mutation ($input: DoctorCreateInput!) { doctorCreate(input: $input) { doctor { id } } }',
    { input },
  );
  await button(part(page, 'Doctors by risk'), /^Critical/).click();
  await sheet(page).getByText('=HYPERLINK').waitFor();
  const doctors = await fileOf(page, () => button(page, 'CSV of these doctors').click());
  assert.equal(doctors.lines[0], 'Doctor,Practice,DSO,Risk,Period,Last contact');
  assert.equal(
    doctors.lines.length - 1,
    await countDoctors(demo.origin, demo.tokens.claudia, ORGANIZATION, { risk: ['CRITICAL'] }),
    'all of them, not only the rows on the screen',
  );
  const [line] = doctors.lines.filter((line) => line.includes('HYPERLINK'));
  assert.ok(line.startsWith(`"'=HYPERLINK(""https://x.example"")","Smith, ""Jones"" & Sons",`), line);
});

onPage('no cell of a list of doctors is a formula, however it is disguised', as('claudia', `${IN_RANGE}&doctors=all`), {}, async ({ page }) => {
  const evil = ['=1+1', '+49 30 1', '-2+3', '@SUM(A1)', '\t=1', ' =1', '\r=1', '\uff1d1', '\uff0b1', '\uff0d1', '\uff201', '\u00a0=1', '\u200b=1'];
  const within = [
    ['Ann;=1', "Ann;'=1"],
    ['Ann;\u00a0;+1', "Ann;'\u00a0;+1"],
    ['Ann\n=1', "Ann\n'=1"],
  ];
  const names = [...evil, ...within.map(([name]) => name), 'Ann=1', 'A-B'];
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    for (const [index, node] of (body.data?.doctors?.nodes ?? []).entries()) node.name = names[index % names.length];
    await route.fulfill({ response, json: body });
  });
  await page.reload();
  await sheet(page).getByText('=1+1').first().waitFor();
  const { lines } = await fileOf(page, () => button(page, 'CSV of these doctors').click());
  const text = lines.join('\r\n');
  for (const name of evil) {
    assert.ok(text.includes(`'${name}`), JSON.stringify(name));
    assert.ok(!text.includes(`\r\n${name}`) && !text.includes(`\r\n"${name}`), JSON.stringify(name));
  }
  for (const [, cell] of within) assert.ok(text.includes(cell), JSON.stringify(cell));
  assert.ok(text.includes('\r\nAnn=1,') && text.includes('\r\nA-B,'), text);
});

onPage('all of it fits a phone', as('agent', `${IN_RANGE}&dashboard=overview`), PHONE, async ({ page }) => {
  await ready(page);
  await fits(page);
  await accessible(page);
  await picture(page, 'phone');
  await button(page, /^DSOs: All 2 DSOs/).click();
  await fits(page);
  await page.keyboard.press('Escape');
  await button(part(page, 'Doctors'), 'Show doctors').click();
  await sheet(page).locator('tbody tr').first().waitFor();
  await fits(page);
  const inner = await sheet(page)
    .locator('.scroll')
    .evaluate((element) => [element.scrollWidth, element.clientWidth]);
  assert.ok(inner[0] <= inner[1], `the table is ${inner}`);
  await accessible(page);
  await picture(page, 'phone-doctors');
});

onPage('dark as the system is, until one chooses', as('alan', IN_RANGE), { colorScheme: 'dark' }, async ({ page }) => {
  await ready(page);
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await paper();
  await accessible(page);
  await picture(page, 'dark');
  await page.getByLabel('Colours').selectOption('light');
  assert.notEqual(await paper(), dark);
  await accessible(page);
  await page.reload();
  await ready(page);
  assert.notEqual(await paper(), dark);
  await page.getByLabel('Colours').selectOption('dark');
  assert.equal(await paper(), dark);
});
