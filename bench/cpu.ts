import { readFile } from 'node:fs/promises';

/** Clock ticks a second in which Linux counts a process's time; the same on every machine in use. */
const TICKS = 100;

/** Processor time that a process has used since it began, user and system, ms. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the program may hold spaces; what is counted comes after its parenthesis.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1000;
}
