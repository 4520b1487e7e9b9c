// A list in an answer as a table: which lists there are, and the rows of one, flattened, as CSV.
import { csvText, type Cell } from './csv';

/** A list in an answer, such as `doctors.nodes`, or `dsos.nodes.cases.nodes` over all DSOs. */
export interface List {
  path: readonly string[];
  rows: number;
}

type Row = Record<string, unknown>;

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every list in `data`, outer ones first; one under several parents counts as one. */
export function listsIn(data: unknown): List[] {
  const found = new Map<string, { path: string[]; rows: number }>();
  const visit = (value: unknown, path: string[]) => {
    if (Array.isArray(value)) {
      const list = found.get(path.join('.')) ?? { path, rows: 0 };
      list.rows += value.length;
      found.set(path.join('.'), list);
      for (const row of value) visit(row, path);
    } else if (isRow(value)) {
      for (const [name, inner] of Object.entries(value)) visit(inner, [...path, name]);
    }
  };
  visit(data, []);
  return [...found.values()].filter(({ rows }) => rows > 0);
}

/** The leaves of a value by their place. A list within a row cannot be spread out beside it: it stands in its cell as JSON. */
function leaves(value: unknown, place: string, into: Row): void {
  if (isRow(value)) {
    for (const [name, inner] of Object.entries(value)) leaves(inner, place === '' ? name : `${place}.${name}`, into);
  } else {
    into[place] = Array.isArray(value) ? JSON.stringify(value) : value;
  }
}

/** What of a parent stands before each of its rows: its own plain values and those of what it has one of, no lists. */
function ofParent(parent: Row, prefix: string, except: string): Row {
  const own: Row = {};
  for (const [name, value] of Object.entries(parent)) {
    if (name === except || Array.isArray(value)) continue;
    if (isRow(value) && Object.values(value).some(Array.isArray)) continue;
    leaves(value, `${prefix}.${name}`, own);
  }
  return own;
}

/** The rows of one list, flat. A row of a list within a list begins with what its parents say of themselves. */
export function rowsOf(data: unknown, path: readonly string[]): Row[] {
  const rows: Row[] = [];
  const visit = (value: unknown, at: number, before: Row) => {
    if (Array.isArray(value)) {
      for (const row of value) {
        if (at === path.length) {
          const flat: Row = { ...before };
          // An edge is its node with a cursor: the node's fields stand by themselves.
          const { node, cursor, ...rest } = isRow(row) ? row : ({} as Row);
          if (isRow(node)) leaves(cursor === undefined ? { ...rest, ...node } : { ...rest, ...node, cursor }, '', flat);
          else leaves(row, isRow(row) ? '' : (path.at(-1) ?? 'value'), flat);
          rows.push(flat);
        } else if (isRow(row)) {
          const next = path[at] ?? '';
          visit(row[next], at + 1, { ...before, ...ofParent(row, path.slice(0, at).filter((step) => step !== 'nodes').join('.'), next) });
        }
      }
    } else if (at < path.length && isRow(value)) {
      visit(value[path[at] ?? ''], at + 1, before);
    }
  };
  visit(data, 0, {});
  return rows;
}

export function csvOf(rows: Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => columns.map((column) => row[column] as Cell));
  // The mark in front tells Excel that it is UTF-8.
  return `\ufeff${csvText(columns, cells)}\r\n`;
}
