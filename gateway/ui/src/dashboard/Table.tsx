// A table, and the same table as a file. A column says once what a row has in it: for the eye, and for the file.
import type { ReactNode } from 'react';
import { csvOf, download, type Cell } from './csv';

export interface Column<Row> {
  head: string;
  isNumber?: boolean;
  /** Left out for the eye where the page is narrow. */
  isWide?: boolean;
  /** For the file, and for the eye unless `show` says otherwise. */
  value(row: Row): Cell;
  show?(row: Row): ReactNode;
}

interface TableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  keyOf(row: Row): string;
  isUnseen?: boolean;
}

export function Table<Row>({ caption, columns, rows, keyOf, isUnseen = false }: TableProps<Row>) {
  const classOf = ({ isNumber, isWide }: Column<Row>) => [isNumber && 'number', isWide && 'wide'].filter(Boolean).join(' ') || undefined;
  const cell = (column: Column<Row>, row: Row) => column.show?.(row) ?? column.value(row) ?? '–';
  return (
    <div className={isUnseen ? 'unseen' : 'scroll'} {...(isUnseen ? {} : { tabIndex: 0, role: 'region', 'aria-label': caption })}>
      <table>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.head} scope="col" className={classOf(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.head} scope="row">
                    {cell(column, row)}
                  </th>
                ) : (
                  <td key={column.head} className={classOf(column)}>
                    {cell(column, row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function save<Row>(name: string, columns: Column<Row>[], rows: readonly Row[]): void {
  download(
    name,
    csvOf(
      columns.map(({ head }) => head),
      rows.map((row) => columns.map((column) => column.value(row))),
    ),
  );
}
