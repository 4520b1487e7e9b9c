// In place of widgets: there is no such dashboard for the reader, or nothing is on it yet.
import { go, OVERVIEW } from '../address';
import type { Board } from './questions';

export function Gone() {
  return (
    <section className="message">
      <h2>No such dashboard</h2>
      <p>It was deleted, or it is private to whoever made it.</p>
      <button type="button" onClick={() => go({ dashboard: OVERVIEW, mode: 'view' })}>
        Show the overview
      </button>
    </section>
  );
}

export function Empty({ board, onAdd }: { board: Board; onAdd: (() => void) | null }) {
  return (
    <section className="message">
      <h2>Nothing on it yet</h2>
      <p>{board.viewerMayEdit ? 'Put the figures on it that you want to see together.' : 'Its author has not put anything on it.'}</p>
      {board.viewerMayEdit && (
        <button type="button" className="primary" onClick={onAdd ?? (() => go({ dashboard: board.id, mode: 'edit' }))}>
          {onAdd ? 'Add the first widget' : 'Edit it'}
        </button>
      )}
    </section>
  );
}
