// What the tests of the dashboard share: its parts by their names, what is behind its figures, and a look by axe.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';

/** A day as an address has it, so many days ago. */
export function daysAgo(days) {
  const time = new Date();
  const day = new Date(time.getFullYear(), time.getMonth(), time.getDate() - days);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

/** Two months of which the demo's data has much to tell, whenever the tests run. */
export const RANGE = `${daysAgo(58)}..${daysAgo(0)}`;

export const PHONE = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true };

/** Asks the gateway itself. */
export async function ask(origin, token, organization, query, variables = {}) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'x-organization-id': organization };
  const answer = await fetch(`${origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const body = await answer.json();
  assert.equal(body.errors, undefined, JSON.stringify(body));
  return body.data;
}

export async function countDoctors(origin, token, organization, filter = {}) {
  const data = await ask(origin, token, organization, 'query ($filter: DoctorFilter) { doctors(filter: $filter, first: 1) { totalCount } }', {
    filter,
  });
  return data.doctors.totalCount;
}

export const part = (page, name) => page.getByRole('region', { name, exact: true });
export const sheet = (page) => page.getByRole('dialog');
export const button = (within, name) => within.getByRole('button', { name });

/** The figure of a card, as a number. */
export async function figure(page, name) {
  const text = await part(page, name).locator('.value').innerText();
  return Number(text.replaceAll(/[,%]/g, ''));
}

/** Waits for the figures, charts and all. */
export async function ready(page) {
  await part(page, 'Doctors').locator('.value').waitFor();
  await page.locator('.board:not([aria-busy="true"]) .bars svg, .board:not([aria-busy="true"]) .nothing').first().waitFor();
}

/** Does something that asks for the figures anew; gives the variables that were sent. */
export async function asksFor(page, act) {
  const asked = page.waitForRequest((request) => request.method() === 'POST' && request.postDataJSON()?.operationName === 'Overview');
  await act();
  const request = await asked;
  await request.response();
  await ready(page);
  return request.postDataJSON().variables;
}

/** The lines of a table or of a panel's table. */
export async function rows(within) {
  const lines = await within.locator('tbody tr').all();
  return Promise.all(lines.map(async (line) => (await line.locator('th, td').allInnerTexts()).map((text) => text.trim())));
}

/** No serious and no critical fault that axe can find, by WCAG 2.2 AA and its own best practice. */
export async function accessible(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
    [],
  );
}

/** Nothing goes over the right edge. */
export async function fits(page) {
  const width = await page.evaluate(() => ({ inner: document.documentElement.scrollWidth, outer: document.documentElement.clientWidth }));
  assert.ok(width.inner <= width.outer, `the page is ${width.inner} wide in ${width.outer}`);
}

/** The file that a press of a button hands over, as text without the mark at its start. */
export async function fileOf(page, press) {
  const handed = page.waitForEvent('download');
  await press();
  const download = await handed;
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  assert.equal(text.charCodeAt(0), 0xfeff, 'spreadsheets know by it that this is UTF-8');
  return { name: download.suggestedFilename(), lines: text.slice(1).split('\r\n') };
}

/** A picture of the whole page, where pictures are wanted. */
export async function picture(page, name) {
  const { SCREENSHOTS } = process.env;
  if (!SCREENSHOTS) return;
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `dashboard-${name}.png`), fullPage: true });
}
