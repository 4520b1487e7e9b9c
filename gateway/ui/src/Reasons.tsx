// The panel below the response: what is not shown, and what it would take. Empty when nothing was refused.
import type { Reason } from './reasons';

function Line({ reason }: { reason: Reason }) {
  const { coordinate, words, code, rows, path, requestId } = reason;
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
      {code === 'INTERNAL' && requestId !== undefined && <small> request {requestId}</small>}
    </li>
  );
}

/** Inside a live region that is always there: a screen reader hears the reasons after a run without leaving the editor. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  return (
    <div aria-live="polite">
      {reasons.length > 0 && (
        <section className="reasons" aria-label="Why something is not shown">
          <h2>Not shown</h2>
          <ul>
            {reasons.map((reason) => (
              <Line key={`${reason.coordinate ?? reason.path ?? ''} ${reason.code} ${reason.words}`} reason={reason} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
