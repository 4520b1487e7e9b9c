// A new dashboard: its name and who sees it. Its widgets come after, in the edit mode.
import { useState } from 'react';
import { DashboardCreateDocument, type DashboardVisibility } from '../generated/graphql';
import { Sheet } from '../Sheet';
import { go } from '../address';
import { freely, Leaving, useHold } from '../hold';
import { sentencesBy, useChange } from './changes';
import { Choice, Text } from './Field';
import { Obstacles } from './Obstacles';
import { VISIBILITIES } from './say';

export function NewDashboard({ organization, onClose }: { organization: string; onClose(): void }) {
  const [title, setTitle] = useState('');
  const [visibility, setVisibility] = useState<DashboardVisibility>('PRIVATE');
  const { isBusy, obstacle, change } = useChange(organization, (dashboard) => {
    onClose();
    freely(() => go({ dashboard: dashboard?.id ?? null, mode: 'edit', range: null }));
  });
  const hold = useHold(title !== '');
  const close = () => hold.request(onClose);
  const wrong = sentencesBy(['title', 'visibility'], obstacle);
  return (
    <Sheet title="New dashboard" beside="stays" onClose={close}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void change(DashboardCreateDocument, { input: { title, visibility } });
        }}
      >
        <Text label="Title" value={title} onWrite={setTitle} wrong={wrong.get('title')} />
        <Choice
          label="Who sees it"
          value={visibility}
          options={VISIBILITIES}
          onChoose={(visibility) => setVisibility(visibility)}
          wrong={wrong.get('visibility')}
        />
        <p className="hint">Whoever sees a dashboard sees their own figures on it, never yours.</p>
        <Obstacles obstacle={obstacle} rest={wrong.get('')} stale={{ words: '', label: 'Try again', onNewest: () => undefined }} />
        <div className="tools">
          <button type="submit" className="primary" disabled={isBusy}>
            Create
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </div>
      </form>
      <Leaving hold={hold} title="Discard what you wrote?" words="No dashboard has been made yet." />
    </Sheet>
  );
}
