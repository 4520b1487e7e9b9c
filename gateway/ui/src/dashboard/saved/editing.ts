// What is changed on a dashboard and not saved yet: its title, who sees it, and where its widgets are. One draft, one way to save it, one way
// to drop it. Invariant: a draft names the version that its author saw, which their own other changes carry along.
import { useEffect, useState } from 'react';
import { DashboardArrangeDocument, DashboardUpdateDocument, type DashboardVisibility } from '../generated/graphql';
import { useChange, type Version } from './changes';
import { settled, type Place } from './layout';
import type { Board } from './questions';

interface Draft {
  title?: string;
  visibility?: DashboardVisibility;
  places?: Place[];
  version: number;
}

export interface Editing {
  hasDraft: boolean;
  title: string;
  visibility: DashboardVisibility;
  places: Place[];
  isBusy: boolean;
  obstacle: ReturnType<typeof useChange>['obstacle'];
  write(change: Partial<Omit<Draft, 'version'>>): void;
  /** Gives whether all of it is saved. */
  save(): Promise<boolean>;
  discard(): void;
  /** The page has a newer version than the draft is based on. */
  canRebase: boolean;
  /** Another author was faster: the draft is based on the newest version from now on. */
  rebase(): void;
  /** The author has changed something else of the dashboard. */
  follow(dashboard: Version | null): void;
}

export function useEditing(organization: string, board: Board, isEditing: boolean): Editing {
  const [draft, setDraft] = useState<Draft | null>(null);
  const saving = useChange(organization);
  const drafted = isEditing ? draft : null;
  useEffect(() => {
    // Who has left the edit mode has been asked: nothing of it comes back.
    if (!isEditing) setDraft(null);
  }, [isEditing]);

  // A widget that came or went meanwhile is where it would be without the unsaved moves.
  const moved = new Map(drafted?.places?.map((place) => [place.id, place]));
  const places = settled((board.widgets ?? []).map(({ id, x, y, width, height }) => moved.get(id) ?? { id, x, y, width, height }));

  const save = async (): Promise<boolean> => {
    if (drafted === null) return true;
    const { title, visibility } = drafted;
    let { version } = drafted;
    if (title !== undefined || visibility !== undefined) {
      const input = { dashboardId: board.id, title: title ?? null, visibility: visibility ?? null, expectedVersion: version };
      const outcome = await saving.change(DashboardUpdateDocument, { input });
      if (outcome.is !== 'done') return false;
      version = outcome.dashboard?.version ?? version + 1;
      // What is saved is saved, whatever becomes of the rest.
      setDraft(drafted.places === undefined ? null : { places: drafted.places, version });
    }
    if (drafted.places !== undefined) {
      const widgets = places.map(({ id: widgetId, ...place }) => ({ widgetId, place }));
      const outcome = await saving.change(DashboardArrangeDocument, { input: { dashboardId: board.id, widgets, expectedVersion: version } });
      if (outcome.is !== 'done') return false;
      setDraft(null);
    }
    return true;
  };

  return {
    hasDraft: drafted !== null,
    title: drafted?.title ?? board.title,
    visibility: drafted?.visibility ?? board.visibility,
    places,
    isBusy: saving.isBusy,
    obstacle: saving.obstacle,
    write: (change) => setDraft((last) => ({ version: board.version, ...last, ...change })),
    save,
    discard: () => {
      setDraft(null);
      saving.forget();
    },
    canRebase: drafted !== null && drafted.version !== board.version,
    rebase: () => {
      setDraft((last) => last && { ...last, version: board.version });
      saving.forget();
    },
    follow: (dashboard) => {
      if (dashboard) setDraft((last) => (last?.version === board.version ? { ...last, version: dashboard.version } : last));
    },
  };
}
