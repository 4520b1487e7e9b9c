// The doctors behind a figure, as they are now: a sheet over the page, a page of rows at a time, and all of them as a file.
import { useEffect, useId, useRef, useState } from 'react';
import { filterOf, orderOf, titleOf, type Drill } from './drill';
import { Fault } from './faults';
import { ago, day, NONE, whole } from './format';
import { allDoctors, useDoctors, type Doctor } from './questions';
import { dayOf } from './range';
import { save, Table, type Column } from './Table';
import { Trouble } from './Trouble';
import { RISK_WORDS } from './words';

/** More rows than anybody reads, and fewer than a tab cannot hold. */
const MOST = 20_000;

const COLUMNS: Column<Doctor>[] = [
  {
    head: 'Doctor',
    value: ({ name }) => name,
    show: ({ name, practice, dso }) => (
      <>
        {name}
        {practice && <small>{practice}</small>}
        {dso && <small className="narrow">{dso.name}</small>}
      </>
    ),
  },
  { head: 'DSO', isWide: true, value: ({ dso }) => dso?.name ?? null },
  {
    head: 'Risk',
    value: ({ risk }) => (risk ? RISK_WORDS[risk] : null),
    show: ({ risk }) => (risk ? <span className={`pill ${risk.toLowerCase()}`}>{RISK_WORDS[risk]}</span> : NONE),
  },
  { head: 'Period', isNumber: true, value: ({ onboardingPeriod }) => onboardingPeriod ?? null },
  {
    head: 'Last contact',
    value: ({ lastContactAt }) => lastContactAt ?? null,
    show: ({ lastContactAt }) =>
      lastContactAt ? (
        <time dateTime={lastContactAt} title={day(lastContactAt)}>
          {ago(lastContactAt, new Date())}
        </time>
      ) : (
        'never'
      ),
  },
];

/** What the eye finds below the name has a column of its own in the file. */
const FILE: Column<Doctor>[] = [...COLUMNS.slice(0, 1), { head: 'Practice', value: ({ practice }) => practice ?? null }, ...COLUMNS.slice(1)];

interface DoctorsProps {
  organization: string;
  slug: string;
  drill: Drill;
  dsoIds: string[];
  until: string;
  onClose(): void;
  onFault(fault: Fault): void;
}

export function Doctors({ organization, slug, drill, dsoIds, until, onClose, onFault }: DoctorsProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  // Fixed while the sheet is open: a minute later the figures are asked for again, and the list must not begin anew under the reader.
  const [asked] = useState(() => ({ filter: filterOf(drill, dsoIds, until), orderBy: orderOf(drill) }));
  const doctors = useDoctors(organization, asked);
  const [saving, setSaving] = useState<'no' | 'yes' | 'failed'>('no');
  const rows = doctors.data?.pages.flatMap(({ nodes }) => nodes) ?? [];
  const total = doctors.data?.pages[0]?.totalCount ?? null;

  useEffect(() => {
    const sheet = dialog.current;
    sheet?.showModal();
    return () => sheet?.close();
  }, []);

  useEffect(() => {
    if (doctors.error instanceof Fault) onFault(doctors.error);
  }, [doctors.error]);

  const saveAll = async () => {
    setSaving('yes');
    try {
      const all = await allDoctors(organization, asked, MOST, new AbortController().signal);
      save(`${slug}-doctors-${dayOf(new Date())}`, FILE, all);
      setSaving('no');
    } catch (error) {
      setSaving('failed');
      if (error instanceof Fault) onFault(error);
    }
  };

  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="inside">
        <header>
          <div>
            <h2 id={title}>{titleOf(drill)}</h2>
            <p className="hint" role="status">
              {total === null ? 'As they are now' : `${whole(total)} as they are now`}
            </p>
          </div>
          <div className="tools">
            {rows.length > 0 && (
              <button type="button" disabled={saving === 'yes'} onClick={() => void saveAll()} aria-label="CSV of these doctors">
                {saving === 'yes' ? 'Fetching…' : 'CSV'}
              </button>
            )}
            <button type="button" onClick={onClose}>
              Close
            </button>
          </div>
        </header>
        {saving === 'failed' && (
          <p className="notice" role="alert">
            The file could not be made. Try again.
          </p>
        )}
        {doctors.isPending && <p className="hint">Loading the doctors…</p>}
        {doctors.isError && rows.length === 0 && <Trouble error={doctors.error} onAgain={() => void doctors.refetch()} />}
        {doctors.isSuccess && rows.length === 0 && <p className="hint nothing">There is none now.</p>}
        {rows.length > 0 && <Table caption={titleOf(drill)} columns={COLUMNS} rows={rows} keyOf={({ id }) => id} />}
        {doctors.hasNextPage && (
          <button type="button" className="next" disabled={doctors.isFetchingNextPage} onClick={() => void doctors.fetchNextPage()}>
            {doctors.isFetchingNextPage ? 'Loading…' : `Load more (${whole(rows.length)} of ${whole(total ?? rows.length)})`}
          </button>
        )}
      </div>
    </dialog>
  );
}
