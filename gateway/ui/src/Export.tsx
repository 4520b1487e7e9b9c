// The menu beside the query: the answer that is shown, whole as JSON, or one of its lists as CSV.
import { ToolbarButton, ToolbarMenu, useGraphiQL } from '@graphiql/react';
import { useState } from 'react';
import { download } from './download';
import { ExportIcon } from './icons';
import { csvOf, listsIn, rowsOf, type List } from './table';

/** `data` of the answer that is shown; none while there is no answer. */
function dataIn(text: string | undefined): unknown {
  try {
    return (JSON.parse(text ?? '') as { data?: unknown }).data ?? null;
  } catch {
    return null;
  }
}

/** `dsos.nodes.cases.nodes` is read as `dsos › cases`. */
function nameOf({ path }: List): string {
  const steps = path.filter((step, place) => !(place > 0 && ['nodes', 'edges', 'node'].includes(step)));
  return steps.join(' › ');
}

export function Export() {
  const response = useGraphiQL((state) => state.responseEditor);
  // Read when the menu opens: what is shown then is what is exported.
  const [shown, setShown] = useState<{ text: string; data: unknown; lists: List[] } | null>(null);
  const look = (open: boolean) => {
    if (!open) return;
    const text = response?.getValue() ?? '';
    const data = dataIn(text);
    setShown(data === null ? null : { text, data, lists: listsIn(data) });
  };
  return (
    <ToolbarMenu
      onOpenChange={look}
      button={
        <ToolbarButton label="Export the answer">
          <ExportIcon />
        </ToolbarButton>
      }
    >
      {shown === null ? (
        <ToolbarMenu.Item disabled>There is no answer to export: run a query first</ToolbarMenu.Item>
      ) : (
        <>
          <ToolbarMenu.Item onSelect={() => download('answer.json', 'application/json', shown.text)}>JSON, all of it</ToolbarMenu.Item>
          {shown.lists.map((list) => (
            <ToolbarMenu.Item
              key={list.path.join('.')}
              onSelect={() => download(`${list.path[0] ?? 'list'}.csv`, 'text/csv;charset=utf-8', csvOf(rowsOf(shown.data, list.path)))}
            >
              CSV: {nameOf(list)}, {list.rows} {list.rows === 1 ? 'row' : 'rows'}
            </ToolbarMenu.Item>
          ))}
        </>
      )}
    </ToolbarMenu>
  );
}
