// The words of the DSOs in view, for every label below. The words themselves are in `words.ts`.
import { createContext, useContext } from 'react';
import { inTerms, type Terms } from './words';

/** Says a text of ours in the words of the DSOs in view. */
export type Say = (text: string) => string;

export const TermsContext = createContext<Terms>({});

export function useSay(): Say {
  const terms = useContext(TermsContext);
  return (text) => inTerms(terms, text);
}
