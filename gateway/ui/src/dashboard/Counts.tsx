// A panel of counts: as a chart or as a table, whichever the reader likes better, and as a file.
import { lazy, Suspense, useState } from 'react';
import { heightOf, type Count, type Lying } from './count';
import { NONE, whole } from './format';
import { useNarrow } from './narrow';
import { useSame } from './same';
import { save, Table, type Column } from './Table';

// Half of the page's weight: the figures are there before it.
const loadBars = () => import('./Bars');
const Bars = lazy(loadBars);

/** Fetches the code that draws while the figures are still being asked for. Without it the panels ask again, and say what is wrong. */
export function preloadBars(): void {
  loadBars().catch(() => undefined);
}

interface CountsProps {
  title: string;
  /** What is counted, such as `Doctors`. */
  noun: string;
  /** What the rows are, such as `Risk`. */
  by: string;
  /** `null`: the gateway did not say. */
  counts: Count[] | null;
  lying?: Lying;
  /** How many bars fit; the table has them all. */
  most?: number;
  file: string;
  empty: string;
  note?: string;
}

const signed = (change: number | null) => (change === null ? NONE : change > 0 ? `▲ ${whole(change)}` : change < 0 ? `▼ ${whole(-change)}` : '= 0');

function columnsOf(noun: string, by: string): Column<Count>[] {
  return [
    {
      head: by,
      value: ({ label }) => label,
      show: ({ label, open }) =>
        open ? (
          <button type="button" className="way" onClick={open}>
            {label}
          </button>
        ) : (
          label
        ),
    },
    { head: noun, isNumber: true, value: ({ count }) => count, show: ({ count }) => whole(count) },
    { head: 'Before', isNumber: true, value: ({ before }) => before, show: ({ before }) => (before === null ? NONE : whole(before)) },
    { head: 'Change', isNumber: true, value: ({ change }) => change, show: ({ change }) => signed(change) },
  ];
}

export function Counts({ title, noun, by, counts, lying: wide = 'rows', most = 12, file, empty, note }: CountsProps) {
  const [isTable, setTable] = useState(false);
  // Bars beside each other need room to show which two belong together.
  const lying = useNarrow() ? 'rows' : wide;
  const columns = columnsOf(noun, by);
  const isEmpty = counts !== null && counts.every(({ count, before }) => count === 0 && !before);
  const shown = useSame(counts?.slice(0, wide === 'columns' ? counts.length : most) ?? []);
  const hasBefore = shown.some(({ before }) => before !== null);
  const hidden = (counts?.length ?? 0) - shown.length;
  // Where every bar is a button with its own words, a second text would only be heard twice.
  const speaks = shown.every(({ open }) => open !== undefined);
  return (
    <section className="card counts" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {counts !== null && !isEmpty && (
          <div className="tools">
            <button type="button" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
              Table
            </button>
            <button type="button" onClick={() => save(file, columns, counts)} aria-label={`CSV of ${title}`}>
              CSV
            </button>
          </div>
        )}
      </header>
      {counts === null && <p className="hint">This figure is not there.</p>}
      {isEmpty && <p className="hint nothing">{empty}</p>}
      {counts !== null && !isEmpty && isTable && <Table caption={title} columns={columns} rows={counts} keyOf={({ key }) => key} />}
      {counts !== null && !isEmpty && !isTable && (
        <>
          <Suspense fallback={<svg aria-hidden="true" height={heightOf(lying, shown.length)} />}>
            <Bars bars={shown} lying={lying} name={title} />
          </Suspense>
          {!speaks && (
            <Table caption={title} columns={columns.map(({ head, value }) => ({ head, value }))} rows={counts} keyOf={({ key }) => key} isUnseen />
          )}
          <p className="legend" aria-hidden="true">
            <i className="now" /> now {hasBefore && <i className="before" />} {hasBefore && 'before'}
            {note !== undefined && <span>{note}</span>}
            {hidden > 0 && <span>and {hidden} more in the table</span>}
          </p>
        </>
      )}
    </section>
  );
}
