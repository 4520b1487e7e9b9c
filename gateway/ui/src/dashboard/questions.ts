// The questions of the page, as hooks: who is asking, what they see, the figures, the doctors behind a figure.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { againAfter } from './cache';
import { ask } from './client';
import { faultOf, type Fault } from './faults';
import {
  AdminsDocument,
  CallerDocument,
  DoctorsDocument,
  DsosDocument,
  FirstStepsDocument,
  OverviewDocument,
  PeopleDocument,
  type AdminsQuery,
  type CallerQuery,
  type DoctorFilter,
  type DoctorOrder,
  type DoctorsQuery,
  type DsosQuery,
  type FirstStepsQuery,
  type OverviewQuery,
  type PeopleQuery,
} from './generated/graphql';
import { instants, writeRange, type Range } from './range';

export type Caller = NonNullable<CallerQuery['viewer']>;
export type Membership = Caller['memberships'][number];
export type PendingInvitation = NonNullable<Caller['pendingInvitations']>[number];
export type Person = NonNullable<AdminsQuery['members']>['nodes'][number];
export type Step = NonNullable<NonNullable<FirstStepsQuery['viewer']>['onboarding']>[number];
export type Dso = NonNullable<DsosQuery['dsos']>['nodes'][number];
export type Overview = NonNullable<NonNullable<OverviewQuery['organization']>['overview']>;
export type Doctor = NonNullable<DoctorsQuery['doctors']>['nodes'][number];

/** Days after which a doctor counts as without contact. */
export const INACTIVE_DAYS = 30;

/** A page that stays open notices within this time that it may not be shown any more. */
export const AGAIN_AFTER = 60_000;

/** A nullable part of the data that the page cannot do without: its absence is the fault that explains it. */
export function needed<Part>(part: Part | null | undefined, faults: Fault[]): Part {
  if (part === null || part === undefined) throw faults[0] ?? faultOf({ message: 'the gateway left out the answer' });
  return part;
}

export function useCaller() {
  return useQuery({
    queryKey: ['nowhere', 'caller'],
    queryFn: async ({ signal }) => {
      const { data, faults } = await ask(CallerDocument, {}, null, signal);
      return needed(data.viewer, faults);
    },
  });
}

export function useDsos(organization: string) {
  return useQuery({
    queryKey: [organization, 'dsos'],
    queryFn: async ({ signal }) => {
      const found: Dso[] = [];
      let after: string | null = null;
      do {
        const { data, faults } = await ask(DsosDocument, { after }, organization, signal);
        const page: NonNullable<DsosQuery['dsos']> = needed(data.dsos, faults);
        found.push(...page.nodes);
        after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
      } while (after !== null);
      return found;
    },
  });
}

/** What the caller's role has to do first, each with whether it is done. */
export function useFirstSteps(organization: string) {
  return useQuery<Step[]>({
    queryKey: [organization, 'first-steps'],
    queryFn: async ({ signal }) => {
      const { data, faults } = await ask(FirstStepsDocument, {}, organization, signal);
      return needed(needed(data.viewer, faults).onboarding, faults);
    },
  });
}

/** Who can give rights in the organization. */
export function useAdmins(organization: string) {
  return useQuery<Person[]>({
    queryKey: [organization, 'admins'],
    queryFn: async ({ signal }) => {
      const { data, faults } = await ask(AdminsDocument, {}, organization, signal);
      return needed(data.members, faults).nodes;
    },
  });
}

/** Every member of the organization. */
export function usePeople(organization: string) {
  return useQuery<Person[]>({
    queryKey: [organization, 'people'],
    queryFn: async ({ signal }) => {
      const found: Person[] = [];
      let after: string | null = null;
      do {
        const { data, faults } = await ask(PeopleDocument, { after }, organization, signal);
        const page: NonNullable<PeopleQuery['members']> = needed(data.members, faults);
        found.push(...page.nodes);
        after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
      } while (after !== null);
      return found;
    },
  });
}

/** Whether how DSOs stood at a time is on record; `knownFrom`: only what is later. */
export function isOnRecord(time: string, knownFrom: string | null | undefined): boolean {
  return !knownFrom || new Date(time) > new Date(knownFrom);
}

/** The figures, and what is missing among them. */
export interface Figures {
  overview: Overview;
  faults: Fault[];
}

/** `dsoIds`: empty = every DSO that the caller sees. */
export function useOverview(organization: string, dsoIds: readonly string[], range: Range, isReady: boolean) {
  return useQuery<Figures>({
    queryKey: [organization, 'overview', dsoIds, writeRange(range)],
    enabled: isReady,
    refetchInterval: againAfter(AGAIN_AFTER),
    // While another range is asked for, the one before stays, dimmed; never that of another organization.
    placeholderData: (last, query) => (query?.queryKey[0] === organization ? last : undefined),
    queryFn: async ({ signal }) => {
      const variables = { dsoIds: dsoIds.length === 0 ? null : [...dsoIds], range: instants(range, new Date()), inactiveDays: INACTIVE_DAYS };
      const { data, faults } = await ask(OverviewDocument, variables, organization, signal);
      return { overview: needed(needed(data.organization, faults).overview, faults), faults };
    },
  });
}

export interface DoctorsAsked {
  filter: DoctorFilter;
  orderBy: DoctorOrder;
}

async function doctorsPage(organization: string, asked: DoctorsAsked, first: number, after: string | null, signal: AbortSignal) {
  const { data, faults } = await ask(DoctorsDocument, { ...asked, first, after }, organization, signal);
  return needed(data.doctors, faults);
}

export function useDoctors(organization: string, asked: DoctorsAsked) {
  return useInfiniteQuery({
    queryKey: [organization, 'doctors', asked],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => doctorsPage(organization, asked, 25, pageParam, signal),
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
  });
}

/** Every doctor of a list, for a file. Gives up at `most`, so that a tab never fills up. */
export async function allDoctors(organization: string, asked: DoctorsAsked, most: number, signal: AbortSignal): Promise<Doctor[]> {
  const found: Doctor[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof doctorsPage>> = await doctorsPage(organization, asked, 100, after, signal);
    found.push(...page.nodes);
    after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
  } while (after !== null && found.length < most);
  return found;
}
