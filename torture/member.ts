import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Child, type Part } from '../bin/running/child';
import { waitUntil } from '../bin/running/waiting';

/** A run that is itself killed leaves nothing behind. */
const DIES_WITH_PARENT = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL'] : [];
/** The adversary comes back soon: a pause that grows to a quarter of a minute would spare whom it has hit. */
const LONGEST_PAUSE_MS = 1_500;

/** A process of the fleet: kept up by the house's own supervisor, and hit by the adversary. */
export class Member {
  private readonly child: Child;
  private ready: { readonly pid: number | undefined; readonly at: number } | undefined;
  private frozen: number | undefined;

  constructor(part: Part, say: (line: string) => void) {
    const watched: Part = {
      ...part,
      command: [...DIES_WITH_PARENT, ...part.command],
      longestPauseMs: LONGEST_PAUSE_MS,
      ready: async () => {
        const { pid } = this.child;
        await part.ready();
        // Another may have been started meanwhile, which has yet to say so itself.
        if (pid === this.child.pid) this.ready = { pid, at: Date.now() };
      },
    };
    this.child = new Child(watched, say);
  }

  get logFile(): string {
    return this.child.part.logFile;
  }

  /** When the process that runs now began to work, ms since 1970; nothing while it does not. */
  get readyAt(): number | undefined {
    return this.child.runs && this.ready?.pid === this.child.pid ? this.ready?.at : undefined;
  }

  start(): Promise<void> {
    return this.child.start();
  }

  /** Sends a signal to the process as it is now. Answers whether there was one. */
  signal(signal: NodeJS.Signals): boolean {
    const { pid } = this.child;
    if (pid === undefined || !this.child.runs) return false;
    return isSent(pid, signal);
  }

  /** Stops it in the middle of what it does, until `thaw`. */
  freeze(): boolean {
    const isDone = this.signal('SIGSTOP');
    if (isDone) this.frozen = this.child.pid;
    return isDone;
  }

  /** Lets it go on, if it is still the process that was stopped. */
  thaw(): void {
    if (this.frozen !== undefined && this.frozen === this.child.pid) this.signal('SIGCONT');
    this.frozen = undefined;
  }

  /** @throws Error when it does not work (again) in time. */
  async works(withinMs: number): Promise<void> {
    const does = async (): Promise<boolean> => this.readyAt !== undefined;
    await waitUntil(`${this.child.part.title} works`, does, { withinMs });
  }

  async end(): Promise<void> {
    this.child.kill();
    const isGone = async (): Promise<boolean> => !this.child.runs;
    await waitUntil(`the end of ${this.child.part.title}`, isGone, { withinMs: 10_000 });
  }
}

function isSent(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // it ended by itself this moment
  }
}

/** How one knows that a process works that says so in its log: it has not begun to write when this is asked. */
export function saysReady(logFile: string): () => Promise<void> {
  return async () => {
    const { size: before } = await stat(logFile).catch(() => ({ size: 0 }));
    const says = async (): Promise<boolean> => {
      const log = await readFile(logFile).catch(() => Buffer.alloc(0));
      return log.subarray(before).includes('"ready":true');
    };
    await waitUntil(`${logFile} does not say that it is ready`, says, { withinMs: 90_000, everyMs: 100 });
  };
}
