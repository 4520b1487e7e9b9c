// The guards of the schema, written where one reads about a field: introspection leaves directives out, so the page builds its
// schema from the SDL and puts each guard in front of its field's description. Documentation, hover and completion show it.
import { buildSchema, isInterfaceType, isObjectType, type ConstDirectiveNode, type GraphQLField, type GraphQLSchema } from 'graphql';

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

/** The line that stands in front of the field's description, or nothing for a field without guard. */
function guardLine(field: GraphQLField<unknown, unknown>): string | null {
  for (const directive of field.astNode?.directives ?? []) {
    const given = argumentsOf(directive);
    if (directive.name.value === 'guard') return `Guard: \`${guardInWords(given.get('scope') ?? '', given)}\``;
    if (directive.name.value === 'public') return `Public: ${given.get('reason') ?? 'anybody may read it'}`;
  }
  return null;
}

/** Builds the schema and shows its guards. Throws when the text is no schema. */
export function schemaWithGuards(sdl: string): GraphQLSchema {
  // The gateway wrote and checked this text: validating it again would only cost the reader's time.
  const schema = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) {
      const line = guardLine(field);
      // Two blanks and a line end: a break within one paragraph, because lists of fields show the first paragraph only.
      if (line !== null) field.description = field.description ? `${line}  \n${field.description}` : line;
    }
  }
  return schema;
}
