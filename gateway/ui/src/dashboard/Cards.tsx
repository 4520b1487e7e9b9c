// The figures that stand alone, and what each is compared with.
import type { ReactNode } from 'react';
import { Card } from './Card';
import { Change, type Against, type Wish } from './Change';
import { openDoctors } from './drill';
import { NONE, percent, tenth, whole } from './format';
import { INACTIVE_DAYS, type Overview } from './questions';
import type { Say } from './terms';

type CountChange = NonNullable<Overview['doctors']>;
type FigureChange = NonNullable<Overview['onTrack']>;

/** States are compared with how they were when the range began; what happened, with the range before. */
const SINCE: Against = { than: 'than at the start', same: 'unchanged since the start' };
const WITHIN: Against = { than: 'than in the range before', same: 'as in the range before' };

function CountCard({
  name,
  count,
  against,
  wish,
  more,
  children,
}: {
  name: string;
  count: CountChange | null | undefined;
  against: Against;
  wish: Wish;
  more?: { label: string; open(): void };
  children?: ReactNode;
}) {
  return (
    <Card name={name} figure={count ? whole(count.count) : NONE} {...(more && count && count.count > 0 ? { more } : {})}>
      <Change change={count?.change} write={whole} less="fewer" against={against} wish={wish} />
      {children}
    </Card>
  );
}

/** `scale`: what makes a whole, 1 or 100. */
function ShareCard({ name, figure, scale, against }: { name: string; figure: FigureChange | null | undefined; scale: 1 | 100; against: Against }) {
  const share = (value: number | null | undefined) => (value === null || value === undefined ? null : value / scale);
  const now = share(figure?.value);
  return (
    <Card name={name} figure={now === null ? NONE : percent(now)} share={now}>
      <Change change={share(figure?.change)} write={(size) => `${tenth(size * 100)} points`} less="less" against={against} wish="more" />
    </Card>
  );
}

export const CARDS: { key: string; show(overview: Overview, say: Say): ReactNode }[] = [
  {
    key: 'doctors',
    show: ({ doctors }, say) => (
      <CountCard
        name={say('Doctors')}
        count={doctors}
        against={SINCE}
        wish="more"
        more={{ label: say('Show doctors'), open: openDoctors({ by: 'all' }) }}
      />
    ),
  },
  { key: 'on-track', show: ({ onTrack }) => <ShareCard name="On track" figure={onTrack} scale={1} against={SINCE} /> },
  { key: 'progress', show: ({ averageProgress }) => <ShareCard name="Average progress" figure={averageProgress} scale={100} against={SINCE} /> },
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
  { key: 'cases', show: ({ cases }, say) => <CountCard name={say('Cases')} count={cases} against={SINCE} wish="neither" /> },
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
