// The panel below the response: what is not shown, what it would take, and at a click why, in the gateway's own words. Empty when
// nothing was refused.
import { useState } from 'react';
import { explain, type Ask } from './explain';
import { inWords } from './gateway';
import type { Reason } from './reasons';

type Why = { kind: 'unasked' } | { kind: 'asking' } | { kind: 'told'; sentences: string[] };

function Explain({ coordinate, dsos, ask }: { coordinate: string; dsos: readonly string[]; ask: Ask }) {
  const [why, setWhy] = useState<Why>({ kind: 'unasked' });
  const find = () => {
    setWhy({ kind: 'asking' });
    const asked = explain(ask, coordinate, dsos);
    void asked.catch((error: unknown) => [inWords(error)]).then((sentences) => setWhy({ kind: 'told', sentences }));
  };
  if (why.kind === 'told') {
    return (
      <ul className="why">
        {why.sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    );
  }
  return (
    <button type="button" disabled={why.kind === 'asking'} aria-label={`Explain ${coordinate}`} onClick={find}>
      {why.kind === 'asking' ? 'Asking…' : 'Explain'}
    </button>
  );
}

function Line({ reason, ask }: { reason: Reason; ask: Ask }) {
  const { coordinate, words, code, rows, dsos, path, requestId } = reason;
  return (
    <li>
      {coordinate === undefined ? (
        <>{words} </>
      ) : (
        <>
          <code>{coordinate}</code> is not shown: {words}{' '}
        </>
      )}
      (code {code})
      {coordinate !== undefined && `, ${rows} ${rows === 1 ? 'row' : 'rows'}`}
      {path !== undefined && <small> first at {path}</small>}
      {code === 'INTERNAL' && requestId !== undefined && <small> request {requestId}</small>}{' '}
      {coordinate !== undefined && <Explain coordinate={coordinate} dsos={dsos} ask={ask} />}
    </li>
  );
}

interface ReasonsProps {
  reasons: readonly Reason[];
  /** Counts the answers: what was explained of the last one is not said of the next. */
  answer: number;
  ask: Ask;
}

/** Inside a live region that is always there: a screen reader hears the reasons after a run without leaving the editor. */
export function Reasons({ reasons, answer, ask }: ReasonsProps) {
  return (
    <div aria-live="polite">
      {reasons.length > 0 && (
        <section className="reasons" aria-label="Why something is not shown">
          <h2>{reasons.some(({ coordinate, path }) => coordinate !== undefined || path !== undefined) ? 'Not shown' : 'Not answered'}</h2>
          <ul>
            {reasons.map((reason) => (
              <Line key={`${answer} ${reason.coordinate ?? reason.path ?? ''} ${reason.code} ${reason.words}`} reason={reason} ask={ask} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
