// A table as a file for a spreadsheet.
import { csvText } from '../csv';

export type Cell = string | number | null;

export const csvOf: (head: readonly string[], rows: readonly (readonly Cell[])[]) => string = csvText;

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
