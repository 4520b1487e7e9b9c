// Looking at what a member sees, as an admin meets it on the page. Needs a running gateway, as graphiql.test.mjs says; whoever has
// GATEWAY_TOKEN_MANAGER is an admin of the organization in which whoever has GATEWAY_TOKEN_VIEWER is a member.
import assert from 'node:assert/strict';
import { editorReady, enterToken, onPages, paste, run } from './page.mjs';

const { GATEWAY_URL, GATEWAY_TOKEN_MANAGER, GATEWAY_TOKEN_VIEWER } = process.env;
assert.ok(GATEWAY_URL && GATEWAY_TOKEN_MANAGER && GATEWAY_TOKEN_VIEWER, 'GATEWAY_URL and two tokens are needed: see graphiql.test.mjs');

const onPage = onPages(() => new URL(GATEWAY_URL).origin);
const SEEN = '{ viewer { name } dsos { totalCount } doctors(first: 1) { nodes { name email } } }';

async function ask(token, query) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(new URL('/graphql', GATEWAY_URL), { method: 'POST', headers, body: JSON.stringify({ query }) });
  return response.json();
}

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };
for (const [where, options] of [
  ['', {}],
  [', on a phone', PHONE],
]) {
  onPage(`an admin looks at what a member sees, reads only, and finds the way out${where}`, '/graphiql/', options, async ({ page, requests }) => {
    const theirs = await ask(GATEWAY_TOKEN_VIEWER, SEEN);
    const { name } = theirs.data.viewer;
    await editorReady(page);
    await enterToken(page, GATEWAY_TOKEN_MANAGER);
    const choice = page.getByLabel('Look as');
    await choice.waitFor();
    const choices = await choice.locator('option').allInnerTexts();
    assert.ok(!choices.some((text) => /\((owner|admin)\)$/.test(text)), `an admin looks as members: ${choices}`);
    const own = await run(page, SEEN);
    assert.equal(own.errors, undefined, JSON.stringify(own));

    await choice.selectOption(`${name} (member)`);
    const banner = page.getByRole('status', { name: 'Looking as a member' });
    assert.match(await banner.innerText(), new RegExp(`You look at what ${name} \\(member\\) sees: read only\\.`));
    const bar = await page.locator('header').evaluate((element) => ({ inner: element.scrollWidth, outer: element.clientWidth }));
    assert.ok(bar.inner <= bar.outer, `the bar is ${bar.inner} wide in ${bar.outer}`);
    const seen = await run(page, SEEN);
    assert.deepEqual(seen.data, theirs.data);
    assert.deepEqual(seen.errors.map(({ message }) => message), theirs.errors.map(({ message }) => message));
    assert.match(requests.filter(({ what }) => what === 'POST /graphql').at(-1).headers['x-run-as-member'], /^mem_/);

    // Why the member may not is asked as the member, too.
    const reasons = page.getByRole('region', { name: 'Why something is not shown' });
    await reasons.getByRole('button', { name: 'Explain Doctor.email' }).click();
    await reasons.getByText('the role on this dso is too low. What would change it').waitFor();

    // What would change something does not even go out.
    const asked = requests.length;
    await paste(page, 'mutation { doctorUpdate(input: { doctorId: "doc_", name: "x" }) { doctor { name } } }');
    await page.keyboard.press('ControlOrMeta+Enter');
    await reasons.getByText('which is for reading only').waitFor();
    assert.deepEqual(requests.slice(asked).filter(({ what }) => what.startsWith('POST ')), []);

    await banner.getByRole('button', { name: 'Back to your own view' }).click();
    await choice.waitFor();
    assert.equal(await banner.count(), 0);
    assert.deepEqual((await run(page, SEEN)).data, own.data);
    assert.equal(requests.filter(({ what }) => what === 'POST /graphql').at(-1).headers['x-run-as-member'], undefined);

    const log = await run(page, '{ organization { auditLog(first: 1, filter: { action: [RUN_AS] }) { nodes { outcome actor { user { name } } } } } }');
    const [event] = log.data.organization.auditLog.nodes;
    assert.deepEqual(event, { outcome: 'DONE', actor: { user: { name: own.data.viewer.name } } });
  });
}

onPage('a member is offered nobody to look as', '/graphiql/', {}, async ({ page, requests }) => {
  await editorReady(page);
  await enterToken(page, GATEWAY_TOKEN_VIEWER);
  await run(page, '{ viewer { name } }');
  assert.equal(await page.getByLabel('Look as').count(), 0);
  assert.ok(requests.every(({ headers }) => headers['x-run-as-member'] === undefined));
});
