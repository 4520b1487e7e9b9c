// Queries that a person has saved under a name: in localStorage, for this origin, until they are deleted. Only a name, the
// query and its variables: never a header, a token or an answer. As a file they go to a colleague and come back.
import { storedToken } from './session';

export interface SavedQuery {
  name: string;
  query: string;
  /** As JSON text; empty if it has none. */
  variables: string;
}

const KEY = 'gateway:saved-queries';
const KIND = 'gateway-queries';
/** Longest text of a query or its variables: what the gateway takes as a document. */
const LONGEST = 32 * 1024;
const LONGEST_NAME = 100;
const MOST = 500;

/** What cannot be saved, in words for whoever wanted to. */
export class NotSaved extends Error {}

function text(value: unknown, longest: number): string | null {
  return typeof value === 'string' && value.length <= longest ? value : null;
}

/** Takes the known fields and nothing else; `null` for what is no saved query. */
function savedQuery(value: unknown): SavedQuery | null {
  const { name, query, variables = '' } = (value ?? {}) as Record<string, unknown>;
  const sound = { name: text(name, LONGEST_NAME)?.trim() ?? '', query: text(query, LONGEST), variables: text(variables, LONGEST) };
  if (sound.name === '' || sound.query === null || sound.query.trim() === '' || sound.variables === null) return null;
  return { name: sound.name, query: sound.query, variables: sound.variables };
}

function byName(queries: SavedQuery[]): SavedQuery[] {
  return queries.sort((left, right) => left.name.localeCompare(right.name));
}

/** Everything saved, by name. What cannot be read is left out, and stays until the next change. */
export function savedQueries(): SavedQuery[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? byName(kept.map(savedQuery).filter((query) => query !== null)) : [];
  } catch {
    return [];
  }
}

function keep(queries: SavedQuery[]): SavedQuery[] {
  if (queries.length > MOST) throw new NotSaved(`At most ${MOST} queries can be saved: delete some first.`);
  try {
    if (queries.length === 0) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(queries));
  } catch {
    throw new NotSaved('The browser has no room left for it.');
  }
  return byName(queries);
}

/** Saves a query; one of the same name is replaced. */
export function save(wanted: SavedQuery): SavedQuery[] {
  const query = savedQuery(wanted);
  if (query === null) throw new NotSaved(`A saved query has a name of at most ${LONGEST_NAME} characters and a query of at most 32 KiB.`);
  const token = storedToken();
  // Somebody may have pasted it into the query by mistake: it would stay here for good.
  if (token !== null && `${query.name} ${query.query} ${query.variables}`.includes(token)) throw new NotSaved('It holds your token: take that out first.');
  return keep([...savedQueries().filter(({ name }) => name !== query.name), query]);
}

export function remove(name: string): SavedQuery[] {
  return keep(savedQueries().filter((query) => query.name !== name));
}

/** The collection as a file. */
export function asFile(queries: readonly SavedQuery[]): string {
  return `${JSON.stringify({ kind: KIND, version: 1, queries }, null, 2)}\n`;
}

/** A name that nobody has yet. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) {
    const free = `${name.slice(0, LONGEST_NAME - 6)} (${number})`;
    if (!taken.has(free)) return free;
  }
}

/** Adds what is in a file. Nothing here is overwritten: a query of a known name and another content comes in under a new name. */
export function addFile(file: string): { queries: SavedQuery[]; added: number; refused: number } {
  let found: unknown;
  try {
    found = (JSON.parse(file) as { queries?: unknown } | null)?.queries;
  } catch {
    found = undefined;
  }
  if (!Array.isArray(found)) throw new NotSaved('This file holds no saved queries.');
  const all = savedQueries();
  const names = new Set(all.map(({ name }) => name));
  let added = 0;
  let refused = 0;
  for (const one of found) {
    const query = savedQuery(one);
    if (query === null) {
      refused += 1;
      continue;
    }
    const same = (other: SavedQuery) => other.query === query.query && other.variables === query.variables;
    if (all.some((other) => same(other) && (other.name === query.name || other.name.startsWith(`${query.name} (`)))) continue;
    if (names.has(query.name)) query.name = freeName(query.name, names);
    names.add(query.name);
    all.push(query);
    added += 1;
  }
  return { queries: keep(all), added, refused };
}
