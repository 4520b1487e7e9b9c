// The bar of the edit mode: what the dashboard is called, who sees it, a new widget, the end of it, and the way out.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { go } from '../address';
import { DashboardDeleteDocument, DashboardUpdateDocument, type DashboardVisibility } from '../generated/graphql';
import { sentencesBy, useChange } from './changes';
import { Choice, Text } from './Field';
import { Obstacles } from './Obstacles';
import { Question } from './Question';
import type { Board } from './questions';
import { VISIBILITIES } from './say';

/** What is written and not saved yet, and the version on whose sight it was. */
interface Written {
  title: string;
  visibility: DashboardVisibility;
  version: number;
}

interface EditBarProps {
  organization: string;
  board: Board;
  onAdd(): void;
  onDone(): void;
}

export function EditBar({ organization, board, onAdd, onDone }: EditBarProps) {
  const cache = useQueryClient();
  const [written, setWritten] = useState<Written | null>(null);
  const [isDeleting, setDeleting] = useState(false);
  const saving = useChange(organization, () => setWritten(null));
  const deleting = useChange(organization, () => {
    go({ dashboard: null, mode: 'view' });
    // The way back must not show it from memory.
    cache.removeQueries({ queryKey: [organization, 'dashboard', board.id] });
  });
  const { title, visibility, version } = written ?? board;
  const wrong = sentencesBy(['title', 'visibility'], saving.obstacle);
  const write = (change: Partial<Written>) => setWritten({ title, visibility, version, ...change });
  const onNewest = () => {
    if (written) setWritten({ ...written, version: board.version });
    saving.forget();
  };
  const count = board.widgets?.length ?? 0;
  return (
    <section className="card editing" aria-label="Editing">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void saving.change(DashboardUpdateDocument, { input: { dashboardId: board.id, title, visibility, expectedVersion: version } });
        }}
      >
        <Text label="Title" value={title} onWrite={(title) => write({ title })} wrong={wrong.get('title')} />
        <Choice
          label="Who sees it"
          value={visibility}
          options={VISIBILITIES}
          onChoose={(visibility) => write({ visibility })}
          wrong={wrong.get('visibility')}
        />
        <button type="submit" disabled={saving.isBusy || written === null}>
          {written === null ? 'Saved' : 'Save'}
        </button>
      </form>
      <Obstacles
        obstacle={saving.obstacle}
        rest={wrong.get('')}
        stale={{ words: 'What you wrote is still here.', label: 'Go on with the newest version', onNewest }}
      />
      <div className="tools">
        <button type="button" onClick={onAdd}>
          Add widget
        </button>
        <button type="button" className="danger" onClick={() => setDeleting(true)}>
          Delete dashboard
        </button>
        <button type="button" className="primary" onClick={onDone}>
          Done
        </button>
      </div>
      <Obstacles
        obstacle={deleting.obstacle}
        stale={{ words: 'It is still there. Look at it once more.', label: 'All right', onNewest: deleting.forget }}
      />
      {isDeleting && (
        <Question
          title={`Delete “${board.title}”?`}
          words={`It goes with its ${count === 1 ? 'widget' : `${count} widgets`}${board.visibility === 'SHARED' ? ', for every member' : ''}, and cannot be brought back.`}
          yes="Delete it"
          no="Keep it"
          isBusy={deleting.isBusy}
          onYes={() => {
            void deleting
              .change(DashboardDeleteDocument, { input: { dashboardId: board.id, expectedVersion: board.version } })
              .then(() => setDeleting(false));
          }}
          onNo={() => setDeleting(false)}
        />
      )}
    </section>
  );
}
