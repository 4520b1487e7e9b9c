// A fault where an answer should be: what happened, what to do, and what to pass on when asking for help.
import { Fault, unreachable } from './faults';

export function Trouble({ error, onAgain }: { error: unknown; onAgain?: () => void }) {
  const fault = error instanceof Fault ? error : unreachable();
  return (
    <section className="message" role="alert">
      <h2>This could not be loaded</h2>
      <p>{fault.message}</p>
      <p className="hint">
        Code {fault.code}
        {fault.requestId !== null && <>, request {fault.requestId}</>}
      </p>
      {onAgain && (
        <button type="button" onClick={onAgain}>
          Try again
        </button>
      )}
    </section>
  );
}
