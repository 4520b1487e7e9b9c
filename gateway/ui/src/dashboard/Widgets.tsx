// Which figures there are and in what order. A saved dashboard will be a list of these keys: here is where it will be read, and where
// an edit mode will move them.
import type { ReactNode } from 'react';
import { go } from './address';
import { Card } from './Card';
import { Change, type Wish } from './Change';
import type { Count } from './count';
import { Counts } from './Counts';
import { writeDrill, type Drill } from './drill';
import { dayOf } from './range';
import { NONE, percent, tenth, whole } from './format';
import { INACTIVE_DAYS, type Overview } from './questions';
import { KIND_WORDS, RISK_WORDS, STATUS_WORDS } from './words';

type CountChange = NonNullable<Overview['doctors']>;
type FigureChange = NonNullable<Overview['onTrack']>;

const open = (drill: Drill) => () => go({ doctors: writeDrill(drill) });

/** States are compared with how they were when the range began; what happened, with the range before. */
const SINCE = 'than at the start';
const WITHIN = 'than in the range before';

function CountCard({ name, count, against, wish, more, children }: { name: string; count: CountChange | null | undefined; against: string; wish: Wish; more?: { label: string; open(): void }; children?: ReactNode }) {
  return (
    <Card name={name} figure={count ? whole(count.count) : NONE} {...(more && count && count.count > 0 ? { more } : {})}>
      <Change change={count?.change} write={whole} less="fewer" against={against} wish={wish} />
      {children}
    </Card>
  );
}

/** `scale`: what makes a whole, 1 or 100. */
function ShareCard({ name, figure, scale, against }: { name: string; figure: FigureChange | null | undefined; scale: 1 | 100; against: string }) {
  const share = (value: number | null | undefined) => (value === null || value === undefined ? null : value / scale);
  const now = share(figure?.value);
  return (
    <Card name={name} figure={now === null ? NONE : percent(now)} share={now}>
      <Change change={share(figure?.change)} write={(size) => `${tenth(size * 100)} points`} less="less" against={against} wish="more" />
    </Card>
  );
}

const CARDS: { key: string; show(overview: Overview): ReactNode }[] = [
  {
    key: 'doctors',
    show: ({ doctors }) => <CountCard name="Doctors" count={doctors} against={SINCE} wish="more" more={{ label: 'Show doctors', open: open({ by: 'all' }) }} />,
  },
  { key: 'on-track', show: ({ onTrack }) => <ShareCard name="On track" figure={onTrack} scale={1} against={SINCE} /> },
  { key: 'progress', show: ({ averageProgress }) => <ShareCard name="Average progress" figure={averageProgress} scale={100} against={SINCE} /> },
  {
    key: 'quiet',
    show: ({ withoutContact }) => (
      <CountCard
        name={`No contact for ${INACTIVE_DAYS} days`}
        count={withoutContact}
        against={SINCE}
        wish="fewer"
        more={{ label: 'Show doctors', open: open({ by: 'quiet' }) }}
      />
    ),
  },
  { key: 'activities', show: ({ activities }) => <CountCard name="Activities" count={activities} against={WITHIN} wish="more" /> },
  { key: 'cases', show: ({ cases }) => <CountCard name="Cases" count={cases} against={SINCE} wish="neither" /> },
  {
    key: 'courses',
    show: ({ courses, attendances }) => (
      <CountCard name="Courses held" count={courses} against={WITHIN} wish="more">
        {attendances && <p className="change">{attendances.count === 1 ? '1 person' : `${whole(attendances.count)} people`} came, before {whole(attendances.before)}</p>}
      </CountCard>
    ),
  },
  { key: 'attendance', show: ({ attendanceShare }) => <ShareCard name="Attendance" figure={attendanceShare} scale={1} against={WITHIN} /> },
];

interface Panel {
  key: string;
  show(overview: Overview, file: (name: string) => string): ReactNode;
}

const RISKS = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', null] as const;

const PANELS: Panel[] = [
  {
    key: 'risk',
    show: ({ doctorsByRisk }, file) => {
      // The riskiest first, and always all of them: a missing bar would move the others.
      const counts = doctorsByRisk
        ? RISKS.map((risk): Count => {
            const found = doctorsByRisk.find((row) => (row.risk ?? null) === risk)?.doctors ?? { count: 0, before: 0, change: 0 };
            const way = risk === null ? {} : { open: open({ by: 'risk', risk }) };
            return { key: risk ?? 'none', label: risk === null ? 'Not rated' : RISK_WORDS[risk], tone: risk?.toLowerCase() ?? 'none', ...found, ...way };
          })
        : null;
      return <Counts title="Doctors by risk" noun="Doctors" by="Risk" counts={counts} file={file('doctors-by-risk')} empty="No doctors in this range." />;
    },
  },
  {
    key: 'period',
    show: ({ doctorsByPeriod }, file) => {
      const counts = doctorsByPeriod
        ? Array.from({ length: 13 }, (_, index): Count => {
            const period = index === 12 ? null : index + 1;
            const found = doctorsByPeriod.find((row) => (row.period ?? null) === period)?.doctors ?? { count: 0, before: 0, change: 0 };
            const way = period === null ? {} : { open: open({ by: 'period', period }) };
            return { key: String(period), label: period === null ? 'In no period' : String(period), short: period === null ? '–' : String(period), ...found, ...way };
          })
        : null;
      return (
        <Counts title="Doctors by onboarding period" noun="Doctors" by="Period" counts={counts} lying="columns" file={file('doctors-by-period')} empty="No doctors in this range." />
      );
    },
  },
  {
    key: 'kind',
    show: ({ activitiesByKind }, file) => {
      const counts = activitiesByKind?.map(({ kind, activities }): Count => ({ key: kind, label: KIND_WORDS[kind], ...activities })) ?? null;
      return <Counts title="Activities by kind" noun="Activities" by="Kind" counts={counts} file={file('activities-by-kind')} empty="No activities in this range, and none in the one before." />;
    },
  },
  {
    key: 'status',
    show: ({ casesByStatus }, file) => {
      const counts = casesByStatus?.map(({ status, cases }): Count => ({ key: status, label: STATUS_WORDS[status], ...cases })) ?? null;
      return <Counts title="Cases by status" noun="Cases" by="Status" counts={counts} file={file('cases-by-status')} empty="No cases in this range." />;
    },
  },
  {
    key: 'actor',
    show: ({ activitiesByActor }, file) => {
      const counts = activitiesByActor?.map(
        ({ actor, activities }, index): Count => ({ key: actor?.id ?? `unknown-${index}`, label: actor?.user?.name ?? 'Not known', ...activities }),
      );
      return (
        <Counts title="Activities by person" noun="Activities" by="Person" counts={counts ?? null} most={8} file={file('activities-by-person')} empty="No activities in this range, and none in the one before." />
      );
    },
  },
];

export function Widgets({ overview, slug }: { overview: Overview; slug: string }) {
  const file = (name: string) => `${slug}-${name}-${dayOf(new Date())}`;
  return (
    <>
      <div className="cards">
        {CARDS.map(({ key, show }) => (
          <div key={key}>{show(overview)}</div>
        ))}
      </div>
      <div className="panels">
        {PANELS.map(({ key, show }) => (
          <div key={key} className={key}>
            {show(overview, file)}
          </div>
        ))}
      </div>
    </>
  );
}
