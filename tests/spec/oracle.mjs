// What the reference implementation says of a request.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { GraphQLError, Kind, buildSchema, execute, getVariableValues, parse, validate, visit } from 'graphql';

const file = fileURLToPath(new URL('../../schema.graphql', import.meta.url));

/** RFC 3339 and its usual variants, as the gateway's own type takes them. */
const TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,12})?)?(?: ?(?:[Zz]|[Uu][Tt][Cc])| ?([+-])(\d\d):?(\d\d)?)$/;

function time(value) {
  const parts = typeof value === 'string' ? TIME.exec(value) : null;
  if (!parts) throw new GraphQLError('no time');
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 60) throw new GraphQLError('no time of day');
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  if (local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) throw new GraphQLError('no day');
  if (Number(parts[9] ?? 0) > 15 || Number(parts[10] ?? 0) > 59) throw new GraphQLError('no offset');
  const offset = parts[8] ? Number(`${parts[8]}1`) * (Number(parts[9]) * 60 + Number(parts[10] ?? 0)) : 0;
  local.setUTCHours(hour, minute - offset, second);
  if (local.getUTCFullYear() < 1900 || local.getUTCFullYear() > 9999) throw new GraphQLError('no year');
  return value;
}

/** The gateway's schema; its own scalars take what the gateway's take. */
export function schema() {
  const built = buildSchema(readFileSync(file, 'utf8'));
  const DateTime = built.getType('DateTime');
  DateTime.coerceInputValue = time;
  DateTime.coerceInputLiteral = (node) => {
    if (node.kind !== Kind.STRING) throw new GraphQLError('no string');
    return time(node.value);
  };
  // An ID that is written as a number is a signed one of 64 bits.
  const ID = built.getType('ID');
  const coerce = ID.coerceInputLiteral.bind(ID);
  ID.coerceInputLiteral = (node) => {
    if (node.kind === Kind.INT && BigInt.asIntN(64, BigInt(node.value)) !== BigInt(node.value)) throw new GraphQLError('no id');
    return coerce(node);
  };
  return built;
}

/** Why the request is refused, or what can be run: the document, its operation and the variables' values. */
export function judge(built, { query, variables = {}, operationName }) {
  let document;
  try {
    document = parse(query);
  } catch (error) {
    return { refused: error.message };
  }
  const [invalid] = validate(built, document, undefined, { maxErrors: 1 });
  if (invalid) return { refused: invalid.message };
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const named = operations.filter(({ name }) => operationName === undefined || name?.value === operationName);
  if (named.length !== 1) return { refused: 'it is not said which operation' };
  const [operation] = named;
  if (operation.operation === 'subscription') return { refused: 'no subscriptions' };
  const coerced = getVariableValues(built, operation.variableDefinitions ?? [], variables);
  if (coerced.errors) return { refused: coerced.errors[0].message };
  if (decidesByNull(document, operation, variables)) return { refused: 'a directive reads a variable that is null' };
  return { document, operation };
}

/** Whether a directive reads null. The reference implementation finds out while it runs, and then nulls the parent; the gateway refuses the whole. */
function decidesByNull(document, operation, variables) {
  const nulls = new Set((operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value).filter((name) => variables?.[name] === null));
  const fragments = new Map(document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map((found) => [found.name.value, found]));
  let found = false;
  const look = (node) =>
    visit(node, {
      Directive: ({ arguments: given }) => void given?.forEach(({ value }) => (found ||= value.kind === Kind.VARIABLE && nulls.has(value.name.value))),
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        fragments.delete(name.value);
        if (fragment) look(fragment);
      },
    });
  if (nulls.size > 0) look(operation);
  return found;
}

/** The answer that its executor makes of a request, if every field resolves to what stands at its place in some data. */
export async function replayed(built, { variables = {}, operationName }, document, data) {
  const at = (path) => (path === undefined ? data : at(path.prev)?.[path.key]);
  const result = await execute({
    schema: built,
    document,
    variableValues: variables,
    operationName,
    rootValue: {},
    // An error of a field is a null here, and how far it reaches the gateway has decided.
    fieldResolver: (_source, _arguments, _context, info) => at(info.path),
    typeResolver: (value) => value.__typename,
  });
  return result;
}
