import { execFile, spawnSync } from 'node:child_process';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Set in the program that runs with mounts of its own: what it mounts is gone when it and its children have ended. */
const OWN_MOUNTS = 'TORTURE_OWN_MOUNTS';

/** How this program can get mounts of its own here: as root, or as root of a user namespace. */
const WAYS: readonly (readonly string[])[] = [
  ['unshare', '--mount'],
  ['unshare', '--user', '--map-root-user', '--mount'],
];

/** The command that gives a program mounts of its own; nothing where the machine does not allow it. */
export function ownMounts(): readonly string[] | undefined {
  const [mountable] = ['/mnt'];
  return WAYS.find(([program, ...options]) => {
    const tried = spawnSync(
      program as string,
      [...options, 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mountable as string],
      {
        stdio: 'ignore',
      },
    );
    return tried.status === 0;
  });
}

/** Environment of the program that is run with mounts of its own, and whether this is it. */
export const hasOwnMounts = (): boolean => process.env[OWN_MOUNTS] === '1';
export const withOwnMounts = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...env, [OWN_MOUNTS]: '1' });

const PIECE = Buffer.alloc(4 * 1024 * 1024);

/** A small file system in memory at a folder: what lies on it runs out of room like on a full disk. */
export class SmallDisk {
  private constructor(private readonly folder: string) {}

  /** @param folder must exist; what was in it is hidden until `close` */
  static async at(folder: string, megabytes: number): Promise<SmallDisk> {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder]);
    return new SmallDisk(folder);
  }

  /** Takes all the room there is; whatever is written after that fails with ENOSPC. */
  async fill(): Promise<void> {
    const file = await open(this.filler, 'w');
    try {
      for (;;) {
        const { bavail, bsize } = await statfs(this.folder);
        const left = Number(bavail) * Number(bsize);
        if (left === 0) return;
        await file.write(PIECE, 0, Math.min(left, PIECE.length));
      }
    } catch (error) {
      // Somebody else took the last of it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      await file.close().catch(() => undefined);
    }
  }

  async free(): Promise<void> {
    await rm(this.filler, { force: true });
  }

  async close(): Promise<void> {
    await run('umount', ['--lazy', this.folder]);
  }

  private get filler(): string {
    return join(this.folder, 'filler');
  }
}
