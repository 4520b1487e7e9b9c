// In place of figures that the reader may not see (any more). The switcher above leads on.
import type { Fault } from './faults';

function why(name: string, fault: Fault | null): string {
  if (fault?.code === 'ORG_SUSPENDED') return fault.message;
  if (fault !== null) return `You have no access to ${name} any more. What was shown of it is gone from this page.`;
  return `There is no organization ${name} for you: it does not exist, or you are no member of it.`;
}

export function Closed({ name, fault }: { name: string; fault: Fault | null }) {
  return (
    <section className="message" role="alert">
      <h2>Nothing to show</h2>
      <p>{why(name, fault)}</p>
      {fault?.requestId && <p className="hint">Request {fault.requestId}</p>}
    </section>
  );
}
