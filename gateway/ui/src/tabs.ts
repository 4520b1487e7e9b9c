// Handing a query to GraphiQL: always in a tab of its own, so that nothing somebody has written is lost.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

export function useNewTab(): (query: string, variables: string) => void {
  const { addTab } = useGraphiQLActions();
  const query = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  return (text, values) => {
    addTab();
    // Into the editors and not into the tab: GraphiQL reads what a tab holds from them.
    query?.setValue(text);
    variables?.setValue(values);
  };
}
