// How the pages become files: hashed names under /graphiql/assets/, nothing inline, nothing from another host.
//
// GraphiQL 5 (Monaco) and not 4 (CodeMirror 5): 5 is the line that is released and mended, 4 and its editor are no longer kept;
// and 5 works under `script-src 'self'` as long as its workers are files of ours (src/workers.ts), which they are.
// What it costs is size, so: the shell paints first, Monaco follows as a chunk of its own, and every file is compressed here,
// once, for a year of the browser's cache.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Writes `x.gz` beside each file `x` that becomes smaller by it: the gateway sends these bytes as they are. */
export function compressed(): Plugin {
  let folder = '';
  return {
    name: 'gateway:compressed',
    apply: 'build',
    configResolved: (config) => {
      folder = config.build.outDir;
    },
    closeBundle: () => {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || entry.name.endsWith('.gz')) continue;
        const file = join(entry.parentPath, entry.name);
        const plain = readFileSync(file);
        const small = gzipSync(plain, { level: constants.Z_BEST_COMPRESSION });
        if (small.length < plain.length * 0.9) writeFileSync(`${file}.gz`, small);
      }
    },
  };
}

export default defineConfig({
  base: '/graphiql/',
  plugins: [compressed()],
  build: {
    // The gateway's build script says where: never into the source tree.
    outDir: process.env['PAGES_DIR'] ?? 'dist',
    emptyOutDir: true,
    // Nothing as a data: URL, so that the policy needs none for scripts, workers or fonts.
    assetsInlineLimit: 0,
    // The polyfill is for browsers that GraphiQL does not support anyway.
    modulePreload: { polyfill: false },
    // Monaco is one large chunk by nature, and loads after the page is there.
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
    // React's server directives ("use client") mean nothing in a page; a hundred warnings about them would hide a real one.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  worker: { format: 'es' },
  server: {
    // `npm run dev` beside a gateway on its usual port.
    proxy: { '/graphql': 'http://127.0.0.1:8080', '/graphiql/schema.graphql': 'http://127.0.0.1:8080' },
  },
});
