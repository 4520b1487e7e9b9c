import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaint, isAccepted } from './licences.mjs';

const EXPRESSIONS = [
  ['MIT', true],
  ['MIT OR Apache-2.0', true],
  ['MIT/Apache-2.0', true],
  ['GPL-3.0-only OR MIT', true],
  ['MIT OR GPL-3.0-only', true],
  ['MIT AND (Apache-2.0 OR GPL-2.0-only)', true],
  ['Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT', true],
  ['Apache-2.0 AND ISC', true],
  ['GPL-3.0-only', false],
  ['MIT AND GPL-3.0-only', false],
  ['(MIT OR Apache-2.0) AND AGPL-3.0-only', false],
  ['GPL-2.0-only WITH Classpath-exception-2.0', false],
  ['MIT WITH something', false],
  ['(MIT', false],
  ['MIT)', false],
  ['MIT OR', false],
  ['MIT Apache-2.0', false],
  ['SEE LICENSE IN LICENSE', false],
  ['', false],
];

for (const [expression, expected] of EXPRESSIONS) {
  test(`${expression || 'nothing'} is ${expected ? 'accepted' : 'refused'}`, () => {
    assert.equal(isAccepted(expression), expected);
  });
}

test('an exception is for one package and one licence', () => {
  assert.equal(complaint({ name: 'lightningcss-linux-x64-gnu', version: '1.0.0', licence: 'MPL-2.0' }), null);
  assert.match(complaint({ name: 'lightningcss', version: '1.0.0', licence: 'GPL-3.0-only' }), /GPL/);
  assert.match(complaint({ name: 'other', version: '1.0.0', licence: 'MPL-2.0' }), /^other 1\.0\.0: MPL-2\.0$/);
  assert.match(complaint({ name: 'other', version: '1.0.0' }), /says nothing/);
});
