// The panel of saved queries: save what is in the editor under a name, open, delete, and both ways as a file.
import { useGraphiQL, type GraphiQLPlugin } from '@graphiql/react';
import { useEffect, useState, type ChangeEvent, type SubmitEvent } from 'react';
import { download } from './download';
import { SavedIcon } from './icons';
import { addFile, asFile, NotSaved, remove, save, savedQueries, type SavedQuery } from './saved';
import { useNewTab } from './tabs';

const inWords = (error: unknown) => (error instanceof NotSaved ? error.message : 'That did not work.');

function Line({ query, onOpen, onDelete }: { query: SavedQuery; onOpen(): void; onDelete(): void }) {
  return (
    <li className="saved">
      <button type="button" className="open" onClick={onOpen}>
        {query.name}
      </button>
      <button type="button" aria-label={`Delete ${query.name}`} onClick={onDelete}>
        Delete
      </button>
    </li>
  );
}

function Saved() {
  const open = useNewTab();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const operationName = useGraphiQL((state) => state.operationName);
  const [queries, setQueries] = useState(savedQueries);
  const [name, setName] = useState('');
  const [told, setTold] = useState('');
  const [deleted, setDeleted] = useState<SavedQuery | null>(null);

  useEffect(() => {
    // Another tab of this origin has saved something.
    const refresh = () => setQueries(savedQueries());
    addEventListener('storage', refresh);
    return () => removeEventListener('storage', refresh);
  }, []);

  const attempt = (change: () => string) => {
    setDeleted(null);
    try {
      setTold(change());
    } catch (error) {
      setTold(inWords(error));
    }
  };
  const wanted = name.trim() || (operationName ?? '');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    attempt(() => {
      const known = queries.some((query) => query.name === wanted);
      setQueries(save({ name: wanted, query: queryEditor?.getValue() ?? '', variables: variableEditor?.getValue() ?? '' }));
      setName('');
      return known ? `Replaced “${wanted}”.` : `Saved “${wanted}”.`;
    });
  };
  const drop = (query: SavedQuery) => {
    attempt(() => {
      setQueries(remove(query.name));
      return `Deleted “${query.name}”.`;
    });
    setDeleted(query);
  };
  const undo = (query: SavedQuery) =>
    attempt(() => {
      setQueries(save(query));
      return `“${query.name}” is back.`;
    });
  const take = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const text = await target.files?.[0]?.text();
    // So that the same file can be chosen again.
    target.value = '';
    if (text === undefined) return;
    attempt(() => {
      const { queries: all, added, refused } = addFile(text);
      setQueries(all);
      return `Imported ${added}${refused === 0 ? '' : `, refused ${refused}`}.`;
    });
  };

  return (
    <section className="panel" aria-label="Saved queries">
      <h2>Saved queries</h2>
      <form onSubmit={submit}>
        <label htmlFor="saved-name">Name</label>
        <input id="saved-name" value={name} maxLength={100} placeholder={operationName ?? 'a name for it'} onChange={(event) => setName(event.target.value)} />
        <button type="submit" disabled={wanted === ''}>
          Save
        </button>
      </form>
      <p role="status">
        {told}{' '}
        {deleted !== null && (
          <button type="button" onClick={() => undo(deleted)}>
            Undo
          </button>
        )}
      </p>
      {queries.length === 0 ? (
        <p>None yet. What is saved stays in this browser: the query and its variables, never the token or an answer.</p>
      ) : (
        <ul>
          {queries.map((query) => (
            <Line key={query.name} query={query} onOpen={() => open(query.query, query.variables)} onDelete={() => drop(query)} />
          ))}
        </ul>
      )}
      <div className="files">
        <button type="button" disabled={queries.length === 0} onClick={() => download('saved-queries.json', 'application/json', asFile(queries))}>
          Export as a file
        </button>
        <label className="file">
          Import a file
          <input type="file" accept="application/json,.json" onChange={(event) => void take(event)} />
        </label>
      </div>
    </section>
  );
}

export const SAVED_PLUGIN: GraphiQLPlugin = { title: 'Saved Queries', icon: SavedIcon, content: Saved };
