// Builds both pages into `dist/`, which is checked in: a build of the gateway embeds these files and needs no Node.
//   npm run pages               builds them and writes what has changed
//   npm run pages -- --check    builds them and fails if `dist/` holds anything else
// Every file is stored as gzip only: the gateway sends these bytes as they are. `dist/sources` is the hash of what they were built from,
// by which `../build.rs` notices that the pages are older than their sources. Both must compute it alike.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gunzipSync, gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
const MARK = 'sources';

/** The paths of all files below `folder`, with `/`, in the order of their bytes. */
function filesBelow(folder, isWanted = () => true) {
  const found = [];
  const visit = (at) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (!isWanted(relative(folder, path))) continue;
      if (entry.isDirectory()) visit(path);
      else found.push(relative(folder, path).split(sep).join('/'));
    }
  };
  if (existsSync(folder)) visit(folder);
  return found.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
}

/** FNV-1a, 64 bits, over the name and the bytes of each source: to notice a change, not to withstand an attacker. */
function hashOfSources() {
  let hash = 0xcbf29ce484222325n;
  const add = (bytes) => {
    for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  };
  const isSource = (path) => !basename(path).startsWith('.') && path !== 'node_modules' && path !== 'dist';
  for (const name of filesBelow(here, isSource)) {
    add(Buffer.from(`${name}\0`));
    add(readFileSync(join(here, name)));
    add(Buffer.from('\0'));
  }
  return `${hash.toString(16).padStart(16, '0')}\n`;
}

/** Runs Vite for both pages; gives each file's bytes by its path. */
function build() {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-pages-'));
  try {
    for (const config of ['vite.config.ts', 'dashboard/vite.config.ts']) {
      const vite = [join(here, 'node_modules/vite/bin/vite.js'), 'build', '--config', config, '--logLevel', 'warn'];
      const { status, error } = spawnSync(process.execPath, vite, { cwd: here, stdio: 'inherit', env: { ...process.env, PAGES_DIR: folder } });
      if (status !== 0) throw error ?? new Error(`vite build --config ${config} failed: run \`npm ci\` first`);
    }
    return new Map(filesBelow(folder).map((name) => [name, readFileSync(join(folder, name))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compress(plain) {
  const small = gzipSync(plain, { level: constants.Z_BEST_COMPRESSION });
  // The system on which it was compressed is in the header: unknown, so that it is the same everywhere.
  small[9] = 255;
  return small;
}

/** What `dist/` holds, decompressed: the bytes of another version of zlib may differ while the file is the same. */
function stored() {
  const names = filesBelow(dist).filter((name) => name !== MARK);
  return new Map(names.map((name) => [name.replace(/\.gz$/, ''), gunzipSync(readFileSync(join(dist, name)))]));
}

function isSame(name, plain, known) {
  return known.get(name)?.equals(plain) ?? false;
}

const built = build();
const known = stored();
const mark = hashOfSources();
const changed = [...built.keys()].filter((name) => !isSame(name, built.get(name), known));
const gone = [...known.keys()].filter((name) => !built.has(name));

if (process.argv.includes('--check')) {
  const isMarked = existsSync(join(dist, MARK)) && readFileSync(join(dist, MARK), 'utf8') === mark;
  if (changed.length > 0 || gone.length > 0 || !isMarked) {
    console.error('gateway/ui/dist is not what its sources build: run `npm run pages` in gateway/ui and commit the result');
    for (const name of changed) console.error(`  built otherwise: ${name}`);
    for (const name of gone) console.error(`  built no more: ${name}`);
    process.exit(1);
  }
} else {
  for (const name of gone) rmSync(join(dist, `${name}.gz`));
  for (const name of changed) {
    const file = join(dist, `${name}.gz`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, compress(built.get(name)));
  }
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, MARK), mark);
  const size = filesBelow(dist).reduce((sum, name) => sum + readFileSync(join(dist, name)).length, 0);
  console.log(`gateway/ui/dist: ${built.size} files, ${(size / 1e6).toFixed(2)} MB; ${changed.length} written, ${gone.length} removed`);
}
