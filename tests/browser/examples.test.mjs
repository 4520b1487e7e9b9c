// The example queries of GraphiQL: each fits the checked-in schema, says what it is about, and runs without an error for an admin.
//   GATEWAY_URL            a running gateway
//   GATEWAY_TOKEN_MANAGER  an admin of their first organization
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema, getOperationAST, parse, validate } from 'graphql';

const { GATEWAY_URL, GATEWAY_TOKEN_MANAGER } = process.env;
assert.ok(GATEWAY_URL && GATEWAY_TOKEN_MANAGER, 'GATEWAY_URL and GATEWAY_TOKEN_MANAGER are needed');

const folder = new URL('../../gateway/ui/src/examples/', import.meta.url);
const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const examples = readdirSync(folder)
  .sort()
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

async function ask(query, variables, headers = {}) {
  const response = await fetch(new URL('/graphql', GATEWAY_URL), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${GATEWAY_TOKEN_MANAGER}`, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

/** The variables that its comments fill, by name: how many days ago. */
const filled = (text) => new Map([...text.matchAll(/^# \$(\w+): (\d+) days ago$/gm)].map(([, name, days]) => [name, Number(days)]));

test('the common questions are there, each under a name of its own', () => {
  assert.ok(examples.length >= 6);
  const names = examples.map(({ text }) => getOperationAST(parse(text))?.name?.value);
  assert.equal(new Set(names).size, examples.length, `${names}`);
  assert.ok(names.every(Boolean), `${names}`);
});

test('a query that does not fit the schema would be found', () => {
  assert.notDeepEqual(validate(schema, parse('{ doctors { nodes { nothing } } }')), []);
});

let organization;
for (const { name, text } of examples) {
  test(`${name} fits the schema and runs`, async () => {
    const document = parse(text);
    assert.deepEqual(validate(schema, document).map(String), []);
    const operation = getOperationAST(document);
    assert.equal(operation.operation, 'query');
    const [title, about] = text.split('\n');
    assert.match(title, /^# \S.{5,60}$/);
    assert.match(about, /^# \S.*\.$/);
    const wanted = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
    assert.deepEqual([...filled(text).keys()], wanted);

    organization ??= (await ask('{ viewer { memberships { organizationId } } }')).data.viewer.memberships[0].organizationId;
    const at = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
    const variables = Object.fromEntries([...filled(text)].map(([variable, days]) => [variable, at(days)]));
    const answer = await ask(text, variables, { 'x-organization-id': organization });
    assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  });
}
