// Figures are told as what they are: what is not on record is not told, a colour means one thing, and a newcomer's first look at the demo is
// full. On a demo of its own.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, ask, button, figure, fits, part, picture, ready, rows } from './dashboard.mjs';
import { startDemo } from './demo.mjs';
import { onPages, signedIn } from './page.mjs';
import { answered, makeDashboard } from './saved.mjs';

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
const on = (title, widgets, search = '') => async () =>
  signedIn(`/dashboard/?dashboard=${await makeDashboard(demo, 'alan', title, 'PRIVATE', widgets)}${search}`, demo.tokens.alan);
const today = () => new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date());

for (const [scheme, width, height] of [['light', 1440, 900], ['dark', 1440, 900], ['light', 390, 844], ['dark', 390, 844]]) {
  onPage(`a newcomer’s first look is at figures of today, ${scheme}, ${width} wide`, as('alan'), { colorScheme: scheme, viewport: { width, height } }, async ({ page }) => {
    await ready(page);
    assert.ok((await figure(page, 'Activities')) > 100, 'the last 30 days have activities');
    for (const panel of ['Doctors by risk', 'Doctors by onboarding period', 'Activities by kind', 'Cases by status', 'Activities by person']) {
      await part(page, panel).locator('.bars .now').first().waitFor();
    }
    assert.equal(await page.getByText('No activities in this range').count(), 0);
    await fits(page);
    await accessible(page);
    await picture(page, `first-look-${scheme}-${width}`);
  });
}

onPage('what nobody has recorded is not compared with', as('alan', '?range=year'), {}, async ({ page }) => {
  await ready(page);
  const words = `not known before ${today()}`;
  for (const card of ['Doctors', 'On track', 'Average progress', 'Cases']) {
    assert.equal(await part(page, card).locator('.change').innerText(), words);
  }
  // What happened is known, and so is who was contacted when.
  for (const card of ['Activities', 'No contact for 30 days']) assert.doesNotMatch(await part(page, card).locator('.change').first().innerText(), /not known/);
  for (const panel of ['Doctors by risk', 'Doctors by onboarding period', 'Cases by status']) {
    await part(page, panel).getByText(words).waitFor();
    assert.equal(await part(page, panel).locator('.before path').count(), 0);
    await button(part(page, panel), 'Table').click();
    assert.ok((await rows(part(page, panel))).every(([, , before, change]) => before === '–' && change === '–'));
  }
  assert.ok((await part(page, 'Activities by kind').locator('.before path').count()) > 0);
  assert.equal(await page.getByText('unchanged since the start').count(), 0);
  await picture(page, 'not-known');

  // The gateway says so itself, to any client, and also for a figure of a saved dashboard.
  const { organization } = await ask(demo.origin, demo.tokens.alan, 'allsolutions', '{ organization { overview { knownFrom } } }');
  assert.equal(organization.overview.knownFrom, `${new Date().toISOString().slice(0, 10)}T00:00:00+00:00`.replace('+00:00', organization.overview.knownFrom.endsWith('Z') ? 'Z' : '+00:00'));
});

const NUMBERS = [
  ['Doctors now', 'NUMBER', { overview: 'DOCTORS' }],
  ['Worked', 'NUMBER', { overview: 'ACTIVITIES' }],
];
onPage('a figure of a saved dashboard says so, too', on('Numbers', NUMBERS), {}, async ({ page }) => {
  await part(page, 'Doctors now').getByText(`not known before ${today()}`).waitFor();
  await part(page, 'Worked').getByText('than in the range before').waitFor();
});

const RISKS = ['Critical', 'High', 'Medium', 'Low', 'Not rated'];
const BY_RISK = [
  ['Bars', 'BAR', { doctors: { groupBy: ['RISK'] } }],
  ['Ring', 'PIE', { doctors: { groupBy: ['RISK'] } }],
  ['Rows', 'TABLE', { doctors: { groupBy: ['RISK'] } }],
  ['Lines', 'LINE', { doctors: { groupBy: ['RISK'], bucket: { field: 'JOINED_AT', unit: 'MONTH', fill: true } } }],
  ['Low alone', 'PIE', { doctors: { groupBy: ['RISK'], filter: { risk: ['LOW'] } } }],
];
onPage('a risk has one colour and one place, wherever it is drawn', on('Risks', BY_RISK), {}, async ({ page }) => {
  await part(page, 'Lines').locator('.recharts-line path').first().waitFor();
  await part(page, 'Bars').locator('rect.critical').first().waitFor();
  const colour = (name, { of, css }) => part(page, name).locator(of).first().evaluate((element, css) => getComputedStyle(element)[css], css);
  const colours = [];
  for (const risk of ['critical', 'high', 'medium', 'low', 'none']) {
    const each = [
      await colour('Bars', { of: `rect.${risk}`, css: 'fill' }),
      await colour('Ring', { of: `.plot .${risk}`, css: 'fill' }),
      await colour('Ring', { of: `i.${risk}`, css: 'backgroundColor' }),
      await colour('Lines', { of: `.recharts-line.${risk} path`, css: 'stroke' }),
      await colour('Lines', { of: `.legend i.${risk}`, css: 'backgroundColor' }),
    ];
    assert.equal(new Set(each).size, 1, `${risk}: ${each}`);
    colours.push(each[0]);
  }
  assert.equal(new Set(colours).size, 5);
  assert.equal(await colour('Low alone', { of: 'i', css: 'backgroundColor' }), colours[3]);

  assert.deepEqual((await rows(part(page, 'Rows'))).map(([risk]) => risk), RISKS);
  assert.deepEqual(await part(page, 'Ring').locator('li span').allInnerTexts(), RISKS);
  assert.deepEqual((await part(page, 'Lines').locator('.legend span').allInnerTexts()).map((text) => text.trim()), RISKS);
  await button(part(page, 'Bars'), 'Table').click();
  assert.deepEqual((await rows(part(page, 'Bars'))).map(([risk]) => risk), RISKS);
  await accessible(page);
  await picture(page, 'risks');
});

const KINDS = [
  ['All kinds', 'PIE', { activities: { groupBy: ['KIND'] } }],
  ['Written alone', 'PIE', { activities: { groupBy: ['KIND'], filter: { kind: ['EMAIL', 'TEXT'] } } }],
  ['Upwards', 'TABLE', { doctors: { groupBy: ['RISK'], orderBy: [{ dimension: 'RISK' }] } }],
  ['Months', 'LINE', { activities: { bucket: { field: 'OCCURRED_AT', unit: 'MONTH', fill: true } } }],
];
onPage('a kind keeps its colour where others are left out, and an order that was asked for stays', on('Kinds', KINDS), {}, async ({ page }) => {
  const dot = (widget, kind) =>
    part(page, widget).getByRole('listitem').filter({ hasText: kind }).locator('i').evaluate((element) => getComputedStyle(element).backgroundColor);
  await answered(page, 'All kinds');
  for (const kind of ['E-mails', 'Text messages']) assert.equal(await dot('All kinds', kind), await dot('Written alone', kind));
  assert.deepEqual((await rows(part(page, 'Upwards'))).map(([risk]) => risk), [...RISKS].reverse());
  // Straight from one count to the next: a curve would show what nobody counted.
  const line = await part(page, 'Months').locator('.recharts-line path').first().getAttribute('d');
  assert.doesNotMatch(line, /C/i);
});

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
onPage('on a phone a bar stands beside its own bar of before', as('alan', '?range=30d'), PHONE, async ({ page }) => {
  // As if all of it were on record: then there is a bar of before.
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    if (body.data?.organization?.overview) body.data.organization.overview.knownFrom = null;
    await route.fulfill({ response, json: body });
  });
  await page.reload();
  await ready(page);
  const panel = part(page, 'Doctors by onboarding period');
  await panel.locator('.before path').first().waitFor();
  const boxes = async (of) => (await panel.locator(of).all()).reduce(async (all, one) => [...(await all), await one.boundingBox()], Promise.resolve([]));
  const now = (await boxes('rect.now')).filter((box) => box?.width > 0);
  const before = (await boxes('.before path')).filter((box) => box?.width > 0);
  assert.ok(now.length >= 12 && before.length >= 12, `${now.length} and ${before.length}`);
  for (const bar of before) {
    const gap = (other) => Math.max(other.y - (bar.y + bar.height), bar.y - (other.y + other.height), 0);
    const [nearest, next] = now.map(gap).sort((a, b) => a - b);
    assert.ok(nearest <= 3 && next >= 3 * Math.max(nearest, 1), `${nearest} to its own, ${next} to the next`);
  }
  // No number stands on a bar.
  for (const text of await boxes('.recharts-label-list text')) {
    assert.ok([...now, ...before].every((bar) => bar.x + bar.width <= text.x + 1 || bar.y + bar.height <= text.y || text.y + text.height <= bar.y));
  }
  await fits(page);
  await accessible(page);
  await picture(page, 'periods-phone');
});

onPage('who did what is told as far as it is known, and a legend has the colours of its bars', as('alan', '?range=year'), {}, async ({ page }) => {
  await ready(page);
  const people = part(page, 'Activities by person');
  await button(people, 'Table').click();
  const unknown = (await rows(people)).filter(([name]) => name === 'No known member');
  assert.equal(unknown.length, 1);
  await button(people, 'Table').click();
  await people.getByText('No known member: imported, of people who are not members here').waitFor();
  const swatch = await part(page, 'Doctors by risk').locator('.legend i.now').evaluate((element) => getComputedStyle(element).backgroundImage);
  assert.match(swatch, /^linear-gradient/);
});
