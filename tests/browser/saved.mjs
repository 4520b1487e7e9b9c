// What the tests of saved dashboards share: making one past the page, finding its parts, and writing into its forms.
import assert from 'node:assert/strict';
import { ask, button, part, sheet } from './dashboard.mjs';

export const ORGANIZATION = 'allsolutions';

const CREATE = 'mutation ($input: DashboardCreateInput!) { done: dashboardCreate(input: $input) { dashboard { id } userErrors { message } } }';
const ADD = 'mutation ($input: WidgetAddInput!) { done: widgetAdd(input: $input) { widget { id } userErrors { message } } }';

/** A dashboard with widgets, each as title, kind and query; gives its id. */
export async function makeDashboard(demo, who, title, visibility, widgets) {
  const { done } = await ask(demo.origin, demo.tokens[who], ORGANIZATION, CREATE, { input: { title, visibility } });
  const { id } = done.dashboard;
  for (const [title, kind, query] of widgets) {
    const added = await ask(demo.origin, demo.tokens[who], ORGANIZATION, ADD, { input: { dashboardId: id, title, kind, query } });
    assert.deepEqual(added.done.userErrors, [], `give the widget \`${title}\` a query that the gateway takes`);
  }
  return id;
}

/** A dashboard as the gateway has it for somebody; `null` if there is none for them. */
export async function savedDashboard(demo, who, id) {
  const query = `query ($id: ID!) { dashboard(id: $id) { title visibility version widgets { title kind x y width height query } } }`;
  const { dashboard } = await ask(demo.origin, demo.tokens[who], ORGANIZATION, query, { id });
  return dashboard;
}

export async function savedTitles(demo, who) {
  const { dashboards } = await ask(demo.origin, demo.tokens[who], ORGANIZATION, '{ dashboards(first: 100) { nodes { title } } }');
  return dashboards.nodes.map(({ title }) => title);
}

export const chooser = (page) => page.getByLabel('Dashboard', { exact: true });
export const shownId = (page) => new URL(page.url()).searchParams.get('dashboard');
export const editBar = (page) => part(page, 'Editing');
export const question = (page) => page.getByRole('alertdialog');

/** Waits for a widget's answer, whatever it is. */
export async function answered(page, title) {
  await part(page, title).locator('.answer > :not(.plot:empty)').first().waitFor();
}

/** Fills the form of a widget; `choices` by the names of its fields. */
export async function fillWidget(page, title, choices = {}) {
  await sheet(page).getByLabel('Title').fill(title);
  for (const [field, option] of Object.entries(choices)) await sheet(page).getByLabel(field, { exact: true }).selectOption({ label: option });
}

/** Adds a widget by the form, on a page in edit mode. */
export async function addWidget(page, title, choices) {
  await button(editBar(page), 'Add widget').click();
  await fillWidget(page, title, choices);
  await button(sheet(page), 'Add it').click();
  await sheet(page).waitFor({ state: 'hidden' });
  await answered(page, title);
}

/** Notes the variables of every request for a dashboard. */
export function dashboardRequests(page) {
  const asked = [];
  page.on('request', (request) => {
    if (request.method() !== 'POST' || !request.url().endsWith('/graphql')) return;
    const { operationName, query, variables } = request.postDataJSON();
    if (operationName === 'Dashboard' || /query Dashboard\(/.test(query)) asked.push(variables);
  });
  return asked;
}
