// Which dashboard is shown, and the ways to another one: a new one, a copy of this one, changing this one. While one is changed the
// choice waits, so that nothing unsaved is lost by it.
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { go, OVERVIEW, type Mode } from '../address';
import { DashboardDuplicateDocument } from '../generated/graphql';
import { useSay } from '../terms';
import { useChange } from './changes';
import { NewDashboard } from './NewDashboard';
import { Obstacles } from './Obstacles';
import type { Board, Choice } from './questions';

function Options({ choice, chosen }: { choice: Choice | undefined; chosen: string | null }) {
  const say = useSay();
  const { member = null, forRole = null, saved = [] } = choice ?? {};
  const own = saved.filter(({ author }) => author !== null && author.id === member);
  const others = saved.filter((listed) => !own.includes(listed));
  const isListed = chosen === null || chosen === forRole?.id || saved.some(({ id }) => id === chosen);
  return (
    <>
      <optgroup label="Always there">
        <option value={OVERVIEW}>Overview</option>
        {forRole && <option value={forRole.id}>{say(forRole.title)} – for your role</option>}
      </optgroup>
      {own.length > 0 && (
        <optgroup label="Your own">
          {own.map(({ id, title, visibility }) => (
            <option key={id} value={id}>
              {title} {visibility === 'SHARED' ? '(shared)' : '(private)'}
            </option>
          ))}
        </optgroup>
      )}
      {others.length > 0 && (
        <optgroup label="Shared with you">
          {others.map(({ id, title, author }) => (
            <option key={id} value={id}>
              {title}
              {author?.user?.name ? ` – by ${author.user.name}` : ''}
            </option>
          ))}
        </optgroup>
      )}
      {!isListed && chosen !== null && <option value={chosen}>{choice ? 'Not there (any more)' : 'Loading…'}</option>}
    </>
  );
}

interface ChooserProps {
  organization: string;
  choice: UseQueryResult<Choice>;
  chosen: string | null;
  mode: Mode;
  /** The chosen one, once it is there. */
  board: Board | null;
}

export function Chooser({ organization, choice, chosen, mode, board }: ChooserProps) {
  const [isMaking, setMaking] = useState(false);
  const copying = useChange(organization, (dashboard) => go({ dashboard: dashboard?.id ?? null, mode: 'edit' }));
  const current = board?.id === chosen ? board : null;
  const isEditing = mode === 'edit' && Boolean(current?.viewerMayEdit);
  const edit = useRef<HTMLButtonElement>(null);
  const was = useRef(isEditing);
  useEffect(() => {
    // What the keyboard was on is gone with the one bar: it goes on in the other.
    if (was.current !== isEditing) (isEditing ? document.getElementById('editing') : edit.current)?.focus();
    was.current = isEditing;
  }, [isEditing]);
  if (isEditing) return null;
  const copy = ({ id, title }: Board) =>
    void copying.change(DashboardDuplicateDocument, { input: { dashboardId: id, title: `Copy of ${title}`.slice(0, 200) } });
  return (
    <>
      <section className="chooser" aria-label="Dashboards">
        <select
          aria-label="Dashboard"
          value={chosen ?? OVERVIEW}
          onChange={({ target }) => go({ dashboard: target.value, mode: 'view', doctors: null })}
        >
          <Options choice={choice.data} chosen={chosen} />
        </select>
        <div className="tools">
          {current?.viewerMayEdit && (
            <button type="button" ref={edit} onClick={() => go({ dashboard: current.id, mode: 'edit' })}>
              Edit
            </button>
          )}
          {current && (
            <button type="button" disabled={copying.isBusy} onClick={() => copy(current)}>
              Duplicate
            </button>
          )}
          <button type="button" onClick={() => setMaking(true)}>
            New dashboard
          </button>
        </div>
        {current && !current.isBuiltIn && (
          <p className="hint">
            {current.visibility === 'SHARED' ? 'Shared with every member' : 'Private'}
            {current.author?.user?.name && `, by ${current.author.user.name}`}
          </p>
        )}
      </section>
      {choice.isError && <p className="notice">The saved dashboards could not be listed. Press Refresh to try again.</p>}
      <Obstacles obstacle={copying.obstacle} stale={{ words: '', label: 'Close', onNewest: copying.forget }} />
      {isMaking && <NewDashboard organization={organization} onClose={() => setMaking(false)} />}
    </>
  );
}
