// A table as a file for a spreadsheet. Cells that a spreadsheet would take for a formula are written as text: names and practices come
// from people, and somebody else opens the file.
import Papa from 'papaparse';
import { FORMULA } from '../formula';

export type Cell = string | number | null;

export function csvOf(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return Papa.unparse({ fields: [...head], data: rows.map((row) => [...row]) }, { escapeFormulae: FORMULA, newline: '\r\n' });
}

/** Hands over a file. The mark at its start tells spreadsheets that it is UTF-8. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name}.csv`;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
