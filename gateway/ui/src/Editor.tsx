// GraphiQL itself, with the guarded schema and the panel of reasons. The one module that loads it, so that it is a chunk of its own.
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import { getOperationAST, parse, type GraphQLSchema } from 'graphql';
import { useMemo, type ComponentProps } from 'react';
import type { GraphQLAnswer, Headers } from './gateway';
import { EXAMPLES_PLUGIN } from './Examples';
import type { Ask } from './explain';
import { Export } from './Export';
import { Reasons } from './Reasons';
import type { Reason } from './reasons';
import { SAVED_PLUGIN } from './Saved';
import { FromTheStart } from './tabs';
import './workers';
// The parts and not `graphiql/style.css`: that file carries two web fonts as half a megabyte of base64; the system's do as well.
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import '@graphiql/plugin-explorer/style.css';
import 'graphiql/graphiql.css';
import './editor.css';

/**
 * Works for every role: it asks for nothing that a member may not see. It has a name, since only operations with names can stand beside
 * each other: the explorer adds others to it.
 */
const DEFAULT_QUERY = `# Ctrl+Enter runs it.
# The book shows who may read what.
query Start {
  viewer {
    name
  }
  dsos(first: 5) {
    nodes {
      id
      name
    }
  }
}
`;

/** One object each for the life of the page: GraphiQL knows a panel by its identity. */
const PLUGINS = [HISTORY_PLUGIN, explorerPlugin(), SAVED_PLUGIN, EXAMPLES_PLUGIN];

/** Whether an operation reads or changes something. */
export type Kind = 'query' | 'mutation';

/**
 * The operation to run, read from the text that is sent. GraphiQL parses the text a moment after each change, so its operation name may be
 * of the text before: a name that the document does not have is left out.
 */
function operationOf(query: string, operationName: string | null | undefined): { name: string | null; kind: Kind } {
  try {
    const document = parse(query);
    const name = operationName && getOperationAST(document, operationName) ? operationName : null;
    return { name, kind: getOperationAST(document, name)?.operation === 'mutation' ? 'mutation' : 'query' };
  } catch {
    // The gateway says what is wrong with it.
    return { name: null, kind: 'query' };
  }
}

type Fetcher = ComponentProps<typeof GraphiQL>['fetcher'];

interface EditorProps {
  /** `null` = none yet: GraphiQL then runs without one and does not ask for it by itself. */
  schema: GraphQLSchema | null;
  reasons: readonly Reason[];
  /** Counts the answers. */
  answer: number;
  /** Asks beside the query: nothing of it is shown in the answer's pane. */
  ask: Ask;
  run(kind: Kind, body: unknown, headers: Headers): Promise<GraphQLAnswer>;
}

export default function Editor({ schema, reasons, answer, ask, run }: EditorProps) {
  const fetcher = useMemo<Fetcher>(
    () => async (body, options) => {
      const { name, kind } = operationOf(body.query, body.operationName);
      return (await run(kind, { ...body, operationName: name }, (options?.headers ?? {}) as Headers)) as never;
    },
    [run],
  );
  return (
    // sessionStorage: queries and variables name people, and end with the tab as the token does.
    <GraphiQL
      fetcher={fetcher}
      schema={schema}
      storage={sessionStorage}
      plugins={PLUGINS}
      defaultQuery={DEFAULT_QUERY}
      dangerouslyAssumeSchemaIsValid
    >
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ prettify, merge, copy }) => (
          <>
            {prettify}
            {merge}
            {copy}
            <Export />
          </>
        )}
      </GraphiQL.Toolbar>
      <GraphiQL.Footer>
        <FromTheStart />
        <Reasons reasons={reasons} answer={answer} ask={ask} />
      </GraphiQL.Footer>
    </GraphiQL>
  );
}
