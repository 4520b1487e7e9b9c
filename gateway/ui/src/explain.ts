// Why a field was refused, asked of the gateway itself: `explainAccess` for the field, on each DSO whose row was refused.
import type { GraphQLAnswer, Headers } from './gateway';

/** Asks the gateway as whoever ran the query, in the same organization. */
export type Ask = (body: unknown, headers: Headers) => Promise<GraphQLAnswer>;

/** Most DSOs that are asked about at once: a document may have 20 root fields, and each takes two. */
const MOST = 8;

interface Explanation {
  allowed: boolean;
  rule: string;
  reason: string | null;
  remedy: string | null;
}

function documentFor(dsos: readonly string[]): string {
  const fields = '{ allowed rule reason remedy }';
  if (dsos.length === 0) return `query Explain($coordinate: String!) { a0: explainAccess(coordinate: $coordinate) ${fields} }`;
  const variables = dsos.map((_, place) => `$d${place}: ID!`).join(', ');
  const asked = dsos.map((_, n) => `a${n}: explainAccess(coordinate: $coordinate, dsoId: $d${n}) ${fields} n${n}: dso(id: $d${n}) { name }`);
  return `query Explain($coordinate: String!, ${variables}) { ${asked.join(' ')} }`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function sentence(dso: string | undefined, coordinate: string, { allowed, rule, reason, remedy }: Explanation): string {
  const where = dso === undefined ? '' : ` on ${dso}`;
  if (allowed) return `${coordinate}${where} may be read: it needs ${rule}. Run the query again.`;
  const why = reason === null ? '' : `: ${reason}`;
  return `${coordinate}${where} needs ${rule}${why}.${remedy === null ? '' : ` What would change it: ${capital(remedy)}.`}`;
}

/** One sentence for each DSO, or one when none is concerned. */
export async function explain(ask: Ask, coordinate: string, dsos: readonly string[]): Promise<string[]> {
  const asked = dsos.slice(0, MOST);
  const variables = { coordinate, ...Object.fromEntries(asked.map((dso, place) => [`d${place}`, dso])) };
  const { data, errors } = await ask({ query: documentFor(asked), operationName: 'Explain', variables }, {});
  const found = (data ?? {}) as Record<string, Explanation | { name: string } | null>;
  const sentences = (asked.length === 0 ? [undefined] : asked).flatMap((_, place) => {
    const explanation = found[`a${place}`] as Explanation | null | undefined;
    const dso = found[`n${place}`] as { name: string } | null | undefined;
    return explanation ? [sentence(dso?.name, coordinate, explanation)] : [];
  });
  if (sentences.length === 0) return [`The gateway does not say why: ${errors?.[0]?.message ?? 'it gave no answer'}.`];
  if (dsos.length > MOST) sentences.push(`The same for ${dsos.length - MOST} more.`);
  return sentences;
}
