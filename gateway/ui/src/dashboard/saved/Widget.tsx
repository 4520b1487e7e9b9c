// A widget on the page: its title, what time it is about, its answer, or why there is none.
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { doctorColumns, doctorFile, LastContact, RiskPill } from '../DoctorColumns';
import type { Fault } from '../faults';
import type { Doctor } from '../questions';
import { useSame } from '../same';
import { save, Table } from '../Table';
import { useSay } from '../terms';
import { needInWords } from '../words';
import { figureColumns, groupColumns, writeOf } from './columns';
import { Figure } from './Figure';
import { inOrder } from './order';
import { plotOf } from './plot';
import { mostGroups } from './query';
import type { Found, Piece, Result, Row } from './questions';
import { timeOf } from './say';

// Most of the page's weight: titles and figures are there before it.
const Chart = lazy(() => import('./charts/Chart'));

const isEmpty = ({ kind }: Piece, { rows, doctors }: Result) => kind !== 'NUMBER' && (rows ?? []).length + (doctors ?? []).length === 0;

function List({ doctors, title }: { doctors: readonly Doctor[]; title: string }) {
  return (
    // It may be longer than its place: the keyboard scrolls it.
    <ol className="doctors" tabIndex={0} aria-label={title}>
      {doctors.map(({ id, name, practice, dso, risk, lastContactAt }) => (
        <li key={id}>
          <span>
            {name}
            <small>{[practice, dso?.name].filter(Boolean).join(' · ')}</small>
          </span>
          {risk && <RiskPill risk={risk} />}
          <small>
            <LastContact lastContactAt={lastContactAt} />
          </small>
        </li>
      ))}
    </ol>
  );
}

function Drawn({ piece, rows, title }: { piece: Piece; rows: readonly Row[]; title: string }) {
  const say = useSay();
  const plot = useSame(plotOf(piece, rows, say));
  const query = useSame(piece.query);
  const write = useMemo(() => writeOf({ ...piece, query }), [query]);
  const kind = piece.kind === 'LINE' || piece.kind === 'PIE' ? piece.kind : 'BAR';
  return (
    <>
      <Suspense fallback={<div className="plot" />}>
        <Chart kind={kind} plot={plot} name={title} write={write} />
      </Suspense>
      {kind !== 'PIE' && plot.series.length > 1 && (
        <p className="legend" aria-hidden="true">
          {plot.series.map(({ key, label, tone }) => (
            <span key={key}>
              <i className={`dot ${tone}`} /> {label}
            </span>
          ))}
          {plot.hidden > 0 && <span>and {plot.hidden} more in the table</span>}
        </p>
      )}
      {kind !== 'PIE' && !plot.ticks.every(({ open }) => open !== undefined) && (
        <Table
          caption={title}
          columns={groupColumns(piece, rows, say).map(({ head, value }) => ({ head, value }))}
          rows={rows}
          keyOf={keyOfRow}
          isUnseen
        />
      )}
    </>
  );
}

const keyOfRow = ({ keys }: Row) => keys.map(({ id, label, at }) => id ?? at ?? label ?? '').join('|');

/** Why nothing is there, for whoever has a right to know: the reader. */
function Refused({ fault }: { fault: Fault | null }) {
  return (
    <div className="refused">
      <p>{fault?.message ?? 'This figure is not there.'}</p>
      {fault?.refused && <p className="hint">{needInWords(fault.refused)}</p>}
      {fault && (
        <p className="hint">
          Code {fault.code}
          {fault.requestId !== null && `, request ${fault.requestId}`}
        </p>
      )}
    </div>
  );
}

interface WidgetProps {
  piece: Piece;
  title: string;
  fault: Fault | null;
  asked: Found['asked'];
  file: string;
  /** What the edit mode puts below. */
  children?: ReactNode;
}

export function Widget({ piece, title, fault, asked, file, children }: WidgetProps) {
  const say = useSay();
  const [isTable, setTable] = useState(false);
  const { kind, result } = piece;
  const { rows: counted = null, doctors = null } = result ?? {};
  const rows = counted && inOrder(piece, counted);
  const hasAnswer = result !== null && !isEmpty(piece, result);

  const saveFile = () => {
    if (doctors) save(file, doctorFile(say), doctors);
    else if (rows && kind !== 'NUMBER') save(file, groupColumns(piece, rows, say), rows);
    else if (result) save(file, figureColumns(piece, say), [result]);
  };

  const answer = () => {
    if (result === null) return <Refused fault={fault} />;
    if (isEmpty(piece, result)) return <p className="hint nothing">There is nothing to count: no row in view fits what this asks, in this time.</p>;
    if (kind === 'NUMBER') return <Figure piece={piece} result={result} />;
    if (doctors && kind === 'LIST' && !isTable) return <List doctors={doctors} title={title} />;
    if (doctors) return <Table caption={title} columns={doctorColumns(say)} rows={doctors} keyOf={({ id }) => id} />;
    if (!rows) return <Refused fault={fault} />;
    if (kind === 'TABLE' || isTable) return <Table caption={title} columns={groupColumns(piece, rows, say)} rows={rows} keyOf={keyOfRow} />;
    return <Drawn piece={piece} rows={rows} title={title} />;
  };

  return (
    <section className={`card widget shows-${kind.toLowerCase()}`} aria-label={title}>
      <header>
        <div>
          <h2>{title}</h2>
          <p className="time">{timeOf(piece, asked)}</p>
        </div>
        {hasAnswer && (
          <div className="tools">
            {kind !== 'NUMBER' && kind !== 'TABLE' && (
              <button type="button" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
                Table
              </button>
            )}
            <button type="button" onClick={saveFile} aria-label={`CSV of ${title}`}>
              CSV
            </button>
          </div>
        )}
      </header>
      <div className="answer">{answer()}</div>
      {rows && kind !== 'NUMBER' && rows.length >= mostGroups(piece.query) && (
        <p className="time">These are the first {rows.length} groups, as it asks for no more; there may be others.</p>
      )}
      {children}
    </section>
  );
}
