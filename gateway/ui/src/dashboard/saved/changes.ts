// The changes of saved dashboards. What comes of one is one of four, and none of them is an exception: it is done, the gateway says
// what to mend, somebody else was faster, or it was refused or failed as a whole.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../client';
import { Fault, sentence, unreachable } from '../faults';
import type { RefusalFragment } from '../generated/graphql';

/** What every change answers. */
interface Changed {
  change: { dashboard?: { id: string } | null; userErrors: RefusalFragment[] } | null;
}

/** What stands against a change. */
export type Obstacle =
  | { is: 'mendable'; errors: RefusalFragment[] }
  /** The dashboard has another version by now. */
  | { is: 'stale' }
  | { is: 'refused'; words: string };

export type Outcome = { is: 'done'; dashboardId: string | null } | Obstacle;

/** The words for a fault about a change: those of `faults.ts` are about looking. */
function refusal(fault: Fault): string {
  if (fault.code === 'FORBIDDEN') return 'You may not change this dashboard: only its author may, or an admin if it is shared.';
  if (fault.code === 'NOT_FOUND') return 'It could not be saved: the dashboard is gone, or you have no access to it any more.';
  return `It could not be saved. ${fault.message}${fault.requestId === null ? '' : ` Request ${fault.requestId}.`}`;
}

async function send<Variables extends object>(
  organization: string,
  document: TypedDocumentNode<Changed, Variables>,
  variables: Variables,
): Promise<Outcome> {
  try {
    const { data, faults } = await ask(document, variables, organization, new AbortController().signal);
    const [fault] = faults;
    if (data.change === null) return { is: 'refused', words: refusal(fault ?? unreachable()) };
    const { userErrors, dashboard } = data.change;
    if (userErrors.some(({ code }) => code === 'STALE_VERSION')) return { is: 'stale' };
    if (userErrors.length > 0) return { is: 'mendable', errors: userErrors };
    return { is: 'done', dashboardId: dashboard?.id ?? null };
  } catch (error) {
    return { is: 'refused', words: refusal(error instanceof Fault ? error : unreachable()) };
  }
}

/**
 * A change at a time, with what stands against the last one. However it ends, but for something to mend, the page is old: what is shown
 * is asked for again, which also finds out who may not see it any more. `onDone` comes before that.
 */
export function useChange(organization: string, onDone: (dashboardId: string | null) => void = () => undefined) {
  const cache = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [obstacle, setObstacle] = useState<Obstacle | null>(null);
  const change = async <Variables extends object>(document: TypedDocumentNode<Changed, Variables>, variables: Variables): Promise<Outcome> => {
    setBusy(true);
    const outcome = await send(organization, document, variables);
    if (outcome.is === 'done') onDone(outcome.dashboardId);
    if (outcome.is !== 'mendable') await cache.invalidateQueries({ queryKey: [organization] });
    setBusy(false);
    setObstacle(outcome.is === 'done' ? null : outcome);
    return outcome;
  };
  return { isBusy, obstacle, change, forget: () => setObstacle(null) };
}

/**
 * The sentences about each field. The gateway begins a message with the name of what it is about, which may lie deep in a query; what
 * is about none of `fields` is under ''.
 */
export function sentencesBy(fields: readonly string[], obstacle: Obstacle | null): Map<string, string> {
  const found = new Map<string, string>();
  if (obstacle?.is !== 'mendable') return found;
  for (const { message, field } of obstacle.errors) {
    const named = [...[...message.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''), ...field.toReversed()];
    const about = named.find((name) => fields.includes(name)) ?? '';
    // Beside its field the name says nothing new.
    const words = about === '' ? message : message.replace(new RegExp(`^\`${about}\``), 'this');
    found.set(about, [found.get(about), sentence(words)].filter(Boolean).join(' '));
  }
  return found;
}
