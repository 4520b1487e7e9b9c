// Runs relay-compiler over schema.graphql, the tags in this folder and the page's own overview query. Relay wants each operation and
// fragment named after its module, and hides what a fragment asked for from everybody else: the page's text is told so here.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pageQuery } from '../page.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const compiler = fileURLToPath(new URL('../node_modules/relay-compiler/cli.js', import.meta.url));

/** Queries with their texts in `__generated__`; or, by the other configuration, with their ids in `__persisted__`, and the list of texts. */
export function compile(config = 'relay.config.json') {
  const text = pageQuery('overview')
    .replace('query Overview(', 'query overviewQuery(')
    .replaceAll(/fragment (\w+) on/g, 'fragment overview_$1 on')
    .replaceAll(/\.\.\.(\w+)/g, '...overview_$1 @relay(mask: false)');
  // At once: another test file may be compiling, too.
  const mine = `${here}overview.${process.pid}.tmp`;
  writeFileSync(mine, `import { graphql } from 'relay-runtime';\n\ngraphql\`\n${text}\`;\n`);
  renameSync(mine, `${here}overview.js`);
  const { artifactDirectory, persistConfig } = JSON.parse(readFileSync(`${here}${config}`, 'utf8'));
  // The compiler lists what it writes, and writes nothing that an earlier run has left as it would be.
  if (persistConfig) rmSync(`${here}${artifactDirectory}`, { recursive: true, force: true });
  mkdirSync(`${here}${artifactDirectory}`, { recursive: true });
  // The compiler adds to a list, and makes none.
  if (persistConfig) writeFileSync(`${here}${persistConfig.file}`, '{}');
  execFileSync(process.execPath, [compiler, config], { cwd: here, stdio: 'pipe' });
}
