// Whether every dependency, Rust or npm, may be used under a licence that we accept. Run by tests/run; alone: node tests/licences.mjs
// With a folder, the crates of the workspace there: tests/peers/run asks for those of the peers, which nothing else fetches.
//
// Owns: the lists below. Invariant: a package whose licence is unknown, missing or not listed fails the check.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Licences that ask for a notice at most. */
const ACCEPTED = new Set([
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 WITH LLVM-exception',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BSL-1.0',
  'CC0-1.0',
  'CDLA-Permissive-2.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PSF-2.0',
  'Unicode-3.0',
  'Unlicense',
  'Zlib',
]);

/** Single packages under another licence, each with the reason why that does no harm here. */
const EXCEPTIONS = [
  { name: /^lightningcss(-|$)/, licence: 'MPL-2.0', reason: 'minifies style sheets while the pages are built; none of it is in the binary' },
  { name: /^caniuse-lite$/, licence: 'CC-BY-4.0', reason: 'a table that the generator of types comes with; none of it is in the binary' },
  { name: /^argparse$/, licence: 'Python-2.0', reason: 'reads the command line of the generator of types; none of it is in the binary' },
  { name: /^minimatch$/, licence: 'BlueOak-1.0.0', reason: 'finds files for the generator of types; permissive, and not in the binary' },
  {
    name: /^(@isaacs\/nonrecursive-glob-match|glob|lru-cache|minipass|path-scurry)$/,
    licence: 'BlueOak-1.0.0',
    reason: 'finds files for a server that the gateway is compared with; permissive, and not in the binary',
  },
  { name: /^(ascii_utils|fast_chemail)$/, licence: 'MPL-2.0', reason: 'in a server that the gateway is compared with; not in the binary' },
  { name: /^(axe-core|@axe-core\/playwright)$/, licence: 'MPL-2.0', reason: 'looks at the pages in their tests; none of it is in the binary' },
];

/** Single crates that name no licence but hold its text, as it was read in this version. */
const READ = [{ name: 'jsonpath-rust', version: '0.3.5', licence: 'MIT' }];

/** Where npm packages are locked. */
const LOCKS = ['gateway/ui', 'tests/browser', 'tests/clients', 'tests/http-audits', 'tests/mail', 'tests/peers/node', 'tests/spec'];

/** Whether an SPDX expression leaves a choice that is accepted. `MIT/Apache-2.0` is the old way to write OR. */
export function isAccepted(expression, accepted = ACCEPTED) {
  const tokens = expression.replaceAll('/', ' OR ').match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const either = () => {
    let fine = both();
    while (tokens[at] === 'OR') {
      at += 1;
      // Evaluated first: what stands behind must be read even if the choice is made already.
      fine = both() || fine;
    }
    return fine;
  };
  const both = () => {
    let fine = one();
    while (tokens[at] === 'AND') {
      at += 1;
      fine = one() && fine;
    }
    return fine;
  };
  const one = () => {
    if (tokens[at] === '(') {
      at += 1;
      const fine = either();
      if (tokens[at] !== ')') return false;
      at += 1;
      return fine;
    }
    let name = tokens[at] ?? '';
    at += 1;
    if (tokens[at] === 'WITH') {
      name += ` WITH ${tokens[at + 1]}`;
      at += 2;
    }
    return accepted.has(name);
  };
  return either() && at === tokens.length;
}

/** The complaint about a package, or none. */
export function complaint({ name, version, licence }) {
  const read = READ.find((one) => one.name === name && one.version === version);
  if (!licence && !read) return `${name} ${version}: says nothing about its licence`;
  if (isAccepted(licence || read.licence)) return null;
  if (EXCEPTIONS.some((exception) => exception.name.test(name) && exception.licence === licence)) return null;
  return `${name} ${version}: ${licence}`;
}

function crates(root) {
  const arguments_ = ['metadata', '--format-version', '1', '--locked', '--quiet'];
  const metadata = JSON.parse(execFileSync('cargo', arguments_, { cwd: root, maxBuffer: 1 << 30, encoding: 'utf8' }));
  return metadata.packages.map(({ name, version, license }) => ({ name, version, licence: license }));
}

function npmPackages(root, folder) {
  const lock = JSON.parse(readFileSync(join(root, folder, 'package-lock.json'), 'utf8'));
  return Object.entries(lock.packages)
    .filter(([path]) => path !== '')
    .map(([path, { version, license }]) => ({ name: path.replace(/^.*node_modules\//, ''), version, licence: license }));
}

function main() {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const [workspace] = process.argv.slice(2);
  const packages = workspace ? crates(join(root, workspace)) : [...crates(root), ...LOCKS.flatMap((folder) => npmPackages(root, folder))];
  const complaints = [...new Set(packages.map(complaint).filter((text) => text !== null))].sort();
  for (const text of complaints) console.error(text);
  if (complaints.length > 0) {
    console.error(`${complaints.length} packages are not under an accepted licence: replace them, or add the licence to ${relative(process.cwd(), fileURLToPath(import.meta.url))} with its reason`);
    process.exit(1);
  }
  console.log(`${packages.length} packages are under accepted licences`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
