// Runs relay-compiler over schema.graphql, the tags in this folder and the page's own overview query. Relay wants each operation and
// fragment named after its module, and hides what a fragment asked for from everybody else: the page's text is told so here.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pageQuery } from '../page.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const compiler = fileURLToPath(new URL('../node_modules/relay-compiler/cli.js', import.meta.url));

export function compile() {
  const text = pageQuery('overview')
    .replace('query Overview(', 'query overviewQuery(')
    .replaceAll(/fragment (\w+) on/g, 'fragment overview_$1 on')
    .replaceAll(/\.\.\.(\w+)/g, '...overview_$1 @relay(mask: false)');
  writeFileSync(`${here}overview.js`, `import { graphql } from 'relay-runtime';\n\ngraphql\`\n${text}\`;\n`);
  mkdirSync(`${here}__generated__`, { recursive: true });
  execFileSync(process.execPath, [compiler, 'relay.config.json'], { cwd: here, stdio: 'pipe' });
}
