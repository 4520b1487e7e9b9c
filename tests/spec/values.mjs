// Values of a type: as literals of a document, and as JSON of variables. Mostly right, sometimes nearly.

import { GraphQLNonNull, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';

const STRINGS = [
  '""', '"a"', '"Öztürk Şeule"', '"\\u00e9"', '"\\uD83D\\uDE00"', '"\\u{1F600}"', '"\\u{41}"', '"\\n\\t\\"\\\\\\/"', '"😀"', '"""block"""',
  '"""\n  two\n    lines\n  """', '"""a \\""" b"""', '""" " """', '"#"', '"{ } [ ] ( )"', '"\\u0000"', '"\u0007"',
];
const BAD_STRINGS = [
  '"\\x41"', '"\\u12"', '"\\uD83D"', '"\\uDE00\\uD83D"', '"\\u{110000}"', '"\\u{}"', '"\\u{D83D}"', '"open', '"a\nb"', "'single'", '"""open', '"\\u{1F6', '"\\U0041"',
  '"\\uD83D\\u0041"', '"\\uD83Dx"',
];
const INTS = ['0', '1', '-1', '25', '2147483647', '-2147483648', '-0'];
const ODD_INTS = ['2147483648', '-2147483649', '99999999999', '12345678901234567890', '123456789012345678901234567890'];
const FLOATS = ['0.0', '1.5', '-2.25', '1e3', '1E+2', '1.5e-3', '1e308'];
const BAD_NUMBERS = ['01', '-01', '1.', '.5', '1e', '+1', '0x1F', '1_000', '--1', '1a', '1.5.2', '00', '-', '1e+', 'NaN', '1.e3'];
const TIMES = ['"2026-01-31T09:00:00Z"', '"2025-12-01T00:00:00+02:00"', '"2024-02-29T23:59:59.123Z"'];
const BAD_TIMES = ['"2026-01-01"', '"yesterday"', '""', '"2026-13-01T00:00:00Z"', '"2026-01-31T09:00:00"', '"2025-02-29T00:00:00Z"', '"\u0000"'];
const IDS = ['"dso_3vgymy4qzf948vy8n2fc1cffzj"', '"x"', '""', '7', '-3', '9007199254740993', '"mem_0"'];
const NAMES = ['FOO', 'low', 'nothing', 'on', 'query', 'fragment', 'True', 'NULL', '_', '__typename'];

/** A literal of another kind than anything asks for. */
const odd = (random) =>
  random.of([
    () => random.of(STRINGS), () => random.of(INTS), () => random.of(ODD_INTS), () => random.of(FLOATS), () => random.of(['true', 'false', 'null']),
    () => random.of(NAMES), () => '[]', () => '{}', () => `[${random.of(INTS)}]`, () => `{a: ${random.of(INTS)}}`, () => random.of(BAD_NUMBERS),
    () => random.of(BAD_STRINGS), () => '$undefined', () => '[null]', () => '[[1]]',
  ])();

/**
 * Writes a literal. `noise` is how often something is odd; `variable`, if given, is asked for a variable of a type to stand in its place.
 */
export function literal(random, type, { noise, variable, depth = 0, place = type }) {
  const again = (of, place = of) => literal(random, of, { noise, variable, depth: depth + 1, place });
  if (random.chance(noise / 4)) return odd(random);
  if (isNonNullType(type)) return random.chance(noise / 4) ? 'null' : again(type.ofType, type);
  if (variable && random.chance(0.25)) return variable(place);
  if (place === type && random.chance(0.04)) return 'null';
  if (isListType(type)) {
    if (random.chance(0.15)) return again(type.ofType);
    const items = Array.from({ length: random.below(4) }, () => again(type.ofType));
    return `[${items.join(random.of([', ', ' ', ' , ']))}]`;
  }
  if (isInputObjectType(type)) return object(random, type, { noise, depth, value: (of) => again(of) });
  if (isEnumType(type)) {
    const name = random.of(type.getValues()).name;
    return random.chance(noise / 4) ? random.of([`"${name}"`, name.toLowerCase(), ...NAMES, '0', `"""${name}"""`]) : name;
  }
  switch (type.name) {
    case 'Int':
      return random.chance(noise / 3) ? random.of([...ODD_INTS, ...FLOATS, ...BAD_NUMBERS, '"1"']) : random.of(INTS);
    case 'Float':
      return random.chance(noise / 3) ? random.of([...BAD_NUMBERS, ...ODD_INTS, '"1.5"']) : random.of([...FLOATS, ...INTS]);
    case 'Boolean':
      return random.chance(noise / 3) ? random.of(['"true"', '1', '0', 'TRUE']) : random.of(['true', 'false']);
    case 'ID':
      return random.chance(noise / 3) ? random.of(['1.0', '1e3', 'true', 'dso', ...ODD_INTS.slice(0, 3)]) : random.of(IDS);
    case 'DateTime':
      return random.chance(noise / 3) ? random.of([...BAD_TIMES, '0', '1.5', 'true', 'NOW', '[]', '{}']) : random.of(TIMES);
    default:
      return random.chance(noise / 3) ? random.of([...BAD_STRINGS, '1', 'true', 'abc']) : random.of(STRINGS);
  }
}

function object(random, type, { noise, depth, value }) {
  const fields = chosen(random, type, depth).map((field) => `${field.name}: ${value(type.isOneOf ? new GraphQLNonNull(field.type) : field.type)}`);
  if (random.chance(noise / 5) && fields.length > 0) fields.push(random.of(fields));
  if (random.chance(noise / 5)) fields.push(random.of(['nothing: 1', 'name: "x"', 'id: "y"', 'a: null', 'a', 'a:']));
  if (random.chance(noise / 5)) fields.splice(random.below(fields.length + 1), 1);
  return `{${fields.join(random.of([', ', ' ', ',, ']))}}`;
}

/** Of an input's fields: the required ones and some others; of a `@oneOf` one. */
function chosen(random, type, depth) {
  const all = Object.values(type.getFields());
  if (type.isOneOf) return [random.of(all)];
  const share = depth > 3 ? 0.1 : 0.35;
  return all.filter((field) => (isNonNullType(field.type) && field.defaultValue === undefined) || random.chance(share));
}

const JSON_STRINGS = ['', 'a', 'Öztürk', '\u0000', '😀', '1', 'true', ' '];
const JSON_ODD = [null, 0, 1, -1, 2.0, 1.5, 2147483648, 1e20, true, false, '', 'x', [], {}, [null], [[1]], { a: 1 }, 'LOW', [1, 'a']];

/** What JSON a variable of the type is given; `undefined` leaves it out. */
export function json(random, type, { noise, depth = 0 }) {
  const again = (of) => json(random, of, { noise, depth: depth + 1 });
  if (random.chance(noise / 4)) return random.of(JSON_ODD);
  if (isNonNullType(type)) return random.chance(noise / 4) ? random.of([null, undefined]) : (again(type.ofType) ?? again(type.ofType));
  if (random.chance(0.08)) return random.of([null, undefined]);
  if (isListType(type)) {
    if (random.chance(0.15)) return again(type.ofType);
    return Array.from({ length: random.below(4) }, () => again(type.ofType) ?? null);
  }
  if (isInputObjectType(type)) {
    const fields = chosen(random, type, depth).map((field) => [field.name, again(type.isOneOf ? new GraphQLNonNull(field.type) : field.type)]);
    if (random.chance(noise / 5)) fields.push(random.of([['nothing', 1], ['name', null], ['id', 'y']]));
    if (random.chance(noise / 5)) fields.splice(random.below(fields.length + 1), 1);
    return Object.fromEntries(fields);
  }
  if (isEnumType(type)) {
    const name = random.of(type.getValues()).name;
    return random.chance(noise / 4) ? random.of([name.toLowerCase(), 0, true, [name], '', { [name]: 1 }]) : name;
  }
  const wrong = random.chance(noise / 3);
  switch (type.name) {
    case 'Int':
      return wrong ? random.of([2147483648, -2147483649, 1e20, 1.5, '1', true, [], {}]) : random.of([0, 1, -1, 25, 2.0, 2147483647, -2147483648]);
    case 'Float':
      return wrong ? random.of(['1.5', true, [1], {}]) : random.of([0, 1.5, -2, 1e300, 2147483648]);
    case 'Boolean':
      return wrong ? random.of(['true', 1, 0, '', []]) : random.of([true, false]);
    case 'ID':
      return wrong ? random.of([1.5, true, {}, ['x', 1]]) : random.of(['dso_3vgymy4qzf948vy8n2fc1cffzj', 'x', '', 7, -3, 2.0]);
    case 'DateTime':
      return wrong ? random.of(['2026-01-01', 'yesterday', '', 0, true, [], {}]) : random.of(['2026-01-31T09:00:00Z', '2025-12-01T00:00:00+02:00']);
    default:
      return wrong ? random.of([1, true, 1.5, [], {}, ['a', 'b']]) : random.of(JSON_STRINGS);
  }
}
