// A saved dashboard on its grid, to be looked at or to be changed. Whoever may not change it has no edit mode, whatever the address says.
import { useState, type CSSProperties } from 'react';
import { go, type Mode } from '../address';
import type { Fault } from '../faults';
import { WidgetRemoveDocument } from '../generated/graphql';
import { Leaving, useHold } from '../hold';
import { Question } from '../Question';
import { dayOf } from '../range';
import { useSay } from '../terms';
import { useChange } from './changes';
import { EditBar } from './EditBar';
import { useEditing } from './editing';
import { Moves } from './Moves';
import { Empty, Gone } from './Nothing';
import { Obstacles } from './Obstacles';
import type { Board, Found, Piece } from './questions';
import { Widget } from './Widget';
import { WidgetForm } from './WidgetForm';

/** What a fault is about: one widget, by its number. */
const faultOf = (faults: readonly Fault[], index: number) => faults.find(({ path }) => path[1] === 'widgets' && path[2] === index) ?? null;

/** A file's name, from a title of any letters. */
const nameOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');

interface SavedProps {
  organization: string;
  slug: string;
  mode: Mode;
  found: Found;
  /** Another range or other DSOs are being asked for. */
  isOld: boolean;
}

export function Saved(props: SavedProps) {
  return props.found.board === null ? <Gone /> : <Grid {...props} board={props.found.board} />;
}

function Grid({ organization, slug, mode, found, isOld, board }: SavedProps & { board: Board }) {
  const say = useSay();
  const [form, setForm] = useState<{ piece: Piece | null } | null>(null);
  const [removed, setRemoved] = useState<Piece | null>(null);
  const [said, setSaid] = useState('');
  const isEditing = mode === 'edit' && board.viewerMayEdit;
  const editing = useEditing(organization, board, isEditing);
  const hold = useHold(editing.hasDraft);
  const removing = useChange(organization, editing.follow);
  const pieces = board.widgets ?? [];
  const { places } = editing;
  const titleOf = ({ title }: Piece) => (board.isBuiltIn ? say(title) : title);

  const remove = async ({ id }: Piece) => {
    await removing.change(WidgetRemoveDocument, { input: { widgetId: id, expectedVersion: board.version } });
    setRemoved(null);
  };

  return (
    <>
      {isEditing && (
        <>
          <EditBar {...{ organization, board, editing }} onAdd={() => setForm({ piece: null })} onDone={() => go({ mode: 'view' })} />
          <Leaving
            hold={hold}
            title="Save what you changed?"
            words={`“${board.title}” has changes that are not saved.`}
            isBusy={editing.isBusy}
            onSave={editing.save}
          />
          <p className="hint narrowly">On this narrow page widgets are below each other; the buttons place them for wide ones.</p>
          <p role="status" className="unseen">
            {said}
          </p>
        </>
      )}
      <Obstacles obstacle={removing.obstacle} stale={{ words: 'The widget is still there.', label: 'All right', onNewest: removing.forget }} />
      {pieces.length === 0 && <Empty board={board} onAdd={isEditing ? () => setForm({ piece: null }) : null} />}
      <div className={`grid ${isEditing ? 'edited' : ''}`} aria-busy={isOld}>
        {places.map(({ id, x, y, width, height }) => {
          const index = pieces.findIndex((piece) => piece.id === id);
          const piece = pieces[index];
          if (!piece) return null;
          const title = titleOf(piece);
          const style = { '--x': x + 1, '--y': y + 1, '--width': width, '--height': height } as CSSProperties;
          return (
            <div key={id} className={`cell shows-${piece.kind.toLowerCase()}`} style={style}>
              <Widget
                piece={piece}
                title={title}
                fault={faultOf(found.faults, index)}
                asked={found.asked}
                file={`${slug}-${nameOf(title)}-${dayOf(new Date())}`}
              >
                {isEditing && (
                  <footer className="moves">
                    <Moves
                      id={id}
                      title={title}
                      places={places}
                      onMove={(places, said) => {
                        editing.write({ places });
                        setSaid(said);
                      }}
                    />
                    <div className="tools">
                      <button type="button" aria-label={`Edit ${title}`} onClick={() => setForm({ piece })}>
                        Edit
                      </button>
                      <button type="button" className="danger" aria-label={`Remove ${title}`} onClick={() => setRemoved(piece)}>
                        Remove
                      </button>
                    </div>
                  </footer>
                )}
              </Widget>
            </div>
          );
        })}
      </div>
      {isEditing && form !== null && (
        <WidgetForm {...{ organization, board }} piece={form.piece} places={places} onSaved={editing.follow} onClose={() => setForm(null)} />
      )}
      {isEditing && removed !== null && (
        <Question
          title={`Remove “${removed.title}”?`}
          words="It goes from this dashboard, and cannot be brought back."
          yes="Remove it"
          no="Keep it"
          isBusy={removing.isBusy}
          onYes={() => void remove(removed)}
          onNo={() => setRemoved(null)}
        />
      )}
    </>
  );
}
