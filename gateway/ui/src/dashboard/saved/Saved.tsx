// A saved dashboard on its grid, to be looked at or to be changed. Whoever may not change it has no edit mode, whatever the address says.
import { useState, type CSSProperties } from 'react';
import { go, type Mode } from '../address';
import type { Fault } from '../faults';
import { DashboardArrangeDocument, WidgetRemoveDocument } from '../generated/graphql';
import { dayOf } from '../range';
import { useSay } from '../terms';
import { sentencesBy, useChange } from './changes';
import { EditBar } from './EditBar';
import { settled, type Place } from './layout';
import { Moves } from './Moves';
import { Empty, Gone } from './Nothing';
import { Obstacles } from './Obstacles';
import { Question } from './Question';
import type { Board, Found, Piece } from './questions';
import { Widget } from './Widget';
import { WidgetForm } from './WidgetForm';

/**
 * Places that are not saved yet, and the version on whose sight they were changed. They do not keep anybody from leaving: a page whose
 * sign-in is over must go with all that it shows.
 */
interface Unsaved {
  places: Place[];
  version: number;
}

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
  const [unsaved, setUnsaved] = useState<Unsaved | null>(null);
  const [form, setForm] = useState<{ piece: Piece | null } | null>(null);
  const [removed, setRemoved] = useState<Piece | null>(null);
  const [said, setSaid] = useState('');
  const arranging = useChange(organization);
  const removing = useChange(organization);
  const isEditing = mode === 'edit' && board.viewerMayEdit;
  const pieces = board.widgets ?? [];
  const titleOf = ({ title }: Piece) => (board.isBuiltIn ? say(title) : title);

  // A widget that came or went meanwhile is where it would be without the unsaved moves.
  const kept = new Map((isEditing ? unsaved?.places : undefined)?.map((place) => [place.id, place]));
  const places = settled(pieces.map(({ id, x, y, width, height }) => kept.get(id) ?? { id, x, y, width, height }));

  const arrange = async (): Promise<boolean> => {
    if (unsaved === null) return true;
    const widgets = places.map(({ id: widgetId, ...place }) => ({ widgetId, place }));
    const outcome = await arranging.change(DashboardArrangeDocument, { input: { dashboardId: board.id, widgets, expectedVersion: unsaved.version } });
    if (outcome.is === 'done') setUnsaved(null);
    return outcome.is === 'done';
  };
  const finish = async () => {
    if (await arrange()) go({ mode: 'view' });
  };
  const putBack = () => {
    setUnsaved(null);
    arranging.forget();
  };
  const remove = async ({ id }: Piece) => {
    await removing.change(WidgetRemoveDocument, { input: { widgetId: id, expectedVersion: board.version } });
    setRemoved(null);
  };
  // Adding and removing make a new version: what was moved is saved before, or it would come too late.
  const first = (then: () => void) => () => void arrange().then((isDone) => isDone && then());

  return (
    <>
      {isEditing && <EditBar organization={organization} board={board} onAdd={first(() => setForm({ piece: null }))} onDone={() => void finish()} />}
      {isEditing && <p className="hint narrowly">On this narrow page widgets are below each other; the buttons place them for wide ones.</p>}
      {isEditing && (
        <p role="status" className="unseen">
          {said}
        </p>
      )}
      {isEditing && unsaved !== null && (
        <div className="notice unsaved">
          <p>Widgets have been moved. This is not saved yet.</p>
          <button type="button" disabled={arranging.isBusy} onClick={() => void arrange()}>
            Save places
          </button>
          <button type="button" onClick={putBack}>
            Put them back
          </button>
        </div>
      )}
      <Obstacles
        obstacle={arranging.obstacle}
        rest={sentencesBy([], arranging.obstacle).get('')}
        stale={{ words: 'Its widgets may be others by now.', label: 'Put them back and show the newest', onNewest: putBack }}
      />
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
                        setUnsaved({ places, version: unsaved?.version ?? board.version });
                        setSaid(said);
                      }}
                    />
                    <div className="tools">
                      <button type="button" aria-label={`Edit ${title}`} onClick={first(() => setForm({ piece }))}>
                        Edit
                      </button>
                      <button type="button" className="danger" aria-label={`Remove ${title}`} onClick={first(() => setRemoved(piece))}>
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
      {isEditing && form !== null && <WidgetForm organization={organization} board={board} piece={form.piece} onClose={() => setForm(null)} />}
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
