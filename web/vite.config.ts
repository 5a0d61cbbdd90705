import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Replaced with a fresh one in every answer (`api/http/pages.ts`); antd's own styles are let in by it. */
const NONCE = 'JIUGAI_NONCE';

/** Files are packed once, when they are built, and not for every reader. */
function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    // After Vite has put the names of chunks into each other.
    writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter((one) => /\.(js|css)$/.test(one))) {
        writeFileSync(join(dir, `${name}.gz`), gzipSync(readFileSync(join(dir, name)), { level: 9 }));
      }
    },
  };
}

/** `npm run build:web` builds `web/dist`; `npx vite web` serves the pages while one works on them, beside `npm start`. */
// eslint-disable-next-line no-restricted-exports -- Vite reads the default export
export default defineConfig({
  base: '/app/',
  html: { cspNonce: NONCE },
  plugins: [packed()],
  resolve: {
    alias: { '@rjsf/validator-ajv8': join(__dirname, 'src/form/no-compiling-validator.ts') },
  },
  build: {
    outDir: process.env['JIUGAI_WEB_OUT'] ?? 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inlined: the CSP lets in no data: scripts or fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    // In the house of others nobody reads our sources' names.
    sourcemap: false,
    rolldownOptions: {
      onLog: (level, log, say) => {
        // Written for servers that render React; every file of antd says it.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') say(level, log);
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/auth': 'http://127.0.0.1:8080' } },
});
