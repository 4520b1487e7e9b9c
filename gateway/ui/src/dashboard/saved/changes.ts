// The changes of saved dashboards. What comes of one is one of four, and none of them is an exception: it is done, the gateway says
// what to mend, somebody else was faster, or it was refused or failed as a whole.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../client';
import { Fault, sentence, unreachable } from '../faults';
import type { RefusalFragment } from '../generated/graphql';

/** Longest wait for what a change has made, in milliseconds. */
const PATIENCE = 5000;

/** A dashboard after a change. */
export interface Version {
  id: string;
  version: number;
}

/** What every change answers. */
export interface Changed {
  change: { dashboard?: Version | null; widget?: { dashboard: Version | null } | null; userErrors: RefusalFragment[] } | null;
}

/** What stands against a change. */
export type Obstacle =
  | { is: 'mendable'; errors: RefusalFragment[] }
  /** The dashboard has another version by now. */
  | { is: 'stale' }
  | { is: 'refused'; words: string };

export type Outcome = { is: 'done'; dashboard: Version | null } | Obstacle;

/** What is changed, in words. */
export type What = 'this dashboard' | 'this organization';

/** The words for a fault about a change: those of `faults.ts` are about looking. */
function refusal(fault: Fault, what: What): string {
  if (fault.code === 'FORBIDDEN' && what === 'this dashboard') return 'You may not change this dashboard: only its author may, or an admin if it is shared.';
  if (fault.code === 'FORBIDDEN') return `You may not change ${what} in this way.`;
  if (fault.code === 'NOT_FOUND') return `It could not be saved: ${what} is gone, or you have no access to it any more.`;
  if (fault.code === 'NO_ANSWER') return `${fault.message} It may be saved or not: look before you try again.`;
  const wait = Math.ceil(fault.waitMs / 1000);
  if (wait > 0) return `It could not be saved. ${fault.message} Try again in ${wait === 1 ? 'a second' : `${wait} seconds`}.`;
  return `It could not be saved. ${fault.message}${fault.requestId === null ? '' : ` Request ${fault.requestId}.`}`;
}

async function send<Variables extends object>(
  organization: string,
  document: TypedDocumentNode<Changed, Variables>,
  variables: Variables,
  what: What,
): Promise<Outcome> {
  try {
    const { data, faults } = await ask(document, variables, organization, new AbortController().signal);
    const [fault] = faults;
    if (data.change === null) return { is: 'refused', words: refusal(fault ?? unreachable(), what) };
    const { userErrors, dashboard, widget } = data.change;
    if (userErrors.some(({ code }) => code === 'STALE_VERSION')) return { is: 'stale' };
    if (userErrors.length > 0) return { is: 'mendable', errors: userErrors };
    return { is: 'done', dashboard: dashboard ?? widget?.dashboard ?? null };
  } catch (error) {
    return { is: 'refused', words: refusal(error instanceof Fault ? error : unreachable(), what) };
  }
}

/**
 * A change at a time, with what stands against the last one. However it ends, but for something to mend, the page is old: what is shown
 * is asked for again, which also finds out who may not see it any more. `onDone` comes before that; what stands against it is said before
 * that, too, since the gateway may be away for as long as the page asks.
 */
export function useChange(organization: string, onDone: (dashboard: Version | null) => void = () => undefined, what: What = 'this dashboard') {
  const cache = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [obstacle, setObstacle] = useState<Obstacle | null>(null);
  const change = async <Variables extends object>(document: TypedDocumentNode<Changed, Variables>, variables: Variables): Promise<Outcome> => {
    setBusy(true);
    const outcome = await send(organization, document, variables, what);
    if (outcome.is === 'done') onDone(outcome.dashboard);
    setObstacle(outcome.is === 'done' ? null : outcome);
    const looking = outcome.is === 'mendable' ? null : cache.invalidateQueries({ queryKey: [organization] });
    // What was done is shown before the next change: that one names the version which this one has made. But not for as long as a gateway
    // is away by then: what is done is done.
    if (outcome.is === 'done') await Promise.race([looking, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    setBusy(false);
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
