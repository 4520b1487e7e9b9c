// gateway/docs/clients.md: its snippets stand in the files that the other test runs, and its codes are all there are.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const section = read('gateway/docs/clients.md');
const [clients, subscribing = ''] = section.split(/^### Subscribing$/m);
/** Each client's name, the file that it links to, and its snippet. */
const shown = [...clients.matchAll(/^\*\*(.+?)\*\* \(\[`.+?`\]\((?:\.\.\/)*(.+?)\)\)[^]*?```js\n([^]*?)```/gm)].map(([, name, path, snippet]) => ({ name, path, snippet }));

describe('the document for client developers', () => {
  it('shows each client once, and no other code', () => {
    assert.deepEqual(shown.map(({ name }) => name), ['Apollo Client', 'urql', 'Relay', 'graphql-request']);
    assert.equal(clients.split('```').length, 1 + 2 * shown.length);
  });

  for (const { name, path, snippet } of shown) {
    it(`shows of ${name} what stands in its file, to the letter`, () => {
      // Relay's queries stand beside it, for its compiler.
      const text = `\n${read(path)}\n${name === 'Relay' ? read('tests/clients/relay/doctors.js') : ''}`;
      for (const part of snippet.trimEnd().split('\n\n')) assert.ok(text.includes(`\n${part}\n`), `not in ${path}:\n${part}`);
    });
  }

  it('shows the subscription as its test runs it, to the letter', () => {
    const snippets = [...subscribing.matchAll(/^```js\n([^]*?)```/gm)].map(([, snippet]) => snippet.trimEnd());
    assert.equal(snippets.length, 1);
    assert.equal(subscribing.split('```').length, 3, 'no other code');
    for (const part of snippets[0].split('\n\n')) assert.ok(read('tests/clients/subscribe.mjs').includes(`\n${part}\n`), part);
  });

  it('keeps each file short enough to be read at once', () => {
    for (const { path } of shown) assert.ok(read(path).split('\n').length <= 61, path);
  });

  it('names every code that the gateway answers, and no other', () => {
    const codes = [...read('gateway/src/errors/code.rs').matchAll(/=> "([A-Z_]+)"/g)].map(([, code]) => code);
    const named = [...(/^- \*\*Errors\*\*[^]*?(?=^- )/m.exec(section)?.[0] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code);
    assert.ok(codes.length > 0);
    assert.deepEqual(named.sort(), codes.sort());
  });
});
