// The queries for common questions: the files of `examples/`, in the order of their names. A file's first comment is its title,
// the next what it is about; `# $since: 7 days ago` fills a variable when the example is opened. tests/browser checks each
// against schema.graphql and runs it.

export interface Example {
  title: string;
  about: string;
  query: string;
  /** How many days ago each variable is. */
  daysAgo: ReadonlyMap<string, number>;
}

const DAY = 24 * 60 * 60 * 1000;
const VARIABLE = /^\$(\w+): (\d+) days ago$/;

/** Reads one file. */
export function exampleOf(text: string): Example {
  const lines = text.trimEnd().split('\n');
  const begin = lines.findIndex((line) => !line.startsWith('#'));
  const comments = lines.slice(0, begin).map((line) => line.replace(/^#\s*/, ''));
  const daysAgo = new Map<string, number>();
  const words: string[] = [];
  for (const comment of comments) {
    const [, name, days] = VARIABLE.exec(comment) ?? [];
    if (name !== undefined) daysAgo.set(name, Number(days));
    else words.push(comment);
  }
  const [title = '', ...about] = words;
  return { title, about: about.join(' '), query: `# ${words.join('\n# ')}\n${lines.slice(begin).join('\n')}\n`, daysAgo };
}

/** Its variables as of now, as JSON text; empty if it has none. Whole minutes: nobody wants to read milliseconds. */
export function variablesOf({ daysAgo }: Example, now: number): string {
  if (daysAgo.size === 0) return '';
  const at = (days: number) => `${new Date(now - days * DAY).toISOString().slice(0, 16)}:00Z`;
  return JSON.stringify(Object.fromEntries([...daysAgo].map(([name, days]) => [name, at(days)])), null, 2);
}

const files = import.meta.glob<string>('./examples/*.graphql', { query: '?raw', import: 'default', eager: true });

export const EXAMPLES: readonly Example[] = Object.keys(files)
  .sort()
  .map((name) => exampleOf(files[name] ?? ''));
