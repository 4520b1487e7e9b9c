// The pages' one writer of CSV. A spreadsheet would run a formula in the name of whoever opens the file, and names come from people: so a
// text gets a `'` before what would be one. The rule is the gateway's own (gateway/src/csv_file.rs); numbers stay numbers.
import Papa from 'papaparse';

export type Cell = string | number | boolean | null | undefined;

/**
 * Where a formula would begin: at the start of a text, and behind what separates cells where people write commas in their numbers. Blanks
 * before it are passed over, and so are characters that nobody sees. The last four of the list are `=+-@` in full width.
 */
const FORMULA = /(^|[;\t\r\n])([;\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2060\ufeff]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** A text as it stands in a cell. */
function safe(text: string): string {
  const cell = text.replace(FORMULA, "$1'$2");
  // A cell that begins with one of these is told apart from others by some spreadsheets only.
  return /^[\t\r\n]/.test(cell) ? `'${cell}` : cell;
}

/** Lines with CRLF between them, and none behind the last. */
export function csvText(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const data = rows.map((cells) => cells.map((cell) => (typeof cell === 'string' ? safe(cell) : cell)));
  return Papa.unparse({ fields: head.map(safe), data }, { newline: '\r\n' });
}
