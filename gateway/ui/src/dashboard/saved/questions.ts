// The questions about saved dashboards, as hooks: which there are, and one of them with all that is on it.
import { useQuery } from '@tanstack/react-query';
import { againAfter } from '../cache';
import { ask } from '../client';
import type { Fault } from '../faults';
import { DashboardDocument, DashboardsDocument, type DashboardQuery, type DashboardsQuery } from '../generated/graphql';
import { AGAIN_AFTER, needed } from '../questions';
import { instants, writeRange, type Range } from '../range';

export type Board = NonNullable<DashboardQuery['dashboard']>;
export type Piece = NonNullable<Board['widgets']>[number];
export type Result = NonNullable<Piece['result']>;
export type Row = NonNullable<Result['rows']>[number];
export type Listed = NonNullable<DashboardsQuery['dashboards']>['nodes'][number];

/** What the caller can choose. */
export interface Choice {
  /** The caller's own membership, by which their own dashboards are known. */
  member: string | null;
  /** The one for their role. */
  forRole: { id: string; title: string } | null;
  saved: Listed[];
}

export function useChoice(organization: string) {
  return useQuery<Choice>({
    queryKey: [organization, 'dashboards'],
    queryFn: async ({ signal }) => {
      const saved: Listed[] = [];
      let viewer: DashboardsQuery['viewer'] = null;
      let after: string | null = null;
      do {
        const { data, faults } = await ask(DashboardsDocument, { after }, organization, signal);
        const page: NonNullable<DashboardsQuery['dashboards']> = needed(data.dashboards, faults);
        viewer = data.viewer;
        saved.push(...page.nodes);
        after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
      } while (after !== null);
      return { member: viewer?.member?.id ?? null, forRole: viewer?.defaultDashboard ?? null, saved };
    },
  });
}

/** A dashboard with its answers, and what is missing among them; `board: null` = there is none such for the caller. */
export interface Found {
  board: Board | null;
  faults: Fault[];
  /** What the answers are about; `null` = each widget's own time. */
  asked: { from: string; until: string } | null;
}

/** `range`: `null` = each widget's own. Intervals begin where the reader's own days do. */
export function useBoard(organization: string, id: string | null, dsoIds: readonly string[], range: Range | null, isReady: boolean) {
  return useQuery<Found>({
    queryKey: [organization, 'dashboard', id, dsoIds, range && writeRange(range)],
    enabled: isReady && id !== null,
    refetchInterval: againAfter(AGAIN_AFTER),
    // Only of the same dashboard in the same organization.
    placeholderData: (last, query) => (query?.queryKey[0] === organization && query.queryKey[2] === id ? last : undefined),
    queryFn: async ({ signal }) => {
      const asked = range && instants(range, new Date());
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      const variables = { id: id ?? '', dsoIds: dsoIds.length === 0 ? null : [...dsoIds], range: asked, timeZone };
      const { data, faults } = await ask(DashboardDocument, variables, organization, signal);
      return { board: data.dashboard, faults, asked };
    },
  });
}
