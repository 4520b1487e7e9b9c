// The panel of example queries: a click opens one in a tab of its own, with its times as of now.
import type { GraphiQLPlugin } from '@graphiql/react';
import { EXAMPLES, variablesOf, type Example } from './examples';
import { ExamplesIcon } from './icons';
import { useNewTab } from './tabs';

function Examples() {
  const open = useNewTab();
  const start = (example: Example) => open(example.query, variablesOf(example, Date.now()));
  return (
    <section className="panel" aria-label="Example queries">
      <h2>Example queries</h2>
      <ul>
        {EXAMPLES.map((example) => (
          <li key={example.title}>
            <button type="button" className="open" onClick={() => start(example)}>
              {example.title}
            </button>
            <p>{example.about}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

export const EXAMPLES_PLUGIN: GraphiQLPlugin = { title: 'Example Queries', icon: ExamplesIcon, content: Examples };
