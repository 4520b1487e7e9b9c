// A page in a real Chromium, with every other host blocked and everything that goes wrong written down.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

/** The flags keep Chromium itself quiet: it would otherwise ask its maker's hosts, and that is not the page's doing. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS });
}

/**
 * Opens `path` of the gateway in a fresh browser profile; signed in already, if it names somebody's token (`signedIn`).
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} origin such as `http://127.0.0.1:8080`
 * @param {string | { path: string, token: string }} where such as `/graphiql/`
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @param {string[]} [friends] origins that the page may ask and go to besides, such as the provider at which one signs in
 */
async function open(browser, origin, where, options = {}, friends = []) {
  const { path, token } = typeof where === 'string' ? { path: where, token: null } : where;
  const context = await browser.newContext(options);
  /** What a page must leave empty. */
  const faults = { foreign: [], console: [], policy: [] };
  /** Every request to the gateway, as `METHOD /path`, with its headers. */
  const requests = [];

  // Pages and workers alike: whatever is not the gateway's is aborted, and written down.
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url());
    if (url.origin === origin || friends.includes(url.origin) || url.protocol === 'data:' || url.protocol === 'blob:') return route.continue();
    faults.foreign.push(url.href);
    return route.abort();
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin === origin) requests.push({ what: `${request.method()} ${url.pathname}`, headers: request.headers() });
    else if (friends.includes(url.origin)) requests.push({ what: `${request.method()} ${url.href}`, headers: request.headers() });
    else if (url.protocol.startsWith('http') || url.protocol.startsWith('ws')) faults.foreign.push(url.href);
  });
  // Before any script of the page: a violation is seen wherever it happens.
  await context.exposeBinding('__violation', (_source, text) => faults.policy.push(text));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      globalThis.__violation(`${event.violatedDirective}: ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`);
    });
  });

  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.console.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.console.push(`uncaught: ${error.stack ?? error.message}`));
  if (token !== null) {
    await page.goto(new URL('/graphiql/config.json', origin).href);
    await page.evaluate((token) => sessionStorage.setItem('gateway:token', token), token);
    requests.length = 0;
  }
  await page.goto(new URL(path, origin).href);
  return { page, faults, requests, close: () => context.close() };
}

/** `path` in a tab that is signed in. */
export const signedIn = (path, token) => ({ path, token });

/** The tab is somebody else's from now on, as after a sign-out and a sign-in. */
export async function become(page, token) {
  await page.evaluate((token) => {
    sessionStorage.removeItem('gateway:organization');
    sessionStorage.setItem('gateway:token', token);
  }, token);
  await page.reload();
}

/**
 * Gives what declares a test on an open page, in one browser for the whole file. Whatever a test does, its page must have asked
 * no other host, logged no error and broken no policy.
 *
 * @param {() => string} origin asked when a test begins, as are paths that are functions: a gateway may have to start first
 * @param {() => string[]} [friends] see `open`
 */
export function onPages(origin, friends = () => []) {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  return (name, path, options, body) =>
    test(name, { timeout: 90_000 }, async () => {
      const opened = await open(browser, origin(), typeof path === 'function' ? await path() : path, options, friends());
      try {
        await body(opened);
        assert.deepEqual(opened.faults, { foreign: [], console: [], policy: [] });
      } finally {
        const { SCREENSHOTS } = process.env;
        if (SCREENSHOTS) await opened.page.screenshot({ path: join(SCREENSHOTS, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.png`) });
        await opened.close();
      }
    });
}

/** Waits for the editor, which is a chunk of its own. */
export async function editorReady(page) {
  await page.locator('.graphiql-query-editor .view-lines').waitFor({ timeout: 30_000 });
}

/** Gives the token by hand, as a person does. */
export async function enterToken(page, token) {
  await page.getByLabel('Bearer token').fill(token);
  const schema = page.waitForResponse((response) => new URL(response.url()).pathname === '/graphiql/schema.graphql');
  await page.getByLabel('Bearer token').press('Enter');
  await page.getByLabel('Organization').waitFor();
  await schema;
}

/** The text of an editor; it draws blanks as no-break ones, and each line as an element. */
export async function textOf(page, pane) {
  const text = await page.locator(`${pane} .view-lines`).innerText();
  return text.replaceAll('\u00a0', ' ');
}

/** Puts the one line `query` into the editor in place of what is there. */
export async function paste(page, query) {
  const input = page.locator('.graphiql-query-editor textarea');
  // A busy machine may still be setting the editor up, and then it takes no paste: so look, and paste again.
  for (let tries = 0; tries < 20; tries += 1) {
    await input.focus();
    await page.keyboard.press('ControlOrMeta+A');
    // A paste: while one types, the editor closes brackets and completes names by itself.
    await input.evaluate((element, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, query);
    await page.waitForTimeout(100);
    if ((await textOf(page, '.graphiql-query-editor')) === query) return;
  }
  assert.fail(`the editor did not take: ${query}`);
}

/** Runs `query` by the keyboard, and gives the answer's body. */
export async function run(page, query) {
  await paste(page, query);
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/graphql');
  await page.keyboard.press('ControlOrMeta+Enter');
  const response = await answered;
  assert.equal(response.request().postDataJSON().query, query);
  return response.json();
}

/** The text of the response pane. */
export function shown(page) {
  return textOf(page, '.graphiql-response');
}
