// One figure, large, and how it has changed where the gateway says what it was before.
import { Change, type Wish } from '../Change';
import { openDoctors } from '../drill';
import { NONE, percent, tenth, whole } from '../format';
import type { OverviewFigure } from '../generated/graphql';
import { useSay } from '../terms';
import { writeOf } from './columns';
import { readQuery } from './query';
import type { Piece, Result } from './questions';

/** The figures that are parts of a whole, and what the whole is. */
const WHOLES: Partial<Record<OverviewFigure, 1 | 100>> = { ON_TRACK: 1, ATTENDANCE_SHARE: 1, AVERAGE_PROGRESS: 100 };
const WISHES: Partial<Record<OverviewFigure, Wish>> = { WITHOUT_CONTACT: 'fewer', CASES: 'neither' };
/** What happened in the range; the others are as they were at its end. */
const HAPPENED: readonly OverviewFigure[] = ['ACTIVITIES', 'COURSES', 'ATTENDANCES', 'ATTENDANCE_SHARE'];

export function Figure({ piece, result }: { piece: Piece; result: Result }) {
  const say = useSay();
  const { figure } = readQuery(piece.query);
  const { value, before, knownFrom } = result;
  if (figure === null) return <p className="value">{writeOf(piece)(value)}</p>;
  const scale = WHOLES[figure];
  const write = scale ? percent : whole;
  const change = value === null || before === null ? null : (value - before) / (scale ?? 1);
  const against = HAPPENED.includes(figure)
    ? { than: 'than in the range before', same: 'as in the range before' }
    : { than: 'than at the start', same: 'unchanged since the start' };
  const open = figure === 'DOCTORS' ? openDoctors({ by: 'all' }) : figure === 'WITHOUT_CONTACT' ? openDoctors({ by: 'quiet' }) : null;
  return (
    <>
      <p className="value">{value === null ? NONE : write(value / (scale ?? 1))}</p>
      <Change
        change={change}
        write={scale ? (size) => `${tenth(size * 100)} points` : whole}
        less={scale ? 'less' : 'fewer'}
        against={against}
        wish={WISHES[figure] ?? 'more'}
        knownFrom={knownFrom}
      />
      {open && value !== null && value > 0 && (
        <button type="button" className="more" onClick={open}>
          {say('Show doctors')} <span aria-hidden="true">→</span>
        </button>
      )}
    </>
  );
}
