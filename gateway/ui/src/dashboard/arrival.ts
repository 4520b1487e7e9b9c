// The answers to an invitation, and the creation of an organization: what makes a person a member. Nothing of it happens without a press of a
// button. The changes, without the page.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useState } from 'react';
import { ask } from './client';
import { Fault, sentence, unreachable } from './faults';
import type { RefusalFragment } from './generated/graphql';
import { needed } from './questions';

interface Changed {
  change: { membership?: { organizationId: string; organizationSlug: string } | null; userErrors: RefusalFragment[] } | null;
}

/** Where a change has made the caller a member. */
export interface Joined {
  organizationId: string;
  organizationSlug: string;
}

/** `onChanged`: an invitation that was answered, or is over, is open no more. `wrong`: what stands against the last change, in words. */
export function useArrival(onChanged: (joined: Joined | null) => Promise<unknown>) {
  const [isBusy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  const send = async <Variables extends object>(document: TypedDocumentNode<Changed, Variables>, variables: Variables) => {
    const { data, faults } = await ask(document, variables, null, new AbortController().signal);
    const { membership, userErrors } = needed(data.change, faults);
    const [error] = userErrors;
    return { joined: membership ?? null, words: error === undefined ? null : sentence(error.message) };
  };

  const change = async <Variables extends object>(document: TypedDocumentNode<Changed, Variables>, variables: Variables): Promise<void> => {
    setBusy(true);
    setWrong(null);
    let joined: Joined | null = null;
    try {
      const done = await send(document, variables);
      setWrong(done.words);
      joined = done.joined;
    } catch (error) {
      setWrong((error instanceof Fault ? error : unreachable()).message);
    }
    await onChanged(joined);
    setBusy(false);
  };
  return { isBusy, wrong, change };
}
