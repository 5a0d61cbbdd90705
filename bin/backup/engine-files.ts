import { constants } from 'node:fs';
import { copyFile, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ENGINE_FILES } from './manifest';

/**
 * Lets the engine's process stand still while something is done, then lets it go on.
 *
 * While it stands nothing is accepted and nothing is written: the files are what a power cut would leave at that moment,
 * which SQLite takes up again by its write-ahead log. It goes on whatever happens here, this process's death by a signal
 * that can be caught included.
 */
export async function whileStanding<T>(pid: number, work: () => Promise<T>): Promise<T> {
  const goOn = (): void => void process.kill(pid, 'SIGCONT');
  const goOnAndEnd = (): void => {
    goOn();
    process.exit(1);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, goOnAndEnd);
  process.once('exit', goOn);
  process.kill(pid, 'SIGSTOP');
  try {
    await untilStanding(pid);
    return await work();
  } finally {
    goOn();
    process.removeListener('exit', goOn);
    for (const signal of signals) process.removeListener(signal, goOnAndEnd);
  }
}

/** A signal is delivered soon, not at once: every thread has stopped when the kernel says `T` of each. */
async function untilStanding(pid: number): Promise<void> {
  for (const until = Date.now() + 2_000; ;) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    if (/^[Tt]/.test(stat.slice(stat.lastIndexOf(')') + 2))) return;
    if (Date.now() > until) throw new Error(`process ${pid} does not stand still`);
    await pause(5);
  }
}

/** Copies the engine's database, sharing blocks where the file system can: then it takes no time. */
export async function copyEngine(from: string, to: string): Promise<void> {
  for (const name of ENGINE_FILES) {
    const source = join(from, name);
    if (!(await stat(source).catch(() => undefined))) continue;
    await copyFile(source, join(to, name), constants.COPYFILE_FICLONE);
  }
}
