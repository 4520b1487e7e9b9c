// How the dashboard becomes files: as GraphiQL does (../vite.config.ts), in a build of its own, so that neither page loads or waits
// for anything of the other and each has the strictest policy that it can live under.
//
// Recharts, because it draws SVG elements: they take their colours from the style sheet, light and dark, and a bar can be a button
// that the keyboard reaches. It sets styles by script only, so the page needs no 'unsafe-inline'. A canvas could do none of that.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/dashboard/',
  build: {
    // Beside GraphiQL's, which is built first and empties the folder.
    outDir: join(process.env['PAGES_DIR'] ?? fileURLToPath(new URL('../node_modules/.pages', import.meta.url)), 'dashboard'),
    emptyOutDir: true,
    // Nothing as a data: URL: the policy allows none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  server: {
    // `npx vite --config dashboard/vite.config.ts` beside a gateway on its usual port.
    proxy: { '/graphql': 'http://127.0.0.1:8080', '/dashboard/config.json': 'http://127.0.0.1:8080' },
  },
});
