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
import { aboutLink, Invitations } from './Invitations';
import type { Invited } from './invited';
import { useCaller, type Caller, type Membership } from './questions';
import { Skeleton } from './Skeleton';
import { Trouble } from './Trouble';

function chosen({ memberships }: Caller, named: string | null, invited: Invited | null): Membership | undefined {
  if (named !== null) return memberships.find(({ organizationSlug, organizationId }) => named === organizationSlug || named === organizationId);
  const joined = memberships.find(({ organizationName }) => organizationName === invited?.organizationName);
  if (joined) return joined;
  const before = storedOrganization();
  return memberships.find(({ organizationId }) => organizationId === before) ?? memberships[0];
}

interface OrganizationsProps {
  /** What to say above everything else. */
  notice: string | null;
  /** The invitation whose link was opened. */
  invited: Invited | null;
  onNoticed(): void;
  onLeave(): void;
}

export function Organizations({ notice, invited, onNoticed, onLeave }: OrganizationsProps) {
  const caller = useCaller();
  const { organization: named } = useAddress();
  const cache = useQueryClient();
  // The invitation of which nothing more has to be said.
  const [noticed, setNoticed] = useState<Invited | null>(null);
  // What the gateway said about the organization that was shown until then.
  const [closed, setClosed] = useState<{ name: string; fault: Fault } | null>(null);
  const membership = caller.data && chosen(caller.data, named, invited);

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

  const arrive = async (joined: Joined | null) => {
    setNoticed(invited);
    // Before the caller is asked for again: the answer then finds it chosen.
    if (joined !== null) {
      storeOrganization(joined.organizationId);
      setClosed(null);
      go({ organization: joined.organizationSlug, dashboard: null, mode: 'view', dsos: [], doctors: null }, 'replace');
    }
    await caller.refetch();
  };

  const about = invited !== null && caller.data && invited !== noticed ? aboutLink(invited, caller.data) : null;
  const said = notice ?? about;
  const open = caller.data?.pendingInvitations ?? [];
  const header = (
    <>
      <Header caller={caller.data ?? null} chosen={closed === null ? (membership ?? null) : null} onChoose={choose} onLeave={onLeave} />
      {said !== null && (
        <div className="notice dismissible" role="alert">
          <p>{said}</p>
          <button
            type="button"
            onClick={() => {
              setNoticed(invited);
              onNoticed();
            }}
          >
            Close
          </button>
        </div>
      )}
      {caller.data && caller.data.memberships.length > 0 && <Invitations open={open} onChanged={arrive} />}
    </>
  );
  // What is known stays, also where asking again has failed.
  if (caller.data === undefined && !caller.isError)
    return (
      <>
        {header}
        <main>
          <Skeleton />
        </main>
      </>
    );
  if (caller.data === undefined)
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
          <Arrival open={open} onChanged={arrive} />
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
