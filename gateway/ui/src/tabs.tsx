// Handing a query to GraphiQL: in a tab of its own, so that the open query is not overwritten, or in the tab that has it already. And where
// a tab begins: at its first line and its first column.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';

export function useNewTab(): (query: string, variables: string) => void {
  const { addTab, changeTab } = useGraphiQLActions();
  const tabs = useGraphiQL((state) => state.tabs);
  const query = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  return (text, values) => {
    const known = tabs.findIndex((tab) => tab.query === text);
    if (known >= 0) return changeTab(known);
    addTab();
    // Into the editors and not into the tab: GraphiQL reads what a tab holds from them.
    query?.setValue(text);
    variables?.setValue(values);
  };
}

/** All tabs share their editors, which stay where the last tab was scrolled to: beyond the end of every line of the next one, perhaps. */
export function FromTheStart() {
  const tab = useGraphiQL((state) => state.activeTabIndex);
  const query = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  const response = useGraphiQL((state) => state.responseEditor);
  useEffect(() => {
    for (const editor of [query, variables, response]) editor?.setScrollPosition({ scrollLeft: 0, scrollTop: 0 });
  }, [tab, query, variables, response]);
  return null;
}
