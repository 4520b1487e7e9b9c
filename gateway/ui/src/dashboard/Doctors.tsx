// The doctors behind a figure, as they are now: a sheet over the page, a page of rows at a time, and all of them as a file.
import { useEffect, useState } from 'react';
import { doctorColumns, doctorFile } from './DoctorColumns';
import { filterOf, orderOf, titleOf, type Drill } from './drill';
import { Fault } from './faults';
import { whole } from './format';
import { allDoctors, useDoctors } from './questions';
import { dayOf } from './range';
import { Sheet } from './Sheet';
import { save, Table } from './Table';
import { useSay } from './terms';
import { Trouble } from './Trouble';

/** More rows than anybody reads, and fewer than a tab cannot hold. */
const MOST = 20_000;

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
  const say = useSay();
  const title = say(titleOf(drill));
  // Fixed while the sheet is open: a minute later the figures are asked for again, and the list must not begin anew under the reader.
  const [asked] = useState(() => ({ filter: filterOf(drill, dsoIds, until), orderBy: orderOf(drill) }));
  const doctors = useDoctors(organization, asked);
  const [saving, setSaving] = useState<'no' | 'yes' | 'failed'>('no');
  const rows = doctors.data?.pages.flatMap(({ nodes }) => nodes) ?? [];
  const total = doctors.data?.pages[0]?.totalCount ?? null;

  useEffect(() => {
    if (doctors.error instanceof Fault) onFault(doctors.error);
  }, [doctors.error]);

  const saveAll = async () => {
    setSaving('yes');
    try {
      const all = await allDoctors(organization, asked, MOST, new AbortController().signal);
      save(`${slug}-doctors-${dayOf(new Date())}`, doctorFile(say), all);
      setSaving('no');
    } catch (error) {
      setSaving('failed');
      if (error instanceof Fault) onFault(error);
    }
  };

  const file = rows.length > 0 && (
    <button type="button" disabled={saving === 'yes'} onClick={() => void saveAll()} aria-label={say('CSV of these doctors')}>
      {saving === 'yes' ? 'Fetching…' : 'CSV'}
    </button>
  );
  return (
    <Sheet title={title} about={total === null ? 'As they are now' : `${whole(total)} as they are now`} tools={file} onClose={onClose}>
      {saving === 'failed' && (
        <p className="notice" role="alert">
          The file could not be made. Try again.
        </p>
      )}
      {doctors.isPending && <p className="hint">{say('Loading the doctors…')}</p>}
      {doctors.isError && rows.length === 0 && <Trouble error={doctors.error} onAgain={() => void doctors.refetch()} />}
      {doctors.isSuccess && rows.length === 0 && <p className="hint nothing">There is none now.</p>}
      {rows.length > 0 && <Table caption={title} columns={doctorColumns(say)} rows={rows} keyOf={({ id }) => id} />}
      {doctors.isFetchNextPageError && (
        <p className="notice" role="alert">
          {doctors.error instanceof Fault ? doctors.error.message : 'More could not be loaded.'} Press the button to try again.
        </p>
      )}
      {doctors.hasNextPage && (
        <button type="button" className="next" disabled={doctors.isFetchingNextPage} onClick={() => void doctors.fetchNextPage()}>
          {doctors.isFetchingNextPage ? 'Loading…' : `Load more (${whole(rows.length)} of ${whole(total ?? rows.length)})`}
        </button>
      )}
    </Sheet>
  );
}
