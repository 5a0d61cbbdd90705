import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { bundleWorkflows } from '../../worker/bundle';

/** The workflow code that led the lives beside it: an earlier version, whose projects today's code has to take over. */
const OLDER = resolve(__dirname, '../histories/workflows.js.br');
const SOURCE_MAP = /\n\/\/# sourceMappingURL=data:[^\n]*\s*$/;
/** Workers insist on a source map; what was never on this disk needs none. */
const NO_SOURCES = Buffer.from(JSON.stringify({ version: 3, sources: [], names: [], mappings: '' }));

/** Keeps today's code beside the lives that it has led. @param cacheDir where bundles are kept */
export async function keepTodaysCode(cacheDir: string): Promise<void> {
  const code = readFileSync(await bundleWorkflows({ cacheDir }), 'utf8').replace(SOURCE_MAP, '\n');
  writeFileSync(OLDER, brotliCompressSync(code));
}

/** Path of a bundle of the earlier version, for a worker. */
export function olderBundle(cacheDir: string): string {
  const code = brotliDecompressSync(readFileSync(OLDER)).toString('utf8');
  mkdirSync(cacheDir, { recursive: true });
  const path = join(cacheDir, 'workflows-of-earlier-version.js');
  const map = `//# sourceMappingURL=data:application/json;charset=utf-8;base64,${NO_SOURCES.toString('base64')}`;
  writeFileSync(path, `${code}${map}\n`);
  return path;
}
