import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, rename, statfs, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { asRefusal, diskFull, StartRefused } from './refused';

/** Raised when the layout of the data folder changes so that an older program must not touch it. */
export const DATA_VERSION = 1;

/** Below this the databases would soon stop in the middle of a write. */
const NEEDED_MEGABYTES = 300;

export interface DataFolder {
  /** Absolute, links resolved. */
  readonly path: string;
  /** Lets another start have the folder. */
  release(): Promise<void>;
}

/**
 * Makes the data folder ready and takes it for this process alone.
 *
 * @param needed megabytes that must be free on its disk
 * @throws StartRefused when it is in use, of a newer version, cannot be written to, or its disk is full.
 */
export async function claimDataFolder(dataDir: string, needed = NEEDED_MEGABYTES): Promise<DataFolder> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const path = await realpath(dataDir);
    await chmod(path, 0o700);
    const lock = await lockFolder(path);
    try {
      await refuseNewerVersion(path);
      await refuseFullDisk(path, needed);
      await Promise.all(
        ['mongodb', 'temporal', 'logs'].map((name) => mkdir(join(path, name), { recursive: true })),
      );
      await writeWhole(join(path, 'version'), `${DATA_VERSION}\n`);
      await writeWhole(join(path, 'start.pid'), `${process.pid}\n`);
    } catch (error) {
      lock.close();
      throw error;
    }
    return { path, release: () => new Promise((resolve) => lock.close(() => resolve())) };
  } catch (error) {
    throw asRefusal(error, dataDir);
  }
}

/**
 * The lock is a socket name of the kernel's: only one process can hold it, and it is gone with that process however
 * it ends, so that there is no stale lock to judge.
 */
async function lockFolder(path: string): Promise<Server> {
  const name = `\0jiugai:${createHash('sha256').update(path).digest('hex')}`;
  const lock = createServer((socket) => socket.destroy());
  const taken = await new Promise<boolean>((resolve, reject) => {
    lock.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(true) : reject(error),
    );
    lock.listen(name, () => resolve(false));
  });
  if (!taken) return lock.unref();
  const pid = (await readFile(join(path, 'start.pid'), 'utf8').catch(() => '')).trim();
  throw new StartRefused(
    `The data folder ${path} is in use by another start${pid ? ` (pid ${pid})` : ''}: stop that one first, or choose another folder with JIUGAI_DATA_DIR (and other ports).`,
  );
}

async function refuseNewerVersion(path: string): Promise<void> {
  const written = (await readFile(join(path, 'version'), 'utf8').catch(() => String(DATA_VERSION))).trim();
  if (Number(written) <= DATA_VERSION) return;
  throw new StartRefused(
    `The data folder ${path} has version ${written} and this program knows versions up to ${DATA_VERSION}: start the newer program that wrote it, or choose another folder with JIUGAI_DATA_DIR.`,
  );
}

async function refuseFullDisk(path: string, needed: number): Promise<void> {
  const free = await freeMegabytes(path);
  if (free < needed) throw new StartRefused(diskFull(path, free));
}

/** Says once each time that the disk becomes too full while the system runs. */
export function watchDisk(path: string, say: (line: string) => void): NodeJS.Timeout {
  let low = false;
  const look = async (): Promise<void> => {
    const free = await freeMegabytes(path).catch(() => Infinity);
    if (free < NEEDED_MEGABYTES && !low) say(diskFull(path, free));
    low = free < NEEDED_MEGABYTES;
  };
  return setInterval(() => void look(), 30_000).unref();
}

async function freeMegabytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return Math.floor((bavail * bsize) / 1e6);
}

async function writeWhole(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
