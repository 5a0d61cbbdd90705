import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

const REPOSITORY = dirname(dirname(__dirname));
const WEB = join(REPOSITORY, 'web');

/** Where the API serves them from. */
export const BUILT_PAGES = join(WEB, 'dist');

/** Says of which sources a build is. */
const STAMP = '.sources';

/** Of the pages' sources, and of the packages that are built into them. */
export function sourcesHash(): string {
  const hash = createHash('sha256').update(readFileSync(join(REPOSITORY, 'package-lock.json')));
  const files = readdirSync(WEB, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(WEB, file).startsWith('dist'));
  for (const file of files.sort()) hash.update(relative(WEB, file)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

export function arePagesFresh(): boolean {
  const stamp = join(BUILT_PAGES, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourcesHash();
}

/**
 * Builds the pages unless they are built already. In a process of its own, so that whoever starts servers meanwhile is
 * not kept waiting; put in place whole, so that whoever reads meanwhile reads the old or the new.
 * @throws Error with Vite's own words
 */
export async function buildPages(say: (line: string) => void): Promise<void> {
  if (arePagesFresh()) return;
  const hash = sourcesHash();
  const began = Date.now();
  say('The pages are being built');
  await mkdir(join(REPOSITORY, '.data'), { recursive: true });
  const out = await mkdtemp(join(REPOSITORY, '.data', 'pages-'));
  try {
    await vite(out);
    await writeFile(join(out, STAMP), hash);
    // Whoever built them at the same time has built the same.
    await rm(BUILT_PAGES, { recursive: true, force: true });
    await rename(out, BUILT_PAGES).catch((error: unknown) => {
      if (!arePagesFresh()) throw error;
    });
  } finally {
    await rm(out, { recursive: true, force: true });
  }
  say(`The pages are built after ${((Date.now() - began) / 1_000).toFixed(1)} s`);
}

function vite(out: string): Promise<void> {
  const program = join(REPOSITORY, 'node_modules/vite/bin/vite.js');
  if (!existsSync(program)) {
    throw new Error('The pages cannot be built: npm ci has installed no packages for development.');
  }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'build', WEB, '--logLevel', 'error'], {
      env: { ...process.env, JIUGAI_WEB_OUT: out, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (part: Buffer) => (said += part.toString()));
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The pages could not be built:\n${said}`));
    });
  });
}
