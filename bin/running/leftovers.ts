import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { waitUntil } from './waiting';

/**
 * The mark in the environment of every process that a start begins: the data folder it works on. Environments pass to
 * children and cannot be changed from outside, so a marked process is ours, whatever became of its parent, and one
 * whose number was given to a stranger is not.
 */
export const MARK = 'JIUGAI_CHILD_OF';

export interface MarkedProcess {
  readonly pid: number;
  /** The program's file name, such as `mongod`. */
  readonly program: string;
  /** When it began, in the kernel's ticks since boot: with the pid it names one process for ever. */
  readonly startedAt: string;
}

/** All processes that work on this data folder for a start, this process excepted. Linux only: elsewhere none. */
export async function markedProcesses(dataDir: string): Promise<MarkedProcess[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => markedProcess(Number(pid), dataDir)));
  return found.filter((one) => one !== undefined);
}

async function markedProcess(pid: number, dataDir: string): Promise<MarkedProcess | undefined> {
  if (pid === process.pid) return undefined;
  try {
    const environment = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
    if (!environment.includes(`${MARK}=${dataDir}`)) return undefined;
    const program = basename(await readlink(`/proc/${pid}/exe`));
    // The second field is the name in brackets and may hold spaces; the start time is field 22.
    const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ');
    return { pid, program, startedAt: stat?.[19] ?? '' };
  } catch {
    return undefined; // it ended meanwhile, or belongs to another user
  }
}

/**
 * Stops every process that an earlier start left behind on this data folder and waits for its end, so that there are
 * never two servers on the same data.
 *
 * @param graceMs how long they may take to end by themselves before they are killed
 * @throws Error when one of them does not end even so.
 */
export async function stopLeftovers(
  dataDir: string,
  say: (line: string) => void,
  graceMs = 15_000,
): Promise<void> {
  const left = await markedProcesses(dataDir);
  if (left.length === 0) return;
  const names = left.map(({ program, pid }) => `${program} (pid ${pid})`).join(', ');
  say(`Stopping what an earlier start left behind: ${names}`);
  const gone = async (): Promise<boolean> => (await markedProcesses(dataDir)).length === 0;
  await signalThose(left, dataDir, 'SIGTERM');
  await waitUntil('the orderly end', gone, { withinMs: graceMs }).catch(async () => {
    await signalThose(left, dataDir, 'SIGKILL');
    await waitUntil(`The end of ${names}`, gone, { withinMs: 5_000 });
  });
}

async function signalThose(
  processes: readonly MarkedProcess[],
  dataDir: string,
  signal: NodeJS.Signals,
): Promise<void> {
  for (const { pid, startedAt } of processes) {
    if ((await markedProcess(pid, dataDir))?.startedAt !== startedAt) continue;
    try {
      process.kill(pid, signal);
    } catch {
      // it ended by itself
    }
  }
}
