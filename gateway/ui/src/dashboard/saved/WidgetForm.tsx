// A widget's form: what it is called, as what it is shown, and what it asks. The gateway checks it all when it is saved; what it has to
// say stands beside the field that it names.
import { useState } from 'react';
import { WidgetAddDocument, WidgetUpdateDocument, type WidgetKind } from '../generated/graphql';
import { Leaving, useHold } from '../hold';
import { Sheet } from '../Sheet';
import { useSay } from '../terms';
import { sentencesBy, useChange, type Version } from './changes';
import { NEW, draftOf, queryOf, reshaped, unknownTo, type Draft } from './draft';
import { Choice, Text } from './Field';
import { freePlace, type Place } from './layout';
import { Obstacles } from './Obstacles';
import { SOURCES } from './query';
import type { Board, Piece } from './questions';
import { KIND_NAMES, SOURCE_NAMES } from './say';
import { WhatIsAsked } from './WhatIsAsked';

const FIELDS = ['title', 'kind', 'groupBy', 'bucket', 'field', 'measure', 'lastDays', 'filter', 'first', 'orderBy', 'withoutContactDays'] as const;

/** Four figures in a row, two of anything else. */
const SMALL = { width: 3, height: 2 };
const LARGE = { width: 6, height: 4 };

interface WidgetFormProps {
  organization: string;
  board: Board;
  /** `null` = a new one. */
  piece: Piece | null;
  /** Where the widgets are on the page. */
  places: readonly Place[];
  onSaved(dashboard: Version | null): void;
  onClose(): void;
}

export function WidgetForm({ organization, board, piece, places, onSaved, onClose }: WidgetFormProps) {
  const say = useSay();
  const [begun] = useState<Draft>(() => (piece ? draftOf(piece) : NEW));
  const [draft, setDraft] = useState(begun);
  // What is written was written on the sight of this version, whatever the page shows by now.
  const [version, setVersion] = useState(board.version);
  const { isBusy, obstacle, change, forget } = useChange(organization, (dashboard) => {
    onSaved(dashboard);
    onClose();
  });
  const hold = useHold(JSON.stringify(draft) !== JSON.stringify(begun));
  const close = () => hold.request(onClose);
  const wrong = sentencesBy(FIELDS, obstacle);
  const others = piece ? unknownTo(draft, piece.query) : [];

  const submit = () => {
    const { title, kind } = draft;
    const query = queryOf(draft, piece?.query ?? null);
    if (piece) void change(WidgetUpdateDocument, { input: { widgetId: piece.id, title, kind, query, expectedVersion: version } });
    else {
      const place = freePlace(places, kind === 'NUMBER' ? SMALL : LARGE);
      void change(WidgetAddDocument, { input: { dashboardId: board.id, title, kind, place, query, expectedVersion: version } });
    }
  };

  const kinds = Object.entries(KIND_NAMES) as [WidgetKind, string][];
  return (
    <Sheet title={piece ? `Edit “${piece.title}”` : 'New widget'} beside="stays" onClose={close}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Text label="Title" value={draft.title} onWrite={(title) => setDraft({ ...draft, title })} wrong={wrong.get('title')} />
        <Choice
          label="Show as"
          value={draft.kind}
          options={kinds.map(([kind, name]) => [kind, say(name)] as const)}
          onChoose={(kind) => setDraft(reshaped(draft, kind, draft.source))}
          wrong={wrong.get('kind')}
        />
        <Choice
          label="What"
          value={draft.source}
          options={SOURCES[draft.kind].map((source) => [source, say(SOURCE_NAMES[source])] as const)}
          onChoose={(source) => setDraft(reshaped(draft, draft.kind, source))}
        />
        <WhatIsAsked draft={draft} wrong={wrong} onChange={(change) => setDraft({ ...draft, ...change })} />
        {others.length > 0 && <p className="hint">It also asks for {others.join(', ')}, which this form has no field for: that stays as it is.</p>}
        <Obstacles
          obstacle={obstacle}
          rest={wrong.get('')}
          stale={{
            words: 'What you wrote is still here.',
            label: 'Go on with the newest version',
            isReady: board.version !== version,
            onNewest: () => {
              setVersion(board.version);
              forget();
            },
          }}
        />
        <div className="tools">
          <button type="submit" className="primary" disabled={isBusy}>
            {piece ? 'Save widget' : 'Add it'}
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </div>
      </form>
      <Leaving hold={hold} title="Discard what you wrote?" words="The widget is not saved." />
    </Sheet>
  );
}
