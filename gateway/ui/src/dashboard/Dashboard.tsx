// One organization: which dashboard, the filters, what the figures are about, the figures, and the doctors behind one of them.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { go, useAddress } from './address';
import { preloadBars } from './Counts';
import { Doctors } from './Doctors';
import { readDrill } from './drill';
import { Fault } from './faults';
import { Filters } from './Filters';
import { ago, minute, span } from './format';
import { useDsos, useOverview, type Dso, type Membership, type Overview } from './questions';
import { instants, USUAL } from './range';
import { Chooser } from './saved/Chooser';
import { useBoard } from './saved/questions';
import { Saved } from './saved/Saved';
import { Skeleton } from './Skeleton';
import { TermsContext, useSay } from './terms';
import { Trouble } from './Trouble';
import { Widgets } from './Widgets';
import { dsos as dsosInWords, sightInWords, termsOf } from './words';

function About({ dsos, overview }: { dsos: Dso[]; overview: Overview }) {
  const { from, until, previousFrom, lastContactAt, dsoCount } = overview;
  const say = useSay();
  return (
    <p className="about">
      <strong>{span(from, until)}</strong>, compared with {span(previousFrom, from)}. {say(sightInWords(dsos.map(({ viewerRole }) => viewerRole)))}
      {dsoCount !== dsos.length && `; the figures are about ${say(dsosInWords(dsoCount))} of them`}.
      {lastContactAt && <> Last contact {ago(lastContactAt, new Date())}.</>}
    </p>
  );
}

/** Of a saved dashboard each widget says its own time; whose figures they are is the same for all. */
function Sight({ dsos, inView }: { dsos: Dso[]; inView: Dso[] }) {
  const say = useSay();
  return (
    <p className="about">
      {say(sightInWords(dsos.map(({ viewerRole }) => viewerRole)))}
      {inView.length > 0 && `; the figures are about ${say(dsosInWords(inView.length))} of them`}.
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
  const { organizationId: organization, organizationSlug: slug } = membership;
  const address = useAddress();
  const cache = useQueryClient();
  const dsos = useDsos(organization);
  // A DSO in the address that the reader does not see is not asked for: to them it does not exist.
  const inView = (dsos.data ?? []).filter(({ id }) => address.dsos.includes(id));
  const wanted = inView.map(({ id }) => id);
  const seesAny = dsos.isSuccess && dsos.data.length > 0;
  const range = address.range ?? USUAL;
  // All DSOs are asked for beside the list of them: one answer less to wait for.
  const isReady = dsos.isSuccess ? seesAny : address.dsos.length === 0;
  const figures = useOverview(organization, wanted, range, isReady && address.dashboard === null);
  const board = useBoard(organization, address.dashboard, wanted, address.range, isReady);
  const shown = address.dashboard === null ? figures : board;
  const drill = readDrill(address.doctors);

  useEffect(preloadBars, []);

  const fault = [dsos.error, shown.error].find((error) => error instanceof Fault && error.closesOrganization);
  useEffect(() => {
    if (fault instanceof Fault) onClosed(fault);
  }, [fault]);

  // Everything of the organization that is on the page: a change may have touched any of it.
  const again = () => cache.refetchQueries({ queryKey: [organization], type: 'active' });

  const body = () => {
    // The page is about to close; nothing of it is shown until then.
    if (fault) return null;
    if (dsos.isError) return <Trouble error={dsos.error} onAgain={() => void again()} />;
    if (dsos.isPending) return <Skeleton />;
    if (!seesAny) {
      return (
        <section className="message">
          <h2>No DSO to show</h2>
          <p>You are a member of {membership.organizationName}, but see none of its DSOs. An admin of the organization can grant you some.</p>
        </section>
      );
    }
    if (shown.isError) return <Trouble error={shown.error} onAgain={() => void again()} />;
    if (shown.isPending) return <Skeleton />;
    if (address.dashboard !== null) {
      const { mode } = address;
      return board.data && <Saved key={address.dashboard} {...{ organization, slug, mode }} found={board.data} isOld={board.isPlaceholderData} />;
    }
    return (
      figures.data && (
        <div className="board" aria-busy={figures.isPlaceholderData}>
          <Missing faults={figures.data.faults} />
          <Widgets overview={figures.data.overview} slug={slug} />
        </div>
      )
    );
  };

  return (
    <TermsContext value={termsOf(inView.length > 0 ? inView : (dsos.data ?? []))}>
      <main>
        {seesAny && !fault && <Chooser {...{ organization }} chosen={address.dashboard} mode={address.mode} board={board.data?.board ?? null} />}
        <Filters dsos={dsos.data ?? []} chosen={wanted} range={address.range} unchosen={address.dashboard === null ? 'usual' : 'own'} />
        <div className="line">
          {address.dashboard === null && figures.data && dsos.data && !fault && <About dsos={dsos.data} overview={figures.data.overview} />}
          {address.dashboard !== null && dsos.data && !fault && <Sight dsos={dsos.data} inView={inView} />}
          <Fresh at={shown.dataUpdatedAt} isBusy={shown.isFetching || dsos.isFetching} onAgain={() => void again()} />
        </div>
        {body()}
        {drill !== null && seesAny && !fault && (
          <Doctors
            key={address.doctors}
            organization={organization}
            slug={slug}
            drill={drill}
            dsoIds={wanted}
            until={(address.dashboard === null && figures.data?.overview.until) || instants(range, new Date()).until}
            onClose={() => go({ doctors: null })}
            onFault={(fault) => fault.closesOrganization && onClosed(fault)}
          />
        )}
      </main>
    </TermsContext>
  );
}
