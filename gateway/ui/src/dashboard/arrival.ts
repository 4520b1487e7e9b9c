// What somebody without an organization can do: answer the invitations to their address, or make an organization of their own. Nothing
// of it happens by itself. The questions and changes, without the page.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from './client';
import { Fault, sentence, unreachable } from './faults';
import { PendingInvitationsDocument, type PendingInvitationsQuery, type RefusalFragment } from './generated/graphql';
import { needed } from './questions';

export type PendingInvitation = NonNullable<NonNullable<PendingInvitationsQuery['viewer']>['pendingInvitations']>[number];

const KEY = ['nowhere', 'invitations'];

export function usePendingInvitations() {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const { data, faults } = await ask(PendingInvitationsDocument, {}, null, signal);
      return needed(needed(data.viewer, faults).pendingInvitations, faults);
    },
  });
}

interface Changed {
  change: { membership?: { organizationId: string; organizationSlug: string } | null; userErrors: RefusalFragment[] } | null;
}

/** Where a change has made the caller a member. */
export interface Joined {
  organizationId: string;
  organizationSlug: string;
}

/** `wrong`: what stands against the last change, in words. `change` gives whether it was done. */
export function useArrival(onJoined: (joined: Joined) => Promise<unknown>) {
  const cache = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  const send = async <Variables extends object>(document: TypedDocumentNode<Changed, Variables>, variables: Variables): Promise<string | null> => {
    const { data, faults } = await ask(document, variables, null, new AbortController().signal);
    const { membership, userErrors } = needed(data.change, faults);
    const [error] = userErrors;
    if (error !== undefined) return sentence(error.message);
    if (membership) await onJoined(membership);
    return null;
  };

  const change = async <Variables extends object>(document: TypedDocumentNode<Changed, Variables>, variables: Variables): Promise<void> => {
    setBusy(true);
    setWrong(null);
    try {
      setWrong(await send(document, variables));
    } catch (error) {
      setWrong((error instanceof Fault ? error : unreachable()).message);
    }
    setBusy(false);
    // An invitation that was answered, or is over, is open no more.
    await cache.invalidateQueries({ queryKey: KEY });
  };
  return { isBusy, wrong, change };
}
