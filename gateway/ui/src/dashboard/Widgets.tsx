// The overview's figures, in their order. What people put together themselves is in `saved/`.
import { CARDS } from './Cards';
import { PANELS } from './Panels';
import type { Overview } from './questions';
import { dayOf } from './range';
import { useSay } from './terms';

export function Widgets({ overview, slug }: { overview: Overview; slug: string }) {
  const say = useSay();
  const file = (name: string) => `${slug}-${name}-${dayOf(new Date())}`;
  return (
    <>
      <div className="cards">
        {CARDS.map(({ key, show }) => (
          <div key={key}>{show(overview, say)}</div>
        ))}
      </div>
      <div className="panels">
        {PANELS.map(({ key, show }) => (
          <div key={key} className={key}>
            {show(overview, file, say)}
          </div>
        ))}
      </div>
    </>
  );
}
