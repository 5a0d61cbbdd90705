import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PinnedProgram } from './programs';
import { proveProgram } from './prove';
import type { Search } from './rung';

const SCRATCH = 'fetching-';

/** Where the cache keeps a program; the version in the name lets several live side by side. */
export function cachedPath(cacheDir: string, program: PinnedProgram): string {
  return join(cacheDir, `${program.name}-${program.version}`, program.name);
}

/** Runs `work` with a fresh folder inside the cache (same disk, so that a rename is atomic), removed afterwards. */
export async function inScratchFolder<T>(cacheDir: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(cacheDir, { recursive: true });
  await forgetOldScratch(cacheDir);
  const folder = await mkdtemp(join(cacheDir, SCRATCH));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what a killed download left behind a day or more ago; younger ones may belong to another process. */
async function forgetOldScratch(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    if (!name.startsWith(SCRATCH)) continue;
    const folder = join(cacheDir, name);
    const age = await stat(folder).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > 86_400_000) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Puts the program found somewhere under `unpacked` into the cache, after checking its sum and running it once.
 * The last step is a rename, so another process sees the whole program or none.
 *
 * @returns the program's path in the cache and its version.
 * @throws Error when it is not there, not the pinned one, or does not run here.
 */
export async function installFrom(
  unpacked: string,
  { program, cacheDir }: Search,
): Promise<{ path: string; version: string }> {
  const entries = await readdir(unpacked, { recursive: true, withFileTypes: true });
  const found = entries.find((entry) => entry.isFile() && entry.name === program.name);
  if (!found) throw new Error(`there is no ${program.name} in it`);
  const file = join(found.parentPath, found.name);
  await expectSha256(file, program.sha256);
  await chmod(file, 0o755);

  const path = cachedPath(cacheDir, program);
  const half = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await mkdir(join(path, '..'), { recursive: true });
  try {
    await rename(file, half).catch(() => copyFile(file, half));
    const version = await proveProgram(half, program);
    await rename(half, path);
    return { path, version };
  } finally {
    await rm(half, { force: true });
  }
}

/** @throws Error when the file's SHA-256 (hex) differs from the pinned one. */
export async function expectSha256(file: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const actual = hash.digest('hex');
  if (actual !== sha256) {
    throw new Error(`its checksum is ${actual.slice(0, 12)}…, not the pinned ${sha256.slice(0, 12)}…`);
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
