// Looking at what a member sees: for admins, a list to choose from in the bar; while they look, a banner over everything and the
// way out. Only ever in memory: a page that is loaded anew is one's own.
import { useEffect, useState } from 'react';
import { fetchOthers, type Other } from './runAs';

interface RunAsProps {
  token: string;
  organization: string;
  /** The caller's own role there. */
  role: string;
  other: Other | null;
  onOther(other: Other | null): void;
}

export function RunAs({ token, organization, role, other, onOther }: RunAsProps) {
  const [others, setOthers] = useState<Other[]>([]);

  useEffect(() => {
    const asking = new AbortController();
    // Without the list there is nobody to choose; everything else on the page goes on.
    const none = () => [];
    void fetchOthers(token, organization, role, asking.signal)
      .catch(none)
      .then((found) => {
        if (!asking.signal.aborted) setOthers(found);
      });
    return () => asking.abort();
  }, [token, organization, role]);

  if (other !== null) {
    return (
      <section className="run-as" aria-label="Looking as a member" role="status">
        <p>
          You look at what <bdi>{other.name}</bdi> ({other.role.toLowerCase()}) sees: read only. It is written into the audit log.
        </p>
        <button type="button" onClick={() => onOther(null)}>
          Back to your own view
        </button>
      </section>
    );
  }
  if (others.length === 0) return null;
  return (
    <div className="organization look-as">
      <label htmlFor="run-as">Look as</label>
      <select id="run-as" value="" onChange={({ target }) => onOther(others.find(({ id }) => id === target.value) ?? null)}>
        <option value="">yourself</option>
        {others.map(({ id, name, role: theirs }) => (
          <option key={id} value={id}>
            {name} ({theirs.toLowerCase()})
          </option>
        ))}
      </select>
    </div>
  );
}
