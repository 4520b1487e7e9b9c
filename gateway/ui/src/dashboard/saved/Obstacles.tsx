// What stands against a change as a whole. What is about one field is beside that field.
import type { Obstacle } from './changes';

interface ObstaclesProps {
  obstacle: Obstacle | null;
  /** What is about no field that is shown. */
  rest?: string | undefined;
  /** What is kept and what is lost when another author was faster, and the way on; `isReady` once the page has the newest version. */
  stale: { words: string; label: string; isReady?: boolean; onNewest(): void };
}

export function Obstacles({ obstacle, rest, stale }: ObstaclesProps) {
  if (obstacle?.is === 'refused') {
    return (
      <p className="notice" role="alert">
        {obstacle.words}
      </p>
    );
  }
  if (obstacle?.is === 'stale') {
    return (
      <div className="notice" role="alert">
        <p>Somebody has changed this dashboard since you began, so this was not saved. {stale.words}</p>
        <button type="button" disabled={stale.isReady === false} onClick={stale.onNewest}>
          {stale.label}
        </button>
      </div>
    );
  }
  if (rest === undefined) return null;
  return (
    <p className="notice" role="alert">
      {rest}
    </p>
  );
}
