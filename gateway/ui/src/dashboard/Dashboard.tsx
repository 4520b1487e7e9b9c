// One organization: which dashboard, the filters, what the figures are about, the figures, and the doctors behind one of them.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { go, OVERVIEW, useAddress } from './address';
import { preloadBars } from './Counts';
import { Doctors } from './Doctors';
import { readDrill } from './drill';
import { Fault } from './faults';
import { Filters } from './Filters';
import { FirstSteps, WhomToAsk } from './FirstSteps';
import { ago, span } from './format';
import { Fresh, Stale } from './Fresh';
import { useDsos, useOverview, type Dso, type Membership, type Overview } from './questions';
import { instants, USUAL } from './range';
import { Chooser } from './saved/Chooser';
import { useBoard, useChoice } from './saved/questions';
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

/** A link names DSOs that the reader does not see: to them these do not exist. */
function NotYours({ named, inView }: { named: number; inView: number }) {
  const say = useSay();
  const missing = named - inView;
  if (missing === 0) return null;
  if (inView === 0) {
    const isOne = named === 1;
    return (
      <section className="message" role="alert">
        <h2>{say(isOne ? 'This DSO is not here for you' : 'None of these DSOs is here for you')}</h2>
        <p>
          {say(
            isOne
              ? 'The link that you opened is about a DSO that you do not see: it is gone, or you have no access to it.'
              : `The link that you opened is about ${dsosInWords(named)} of which you see none: they are gone, or you have no access to them.`,
          )}
        </p>
        <button type="button" onClick={() => go({ dsos: [] })}>
          {say('Show all DSOs that you see')}
        </button>
      </section>
    );
  }
  return (
    <p className="notice" role="alert">
      {say(`This link names ${dsosInWords(named)}. You see ${inView} of them, and the figures are about ${inView === 1 ? 'that one' : 'these'} alone.`)}
    </p>
  );
}

interface DashboardProps {
  membership: Membership;
  onClosed(fault: Fault): void;
}

export function Dashboard({ membership, onClosed }: DashboardProps) {
  const { organizationId: organization, organizationSlug: slug, role } = membership;
  const address = useAddress();
  const cache = useQueryClient();
  const dsos = useDsos(organization);
  const choice = useChoice(organization);
  // A DSO in the address that the reader does not see is not asked for: to them it does not exist.
  const inView = (dsos.data ?? []).filter(({ id }) => address.dsos.includes(id));
  const wanted = inView.map(({ id }) => id);
  const seesAny = dsos.data !== undefined && dsos.data.length > 0;
  const seesNamed = address.dsos.length === 0 || inView.length > 0;
  const range = address.range ?? USUAL;
  // Who works in DSOs begins with the dashboard that is made for that; who leads the organization with its overview. `undefined`: not known yet.
  const begin = role === 'MEMBER' ? (choice.data ? (choice.data.forRole?.id ?? null) : choice.isError ? null : undefined) : null;
  const dashboard = address.dashboard === OVERVIEW ? null : (address.dashboard ?? begin);
  // All DSOs are asked for beside the list of them: one answer less to wait for.
  const isReady = dashboard !== undefined && (dsos.data === undefined ? address.dsos.length === 0 : seesAny && seesNamed);
  const figures = useOverview(organization, wanted, range, isReady && dashboard === null);
  const board = useBoard(organization, dashboard ?? null, wanted, address.range, isReady);
  const shown = dashboard === null ? figures : board;
  const drill = readDrill(address.doctors);
  // While what failed is asked for again, what was said of it stays.
  const failed = useRef<Error>(null);
  if (shown.error) failed.current = shown.error;
  const isMissing = shown.data === undefined ? shown.isError : shown.isPlaceholderData && shown.errorUpdatedAt > 0;

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
    if (dsos.data === undefined) return dsos.isError ? <Trouble error={dsos.error} onAgain={() => void again()} /> : <Skeleton />;
    if (!seesAny) return role === 'MEMBER' ? <WhomToAsk membership={membership} /> : <FirstSteps organization={organization} dsos={dsos.data} />;
    if (!seesNamed) return <NotYours named={address.dsos.length} inView={0} />;
    // What was shown stays, also where asking again has failed: `Stale` says so.
    if (isMissing) return <Trouble error={shown.error ?? failed.current} onAgain={() => void again()} />;
    if (shown.data === undefined) return <Skeleton />;
    if (dashboard != null) {
      const { mode } = address;
      return board.data && <Saved key={dashboard} {...{ organization, slug, mode }} found={board.data} isOld={board.isPlaceholderData} />;
    }
    if (!figures.data) return null;
    const { overview, faults } = figures.data;
    // No doctor has been entered yet: eight zeros would say less.
    const isNew = role !== 'MEMBER' && address.dsos.length === 0 && overview.doctors?.count === 0;
    return (
      <>
        {isNew && <FirstSteps organization={organization} dsos={dsos.data} />}
        <div className="board" aria-busy={figures.isPlaceholderData}>
          <Missing faults={faults} />
          <Widgets overview={overview} slug={slug} />
        </div>
      </>
    );
  };

  const isSeen = dsos.data !== undefined && !fault;
  return (
    <TermsContext value={termsOf(inView.length > 0 ? inView : (dsos.data ?? []))}>
      <main>
        {isSeen && seesAny && dashboard !== undefined && (
          <Chooser {...{ organization, choice }} chosen={dashboard} mode={address.mode} board={board.data?.board ?? null} />
        )}
        {(!isSeen || seesAny) && (
          <>
            <Filters dsos={dsos.data ?? []} chosen={wanted} isNamed={seesNamed} range={address.range} unchosen={dashboard === null ? 'usual' : 'own'} />
            <div className="line">
              {dashboard === null && figures.data && isSeen && seesNamed && <About dsos={dsos.data} overview={figures.data.overview} />}
              {dashboard !== null && isSeen && seesNamed && <Sight dsos={dsos.data} inView={inView} />}
              <Fresh
                at={shown.dataUpdatedAt}
                isBusy={shown.isFetching || dsos.isFetching}
                isOld={shown.isPlaceholderData}
                onAgain={() => void again()}
              />
            </div>
          </>
        )}
        {!fault && !isMissing && <Stale questions={[dsos, shown]} />}
        {isSeen && inView.length > 0 && <NotYours named={address.dsos.length} inView={inView.length} />}
        {body()}
        {drill !== null && seesAny && seesNamed && !fault && (
          <Doctors
            key={address.doctors}
            organization={organization}
            slug={slug}
            drill={drill}
            dsoIds={wanted}
            until={(dashboard === null && figures.data?.overview.until) || instants(range, new Date()).until}
            onClose={() => go({ doctors: null })}
            onFault={(fault) => fault.closesOrganization && onClosed(fault)}
          />
        )}
      </main>
    </TermsContext>
  );
}
