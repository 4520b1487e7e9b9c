// Requests over a schema: valid ones, nearly valid ones, and text that was damaged.

import {
  getNamedType, isAbstractType, isCompositeType, isInputObjectType, isInputType, isLeafType, isListType, isNonNullType, isObjectType,
  isRequiredArgument,
} from 'graphql';

import { Random } from './random.mjs';
import { json, literal } from './values.mjs';

/** What would take the data away under the comparison, or send mails. */
const LEFT_OUT = new Set(['organizationDelete', 'organizationLeave', 'organizationOwnershipTransfer', 'organizationCreate', 'memberRemove', 'memberSuspend']);
const INTROSPECTION = [
  '__schema { types { name kind } }', '__type(name: "Doctor") { name fields { name type { name kind ofType { name } } } }',
  '__schema { queryType { name } directives { name args { name defaultValue } } }', '__type(name: "Risk") { enumValues(includeDeprecated: true) { name } }',
  '__type { name }', '__schema { nothing }', '__type(name: "Node") { possibleTypes { name } interfaces { name } }', '__type(name: "ActivityMeasure") { isOneOf inputFields { name } }',
];

/** One request of a seed. */
export function request(schema, seed) {
  const random = new Random(seed);
  return new Writer(schema, random).request();
}

class Writer {
  constructor(schema, random) {
    this.schema = schema;
    this.random = random;
    this.inputs = Object.values(schema.getTypeMap()).filter((type) => isInputType(type) && !type.name.startsWith('__'));
    this.composites = Object.values(schema.getTypeMap()).filter((type) => isCompositeType(type) && !type.name.startsWith('__'));
    this.fragments = [];
    // Half of the documents are meant to be right.
    this.noise = random.chance(0.5) ? 0 : random.of([0.02, 0.05, 0.15]);
  }

  odd(probability = 0.2) {
    return this.random.chance(this.noise * probability);
  }

  request() {
    const { random } = this;
    const operations = [this.operation()];
    while (random.chance(0.06)) operations.push(this.operation());
    if (operations.length > 1 || this.odd()) this.name(operations);
    const definitions = [...operations.map(({ text }) => text()), ...this.fragments.map(({ text }) => text)];
    if (this.odd()) definitions.push(random.of(['type A { a: Int }', 'fragment Unused on Query { __typename }', 'scalar X', '{ __typename }', '}', 'extend type Query { a: Int }']));
    if (random.chance(0.2)) definitions.reverse();
    let query = definitions.join(random.of(['\n', ' ', ',', '\n# a comment { " }\n', '\uFEFF', '\r\n']));
    if (random.chance(this.noise)) query = damage(random, query);
    const chosen = random.of(operations);
    const variables = this.given(chosen.variables);
    let operationName = chosen.name;
    if (operations.length === 1 && random.chance(0.7)) operationName = undefined;
    if (this.odd()) operationName = 'Nothing';
    return { query, variables, operationName };
  }

  given(variables) {
    const { random } = this;
    const given = {};
    for (const { name, type } of variables) {
      const value = isInputType(type) ? json(random, type, { noise: this.noise }) : random.of([1, 'x', null]);
      if (value !== undefined) given[name] = value;
    }
    if (random.chance(0.05)) given.unknown = random.of([1, null, 'x']);
    return given;
  }

  name(operations) {
    operations.forEach((operation, index) => (operation.name = `Op${this.odd() ? 0 : index}`));
  }

  operation() {
    const { random } = this;
    const kind = this.odd(0.1) ? 'subscription' : random.chance(0.82) ? 'query' : 'mutation';
    const root = this.schema.getRootType(kind) ?? this.schema.getQueryType();
    const operation = { variables: [], name: random.chance(0.3) ? 'Op0' : undefined };
    this.variables = operation.variables;
    const set = this.set(root, 0);
    const directives = this.odd() ? this.directives(0.5) : '';
    operation.text = () => {
      const head = operation.variables.map(({ text }) => text).join(random.of([', ', ' ']));
      const short = kind === 'query' && !operation.name && head === '' && directives === '' && random.chance(0.7);
      if (short) return set;
      const description = random.chance(0.03) ? '"what it does" ' : '';
      return `${description}${kind} ${operation.name ?? ''}${head === '' ? (this.odd() ? '()' : '') : `(${head})`}${directives} ${set}`;
    };
    return operation;
  }

  /** A selection set on a type. */
  set(type, depth) {
    const { random } = this;
    if (this.odd(0.1) || random.chance(0.005)) return '{}';
    const parts = [];
    const count = 1 + random.below(depth === 0 ? 3 : 4);
    for (let index = 0; index < count; index += 1) parts.push(this.selection(type, depth));
    // What stands twice must be merged, or is in conflict.
    if (random.chance(0.12)) parts.push(random.of(parts));
    if (random.chance(0.03 + this.noise / 4)) parts.push(...this.pair(type, depth));
    if (isAbstractType(type)) parts.unshift('__typename');
    if (depth > 0 && random.chance(0.1)) parts.push('__typename');
    return `{ ${parts.join(random.of([' ', '\n', ', ']))} }`;
  }

  selection(type, depth) {
    const { random } = this;
    if (depth === 0 && type === this.schema.getQueryType() && random.chance(0.04)) return this.introspection();
    if (random.chance(0.12)) return this.inline(type, depth);
    if (random.chance(0.1)) return this.spread(type, depth);
    if (this.odd()) return random.of(['nothing', '__typename', 'id { a }', '__schema { types { name } }', '... on Nothing { a }', '... on Risk { a }', '...Nothing', 'on', 'x: id', '""', '...on']);
    return this.field(type, depth);
  }

  introspection() {
    const { random } = this;
    const whole = this.noise > 0 ? INTROSPECTION : INTROSPECTION.filter((text) => !/nothing|__type \{/.test(text));
    return random.of(whole);
  }

  field(type, depth) {
    const { random } = this;
    const all = Object.values(type.getFields()).filter(({ name }) => !LEFT_OUT.has(name));
    const leaves = all.filter((field) => isLeafType(getNamedType(field.type)));
    const field = random.of(depth > 3 && leaves.length > 0 ? leaves : all);
    const args = this.arguments(field);
    const below = getNamedType(field.type);
    let set = isCompositeType(below) ? ` ${depth > 5 ? '{ __typename }' : this.set(below, depth + 1)}` : '';
    if (this.odd(0.1)) set = set === '' ? ' { id }' : '';
    return `${this.alias(args)}${field.name}${args}${this.directives(0.06)}${set}`;
  }

  /** A field twice under one key: with the same arguments, or nearly. */
  pair(type, depth) {
    const { random } = this;
    const all = Object.values(type.getFields()).filter(({ name }) => !LEFT_OUT.has(name));
    const field = random.of(all.filter(({ args }) => args.length > 0).concat(all[0]));
    const below = getNamedType(field.type);
    const first = this.arguments(field);
    const second = random.chance(0.5) ? first : random.chance(0.5) ? shaken(random, first) : this.arguments(field);
    const key = this.alias(first);
    return [first, second].map((args) => `${key}${field.name}${args}${isCompositeType(below) ? ` ${depth > 4 ? '{ __typename }' : this.set(below, depth + 1)}` : ''}`);
  }

  /** Fields with arguments get keys of their own, or most documents would be in conflict with themselves. */
  alias(args) {
    const { random } = this;
    if (random.chance(this.noise * 2)) return random.chance(0.3) ? `${random.of(['a', 'b', 'id', 'name', 'Alias_1'])}: ` : '';
    this.aliases = (this.aliases ?? 0) + 1;
    return args !== '' || random.chance(0.1) ? `k${this.aliases}: ` : '';
  }

  arguments(field) {
    const { random } = this;
    const given = field.args.filter((argument) => isRequiredArgument(argument) || random.chance(0.3));
    const options = (argument) => ({ noise: this.noise, variable: (type) => this.variable(type, argument.defaultValue !== undefined) });
    const parts = given.map((argument) => `${argument.name}: ${this.argument(argument, options(argument))}`);
    if (this.odd() && parts.length > 0) parts.push(random.of(parts));
    if (this.odd()) parts.push(random.of(['nothing: 1', 'first: 2', 'id: "x"', 'first: "2"', 'a', ': 1']));
    if (this.odd() && parts.length > 0) parts.pop();
    if (random.chance(0.2)) parts.reverse();
    return parts.length === 0 ? (this.odd(0.05) ? '()' : '') : `(${parts.join(random.of([', ', ' ', ',']))})`;
  }

  /** Pages are kept small, so that the comparison is quick. */
  argument({ name, type }, options) {
    const { random } = this;
    if ((name === 'first' || name === 'last') && random.chance(0.6)) return String(1 + random.below(3));
    if (name === 'id' && random.chance(0.2)) return '"x"';
    return literal(random, type, options);
  }

  /** A variable for a place that takes a type: it may have been declared for another. */
  variable(type) {
    const { random } = this;
    const usable = this.variables.filter(({ says }) => says === String(type) || says === `${type}!`);
    if (usable.length > 0 && random.chance(0.5)) return `$${random.of(usable).name}`;
    if (this.variables.length > 0 && this.odd()) return `$${random.of(this.variables).name}`;
    const name = `v${this.variables.length}`;
    let declared = type;
    let text = String(type);
    const bare = isNonNullType(type) ? type.ofType : type;
    if (!isNonNullType(type) && random.chance(0.25)) text = `${type}!`;
    if (random.chance(this.noise * 0.6)) {
      declared = this.odd(2) ? random.of(this.inputs) : random.of([bare, isListType(bare) ? getNamedType(bare) : bare]);
      text = random.of([String(declared), `${getNamedType(declared).name}`, `[${getNamedType(declared).name}]`, `[${getNamedType(declared).name}!]!`, `${getNamedType(declared).name}!`]);
    }
    if (this.odd(0.1)) text = random.of(['Nothing', 'Doctor', 'Node', 'Doctor!', '[Doctor]', 'Int!!', '[Int', '']);
    const nullable = !text.endsWith('!');
    let value = '';
    if (nullable && random.chance(0.25)) value = ` = ${literal(random, bare, { noise: this.noise })}`;
    if (this.odd()) value = random.of([' = null', ` = ${literal(random, bare, { noise: this.noise })}`, ' = $v0', ' =']);
    const directive = this.odd(0.1) ? ' @skip(if: true)' : '';
    this.variables.push({ name, says: text, type: declaredType(text, declared, type), text: `$${name}: ${text}${value}${directive}` });
    return `$${name}`;
  }

  directives(probability) {
    const { random } = this;
    if (!random.chance(probability)) return this.odd(0.1) ? random.of([' @nothing', ' @skip', ' @deprecated', ' @guard(scope: ORG)', ' @include(if: 1)', ' @oneOf', ' @']) : '';
    const name = random.of(['skip', 'include']);
    const boolean = this.schema.getType('Boolean');
    const value = random.chance(0.5) ? random.of(['true', 'false']) : random.chance(this.noise) ? literal(random, boolean, { noise: 0.6 }) : this.condition(boolean);
    const again = this.odd() ? ` @${name}(if: true)` : '';
    return ` @${name}(if: ${value})${again}`;
  }

  /** A variable for `if`: one with a default may be left out. */
  condition(boolean) {
    const { random } = this;
    const name = `v${this.variables.length}`;
    const text = random.of([`$${name}: Boolean!`, `$${name}: Boolean = true`, `$${name}: Boolean = false`, ...(this.noise > 0 ? [`$${name}: Boolean`, `$${name}: Boolean = null`] : [])]);
    this.variables.push({ name, says: 'of a condition', type: boolean, text });
    return `$${name}`;
  }

  inline(type, depth) {
    const { random } = this;
    const on = this.narrowed(type);
    const condition = on === type && random.chance(0.4) ? '' : `on ${on.name} `;
    return `... ${condition}${this.directives(0.15)} ${this.set(on, depth + 1)}`;
  }

  spread(type, depth) {
    const { random } = this;
    const known = this.fragments.filter(({ on }) => on === type);
    if (known.length > 0 && random.chance(0.5)) return `...${random.of(known).name}${this.directives(0.1)}`;
    if (this.odd() && this.fragments.length > 0) return `...${random.of(this.fragments).name}`;
    const on = this.narrowed(type);
    this.spreads = (this.spreads ?? 0) + 1;
    const name = this.odd(0.1) ? random.of(['on', 'F1']) : `F${this.spreads}`;
    const fragment = { name, on: this.odd(0.2) ? null : on, text: '' };
    if (this.odd(0.1)) this.fragments.push(fragment);
    fragment.text = `fragment ${name} on ${on.name} ${this.set(on, depth + 1)}`;
    if (!this.fragments.includes(fragment)) this.fragments.push(fragment);
    return `...${name}${this.directives(0.1)}`;
  }

  /** The type itself, one that it can be, or one that it cannot be. */
  narrowed(type) {
    const { random } = this;
    if (this.odd()) return random.of(this.composites);
    if (isAbstractType(type) && random.chance(0.7)) return random.of(this.schema.getPossibleTypes(type));
    if (isObjectType(type) && type.getInterfaces().length > 0 && random.chance(0.3)) return random.of(type.getInterfaces());
    return type;
  }
}

/** The type by which a variable's JSON is chosen: that of its text where it is simple to say, else the place's. */
function declaredType(text, declared, place) {
  return text === String(place) || text === `${place}!` ? place : isInputObjectType(declared) || isLeafType(declared) ? declared : place;
}

/** Nearly the same arguments: an entry of a list more or less, another number, a block string for a quoted one. */
function shaken(random, args) {
  const [from, to] = random.of([[/\[([^\][]+)\]/, '[$1, $1]'], [/, [^,[\]{}()]+\]/, ']'], [/\b1\b/, '2'], [/"([^"\\\n]*)"(?!")/, '"""$1"""'], [/\{(\w+: \w+), (\w+: \w+)\}/, '{$2, $1}'], [/true/, 'false']]);
  return args.replace(from, to);
}

/** Damages a text: a character or a word is dropped, doubled or put elsewhere. */
function damage(random, text) {
  const words = text.split(/(\s+|[{}()[\]:,!$@=|&])/).filter((word) => word !== '');
  const at = random.below(words.length);
  switch (random.below(6)) {
    case 0:
      words.splice(at, 1);
      break;
    case 1:
      words.splice(at, 0, words[at]);
      break;
    case 2:
      words.splice(at, 0, random.of(['{', '}', '(', ')', '[', ']', ':', '!', '$', '@', '=', '|', '&', '...', '..', '?', '"', '"""', '#', '\u0000', '\uFEFF', 'é', '`', '%', '-', '0', 'on', 'null']));
      break;
    case 3:
      words[at] = random.of(words);
      break;
    case 4:
      return text.slice(0, random.below(text.length));
    default:
      [words[at], words[0]] = [words[0], words[at]];
  }
  return words.join('');
}
