// The guards of the schema, written where one reads about a field: introspection leaves directives out, so the page builds its
// schema from the SDL and puts each guard in front of its field's description. Documentation, hover and completion show it.
import {
  buildSchema,
  isInterfaceType,
  isObjectType,
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLSchema,
} from 'graphql';

function argumentsOf(directive: ConstDirectiveNode): Map<string, string> {
  const values = new Map<string, string>();
  for (const { name, value } of directive.arguments ?? []) {
    if (value.kind === 'EnumValue' || value.kind === 'StringValue') values.set(name.value, value.value);
  }
  return values;
}

/** A guard in the words of an error's `extensions.guard`: `dso: MANAGER`, `org: ADMIN`, `self, or org: ADMIN`. */
export function guardInWords(scope: string, of: ReadonlyMap<string, string>): string {
  const feature = of.get('feature');
  const words = (() => {
    switch (scope) {
      case 'DSO':
        return `dso: ${of.get('dsoRole') ?? 'VIEWER'}`;
      case 'ORG':
        return `org: ${of.get('orgRole') ?? 'MEMBER'}`;
      case 'SELF':
        return of.has('orgRole') ? `self, or org: ${of.get('orgRole')}` : 'self';
      default:
        return scope.toLowerCase().replaceAll('_', ' ');
    }
  })();
  return feature === undefined ? words : `${words}, feature: ${feature}`;
}

/** What the field demands, in words with their markup, or nothing for a field without guard. */
function demand(field: GraphQLField<unknown, unknown>): string | null {
  for (const directive of field.astNode?.directives ?? []) {
    const given = argumentsOf(directive);
    if (directive.name.value === 'guard') return `Guard: \`${guardInWords(given.get('scope') ?? '', given)}\``;
    if (directive.name.value === 'public') return `Public: ${given.get('reason') ?? 'anybody may read it'}`;
  }
  return null;
}

/** An interface's field has no guard of its own: those of the types behind it, each with its types. */
function demands(schema: GraphQLSchema, type: GraphQLInterfaceType, name: string): string | null {
  const types = new Map<string, string[]>();
  for (const behind of schema.getPossibleTypes(type)) {
    const field = behind.getFields()[name];
    const words = field === undefined ? null : demand(field);
    if (words !== null) types.set(words, [...(types.get(words) ?? []), behind.name]);
  }
  const told = [...types].map(([words, names], place) => `${place === 0 ? words : words.replace(/^Guard: /, '')} (${names.join(', ')})`);
  return told.length === 0 ? null : told.join('; ');
}

/** Builds the schema and shows its guards. Throws when the text is no schema. */
export function schemaWithGuards(sdl: string): GraphQLSchema {
  // The gateway wrote and checked this text: validating it again would only cost the reader's time.
  const schema = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  for (const type of types) {
    if (!(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) {
      const line = demand(field) ?? (isInterfaceType(type) ? demands(schema, type, field.name) : null);
      // Two blanks and a line end: a break within one paragraph, because lists of fields show the first paragraph only.
      if (line !== null) field.description = field.description ? `${line}  \n${field.description}` : line;
    }
  }
  return schema;
}
