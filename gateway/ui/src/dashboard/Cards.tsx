// The figures that stand alone, and what each is compared with.
import type { ReactNode } from 'react';
import { Card } from './Card';
import { Change, type Against, type Wish } from './Change';
import { openDoctors } from './drill';
import { NONE, percent, tenth, whole } from './format';
import { INACTIVE_DAYS, isOnRecord, type Overview } from './questions';
import type { Say } from './terms';

type CountChange = NonNullable<Overview['doctors']>;
type FigureChange = NonNullable<Overview['onTrack']>;

/** States are compared with how they were when the range began; what happened, with the range before. */
const SINCE: Against = { than: 'than at the start', same: 'unchanged since the start' };
const WITHIN: Against = { than: 'than in the range before', same: 'as in the range before' };

/** From when on states are on record, if the range begins before. */
export function unknownUntil({ from, knownFrom }: Overview): string | null {
  return isOnRecord(from, knownFrom) ? null : (knownFrom ?? null);
}

function CountCard({
  name,
  count,
  against,
  wish,
  knownFrom = null,
  more,
  children,
}: {
  name: string;
  count: CountChange | null | undefined;
  against: Against;
  wish: Wish;
  knownFrom?: string | null;
  more?: { label: string; open(): void };
  children?: ReactNode;
}) {
  return (
    <Card name={name} figure={count ? whole(count.count) : NONE} {...(more && count && count.count > 0 ? { more } : {})}>
      <Change change={count?.change} write={whole} less="fewer" {...{ against, wish, knownFrom }} />
      {children}
    </Card>
  );
}

/** `scale`: what makes a whole, 1 or 100. */
function ShareCard({
  name,
  figure,
  scale,
  against,
  knownFrom = null,
}: {
  name: string;
  figure: FigureChange | null | undefined;
  scale: 1 | 100;
  against: Against;
  knownFrom?: string | null;
}) {
  const share = (value: number | null | undefined) => (value === null || value === undefined ? null : value / scale);
  const now = share(figure?.value);
  return (
    <Card name={name} figure={now === null ? NONE : percent(now)} share={now}>
      <Change change={share(figure?.change)} write={(size) => `${tenth(size * 100)} points`} less="less" wish="more" {...{ against, knownFrom }} />
    </Card>
  );
}

export const CARDS: { key: string; show(overview: Overview, say: Say): ReactNode }[] = [
  {
    key: 'doctors',
    show: (overview, say) => (
      <CountCard
        name={say('Doctors')}
        count={overview.doctors}
        knownFrom={unknownUntil(overview)}
        against={SINCE}
        wish="more"
        more={{ label: say('Show doctors'), open: openDoctors({ by: 'all' }) }}
      />
    ),
  },
  {
    key: 'on-track',
    show: (overview) => (
      <ShareCard name="On track" figure={overview.onTrack} scale={1} against={SINCE} knownFrom={unknownUntil(overview)} />
    ),
  },
  {
    key: 'progress',
    show: (overview) => (
      <ShareCard name="Average progress" figure={overview.averageProgress} scale={100} against={SINCE} knownFrom={unknownUntil(overview)} />
    ),
  },
  {
    key: 'quiet',
    show: ({ withoutContact }, say) => (
      <CountCard
        name={`No contact for ${INACTIVE_DAYS} days`}
        count={withoutContact}
        against={SINCE}
        wish="fewer"
        more={{ label: say('Show doctors'), open: openDoctors({ by: 'quiet' }) }}
      />
    ),
  },
  { key: 'activities', show: ({ activities }, say) => <CountCard name={say('Activities')} count={activities} against={WITHIN} wish="more" /> },
  {
    key: 'cases',
    show: (overview, say) => (
      <CountCard name={say('Cases')} count={overview.cases} against={SINCE} wish="neither" knownFrom={unknownUntil(overview)} />
    ),
  },
  {
    key: 'courses',
    show: ({ courses, attendances }, say) => (
      <CountCard name={say('Courses held')} count={courses} against={WITHIN} wish="more">
        {attendances && (
          <p className="change">
            {attendances.count === 1 ? '1 person' : `${whole(attendances.count)} people`} came, before {whole(attendances.before)}
          </p>
        )}
      </CountCard>
    ),
  },
  { key: 'attendance', show: ({ attendanceShare }) => <ShareCard name="Attendance" figure={attendanceShare} scale={1} against={WITHIN} /> },
];
