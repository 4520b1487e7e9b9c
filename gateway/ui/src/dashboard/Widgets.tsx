// Which figures there are and in what order. A saved dashboard will be a list of these keys: here is where it will be read, and where
// an edit mode will move them.
import { CARDS } from './Cards';
import { PANELS } from './Panels';
import type { Overview } from './questions';
import { dayOf } from './range';

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
