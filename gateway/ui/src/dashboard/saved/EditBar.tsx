// The bar of the edit mode: what the dashboard is called, who sees it, a new widget, the end of it, and what becomes of all that is changed.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { go } from '../address';
import { DashboardDeleteDocument } from '../generated/graphql';
import { freely } from '../hold';
import { Question } from '../Question';
import { sentencesBy, useChange } from './changes';
import type { Editing } from './editing';
import { Choice, Text } from './Field';
import { Obstacles } from './Obstacles';
import type { Board } from './questions';
import { VISIBILITIES } from './say';

interface EditBarProps {
  organization: string;
  board: Board;
  editing: Editing;
  onAdd(): void;
  onDone(): void;
}

export function EditBar({ organization, board, editing, onAdd, onDone }: EditBarProps) {
  const cache = useQueryClient();
  const [isDeleting, setDeleting] = useState(false);
  const deleting = useChange(organization, () => {
    // With it goes what was not saved.
    freely(() => go({ dashboard: null, mode: 'view' }));
    // The way back must not show it from memory.
    cache.removeQueries({ queryKey: [organization, 'dashboard', board.id] });
  });
  const { hasDraft, title, visibility, isBusy, obstacle, write, save, discard, canRebase, rebase } = editing;
  const wrong = sentencesBy(['title', 'visibility'], obstacle);
  const count = board.widgets?.length ?? 0;
  return (
    <section className="card editing" aria-label="Editing" id="editing" tabIndex={-1}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
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
        <div className="tools">
          <button type="button" disabled={isBusy || !hasDraft} onClick={discard}>
            Discard
          </button>
          <button type="submit" className="primary" disabled={isBusy || !hasDraft}>
            {hasDraft ? 'Save' : 'Saved'}
          </button>
        </div>
      </form>
      <p role="status" className={hasDraft ? 'hint' : 'unseen'}>
        {hasDraft && 'Title, audience and places are saved together: what you changed of them is not saved yet.'}
      </p>
      <Obstacles
        obstacle={obstacle}
        rest={wrong.get('')}
        stale={{ words: 'What you changed is still here.', label: 'Go on with the newest version', isReady: canRebase, onNewest: rebase }}
      />
      <div className="tools">
        <button type="button" onClick={onAdd}>
          Add widget
        </button>
        <button type="button" className="danger" onClick={() => setDeleting(true)}>
          Delete dashboard
        </button>
        <button type="button" onClick={onDone}>
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
