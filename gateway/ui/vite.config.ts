// How the pages become files: hashed names under /graphiql/assets/, nothing inline, nothing from another host.
//
// GraphiQL 5 (Monaco) and not 4 (CodeMirror 5): 5 is the line that is released and mended, 4 and its editor are no longer kept;
// and 5 works under `script-src 'self'` as long as its workers are files of ours (src/workers.ts), which they are.
// What it costs is size, so: the shell paints first, Monaco follows as a chunk of its own, and every file is compressed when the pages
// are built (pages.mjs), once, for a year of the browser's cache.
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/graphiql/',
  build: {
    // pages.mjs says where, and compares the result with what is checked in.
    outDir: process.env['PAGES_DIR'] ?? 'node_modules/.pages',
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
