// One organization: the filters, what the figures are about, the figures, and the doctors behind one of them.
import { useEffect } from 'react';
import { go, useAddress } from './address';
import { Doctors } from './Doctors';
import { readDrill } from './drill';
import { Fault } from './faults';
import { Filters } from './Filters';
import { ago, minute, span } from './format';
import { useDsos, useOverview, type Dso, type Membership, type Overview } from './questions';
import { instants } from './range';
import { Skeleton } from './Skeleton';
import { Trouble } from './Trouble';
import { Widgets } from './Widgets';
import { dsos as dsosInWords, sightInWords } from './words';

function About({ dsos, overview }: { dsos: Dso[]; overview: Overview }) {
  const { from, until, previousFrom, lastContactAt, dsoCount } = overview;
  return (
    <p className="about">
      <strong>{span(from, until)}</strong>, compared with {span(previousFrom, from)}. {sightInWords(dsos.map(({ viewerRole }) => viewerRole))}
      {dsoCount !== dsos.length && `; the figures are about ${dsosInWords(dsoCount)} of them`}.
      {lastContactAt && <> Last contact {ago(lastContactAt, new Date())}.</>}
    </p>
  );
}

/** `at`: 0 before the first answer. */
function Fresh({ at, isBusy, onAgain }: { at: number; isBusy: boolean; onAgain(): void }) {
  return (
    <div className="fresh">
      <span role="status">{at > 0 && `Updated ${minute(new Date(at))}`}</span>
      <button type="button" onClick={onAgain} disabled={isBusy}>
        Refresh
      </button>
    </div>
  );
}

/** What is missing in an answer that came. */
function Missing({ faults }: { faults: Fault[] }) {
  const [first] = faults;
  if (!first) return null;
  return (
    <p className="notice" role="alert">
      Some figures are missing: {first.message} (code {first.code}
      {first.requestId !== null && `, request ${first.requestId}`})
    </p>
  );
}

interface DashboardProps {
  membership: Membership;
  onClosed(fault: Fault): void;
}

export function Dashboard({ membership, onClosed }: DashboardProps) {
  const organization = membership.organizationId;
  const address = useAddress();
  const dsos = useDsos(organization);
  // A DSO in the address that the reader does not see is not asked for: to them it does not exist.
  const wanted = (dsos.data ?? []).filter(({ id }) => address.dsos.includes(id)).map(({ id }) => id);
  const seesAny = dsos.isSuccess && dsos.data.length > 0;
  const figures = useOverview(organization, wanted, address.range, seesAny);
  const drill = readDrill(address.doctors);

  const fault = [dsos.error, figures.error].find((error) => error instanceof Fault && error.closesOrganization);
  useEffect(() => {
    if (fault instanceof Fault) onClosed(fault);
  }, [fault]);

  const again = () => {
    void dsos.refetch();
    if (seesAny) void figures.refetch();
  };

  const body = () => {
    // The page is about to close; nothing of it is shown until then.
    if (fault) return null;
    if (dsos.isError) return <Trouble error={dsos.error} onAgain={again} />;
    if (dsos.isPending) return <Skeleton />;
    if (!seesAny) {
      return (
        <section className="message">
          <h2>No DSO to show</h2>
          <p>You are a member of {membership.organizationName}, but see none of its DSOs. An admin of the organization can grant you some.</p>
        </section>
      );
    }
    if (figures.isError) return <Trouble error={figures.error} onAgain={again} />;
    if (figures.isPending) return <Skeleton />;
    return (
      <div className="board" aria-busy={figures.isPlaceholderData}>
        <Missing faults={figures.data.faults} />
        <Widgets overview={figures.data.overview} slug={membership.organizationSlug} />
      </div>
    );
  };

  return (
    <main>
      <Filters dsos={dsos.data ?? []} chosen={wanted} range={address.range} />
      <div className="line">
        {figures.data && dsos.data && !fault && <About dsos={dsos.data} overview={figures.data.overview} />}
        <Fresh at={figures.dataUpdatedAt} isBusy={figures.isFetching || dsos.isFetching} onAgain={again} />
      </div>
      {body()}
      {drill !== null && seesAny && !fault && (
        <Doctors
          key={address.doctors}
          organization={organization}
          slug={membership.organizationSlug}
          drill={drill}
          dsoIds={wanted}
          until={figures.data?.overview.until ?? instants(address.range, new Date()).until}
          onClose={() => go({ doctors: null })}
          onFault={(fault) => fault.closesOrganization && onClosed(fault)}
        />
      )}
    </main>
  );
}
