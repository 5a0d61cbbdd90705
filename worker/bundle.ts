import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { FAILURE_CONVERTER } from '../keys/data-converter';

const REPOSITORY = resolve(__dirname, '..');

/** What workflow code is made of: the folders that it may import, the versions of its packages, and how it is bundled. */
const SOURCES = [
  'workflows',
  'domain',
  'policy',
  'watching/causes.ts',
  relative(REPOSITORY, FAILURE_CONVERTER),
  'package-lock.json',
  relative(REPOSITORY, __filename),
];
/** A bundle that nothing has asked for this long is removed; a worker may be started again on one long after another. */
const UNUSED_MS = 7 * 24 * 60 * 60 * 1000;

/** Loaded once for all workflows of a worker instead of once for each. */
export const PRELOADED: readonly string[] = [join(REPOSITORY, 'workflows', 'preloaded.ts')];

/** What stands between the engine and every workflow. */
const INTERCEPTORS = ['led-by-a-task.ts', 'leave-an-event.ts', 'carry-trace.ts'].map((name) =>
  join(REPOSITORY, 'workflows', name),
);

export interface BundleOptions {
  /** Folder that keeps bundles from one start to the next. */
  readonly cacheDir: string;
  /** Entry file that exports the workflows; `workflows/index.ts` by default. */
  readonly workflowsPath?: string;
  /** Modules with further interceptors for what runs the bundle; none for a worker. */
  readonly interceptors?: readonly string[];
}

/**
 * Path of the bundled workflow code. Bundling takes seconds, so a bundle is kept under the hash of its sources and
 * made anew only when one of them has changed.
 */
export async function bundleWorkflows(options: BundleOptions): Promise<string> {
  const workflowsPath = options.workflowsPath ?? join(REPOSITORY, 'workflows', 'index.ts');
  const interceptors = options.interceptors ?? [];
  const folder = join(options.cacheDir, 'workflow-bundles');
  const codePath = join(folder, `${await hashOfSources([workflowsPath, ...interceptors])}.js`);
  if (existsSync(codePath)) {
    // In an image nothing may be written, and nothing is ever removed.
    await utimes(codePath, new Date(), new Date()).catch(() => undefined);
    return codePath;
  }
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [...INTERCEPTORS, ...interceptors],
    preloadModules: [...PRELOADED],
    failureConverterPath: FAILURE_CONVERTER,
    logger: SILENT,
  });
  await mkdir(folder, { recursive: true });
  // Renamed into place: another process never reads half a bundle.
  const partial = `${codePath}.${process.pid}`;
  await writeFile(partial, code);
  await rename(partial, codePath);
  await removeUnused(folder);
  return codePath;
}

async function hashOfSources(entries: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const files = (await Promise.all(SOURCES.map((source) => filesIn(join(REPOSITORY, source))))).flat();
  for (const file of [...files, ...entries].sort()) {
    hash.update(relative(REPOSITORY, file)).update('\0');
    hash.update(await readFile(file)).update('\0');
  }
  return hash.digest('hex').slice(0, 32);
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined);
  if (!entries) return existsSync(path) ? [path] : [];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function removeUnused(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > UNUSED_MS) await rm(path, { force: true });
  }
}

const nothing = (): void => undefined;
const SILENT = {
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
