// The dashboard's own questions, as the page asks them. A bundler does the same: `import text from './overview.graphql?raw'` with Vite.
import { readFileSync } from 'node:fs';

const operations = new URL('../../gateway/ui/src/dashboard/operations/', import.meta.url);

export const pageQuery = (name) => readFileSync(new URL(`${name}.graphql`, operations), 'utf8');
