// Which organization is shown: the one that the address names, else the one chosen before in this tab, else the first. One that the
// reader is no member of is shown as what it is to them: closed.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { storedOrganization, storeOrganization } from '../session';
import { go, useAddress } from './address';
import { Arrival } from './Arrival';
import type { Joined } from './arrival';
import { Closed } from './Closed';
import { Dashboard } from './Dashboard';
import type { Fault } from './faults';
import { Header } from './Header';
import { useCaller, type Caller, type Membership } from './questions';
import { Skeleton } from './Skeleton';
import { Trouble } from './Trouble';

function chosen({ memberships }: Caller, named: string | null): Membership | undefined {
  if (named !== null) return memberships.find(({ organizationSlug, organizationId }) => named === organizationSlug || named === organizationId);
  const before = storedOrganization();
  return memberships.find(({ organizationId }) => organizationId === before) ?? memberships[0];
}

interface OrganizationsProps {
  /** What to say above everything else. */
  notice: string | null;
  onNoticed(): void;
  onLeave(): void;
}

export function Organizations({ notice, onNoticed, onLeave }: OrganizationsProps) {
  const caller = useCaller();
  const { organization: named } = useAddress();
  const cache = useQueryClient();
  // What the gateway said about the organization that was shown until then.
  const [closed, setClosed] = useState<{ name: string; fault: Fault } | null>(null);
  const membership = caller.data && chosen(caller.data, named);

  useEffect(() => {
    if (!membership) return;
    storeOrganization(membership.organizationId);
    document.title = `${membership.organizationName} · CS12 Dashboard`;
    // In the address from now on: a reload and a link show the same organization.
    go({ organization: membership.organizationSlug }, 'replace');
  }, [membership]);

  useEffect(() => {
    if (!caller.data) return;
    // Nothing is kept of an organization that the reader is no member of any more.
    const mine = new Set(['nowhere', ...caller.data.memberships.map(({ organizationId }) => organizationId)]);
    cache.removeQueries({ predicate: ({ queryKey }) => !mine.has(String(queryKey[0])) });
  }, [caller.data]);

  const choose = ({ organizationSlug }: Membership) => {
    setClosed(null);
    go({ organization: organizationSlug, dashboard: null, mode: 'view', dsos: [], doctors: null });
  };

  const close = ({ organizationId, organizationName: name }: Membership, fault: Fault) => {
    setClosed({ name, fault });
    // Every answer of it goes, and the list of organizations is asked for anew: it has changed.
    cache.removeQueries({ queryKey: [organizationId] });
    void caller.refetch();
  };

  const join = async ({ organizationId, organizationSlug }: Joined) => {
    storeOrganization(organizationId);
    go({ organization: organizationSlug }, 'replace');
    await caller.refetch();
  };

  const header = (
    <>
      <Header caller={caller.data ?? null} chosen={closed === null ? (membership ?? null) : null} onChoose={choose} onLeave={onLeave} />
      {notice !== null && (
        <div className="notice dismissible" role="alert">
          <p>{notice}</p>
          <button type="button" onClick={onNoticed}>
            Close
          </button>
        </div>
      )}
    </>
  );
  if (caller.isPending)
    return (
      <>
        {header}
        <main>
          <Skeleton />
        </main>
      </>
    );
  if (caller.isError)
    return (
      <>
        {header}
        <main>
          <Trouble error={caller.error} onAgain={() => void caller.refetch()} />
        </main>
      </>
    );
  if (closed === null && caller.data.memberships.length === 0)
    return (
      <>
        {header}
        <main>
          <Arrival onJoined={join} />
        </main>
      </>
    );
  if (closed !== null || !membership) {
    const name = closed?.name ?? named ?? 'of this name';
    return (
      <>
        {header}
        <main>
          <Closed name={name} fault={closed?.fault ?? null} />
        </main>
      </>
    );
  }
  return (
    <>
      {header}
      <Dashboard key={membership.organizationId} membership={membership} onClosed={(fault) => close(membership, fault)} />
    </>
  );
}
