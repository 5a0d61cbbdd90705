import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { StartRefused } from './refused';
import { sleep } from './waiting';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** A child that ran this long was well: the next pause is the first again. */
const WELL_AFTER_MS = 60_000;
const LARGEST_LOG_BYTES = 20_000_000;

/** One process of the system: how it is run and how one knows that it works. */
export interface Part {
  /** As a person would call it, such as `MongoDB`. */
  readonly title: string;
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Takes what it prints. */
  readonly logFile: string;
  /** How long it may take to stop before it is killed, in ms. */
  readonly stopWithinMs: number;
  /** Pause at most before it is started again when it ends again and again, in ms; 15 s by default. */
  readonly longestPauseMs?: number;
  /** Resolves when it does its work; rejects when it does not in time. */
  ready(): Promise<void>;
}

/** Runs a part, and runs it again whenever it ends without having been told to. */
export class Child {
  private process: ChildProcess | undefined;
  private ended: Promise<string> = Promise.resolve('');
  private stopping = false;
  private pause = FIRST_PAUSE_MS;

  constructor(
    readonly part: Part,
    private readonly say: (line: string) => void,
  ) {}

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Whether it runs at this moment: it may be between two starts. */
  get runs(): boolean {
    return this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  /** @throws StartRefused with the end of its log when it ends before it is ready, or is not ready in time. */
  async start(): Promise<void> {
    await makeRoom(this.part.logFile);
    // Told to stop in that moment: a process that began now would be left behind.
    if (this.stopping) throw new StartRefused('The start was broken off.');
    const end = this.spawn();
    await Promise.race([
      this.part.ready().catch((error: Error) => this.refuse(error.message)),
      end.then((how) => this.refuse(`it ended at once (${how})`)),
    ]);
    void this.watch();
  }

  /** Ends it in good order; kills it when that takes too long. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.process?.kill('SIGTERM');
    const inTime = await Promise.race([
      this.ended.then(() => true),
      // The child itself keeps this process alive until it has ended; the clock must not, afterwards.
      pause(this.part.stopWithinMs, false, { ref: false }),
    ]);
    if (inTime) return;
    this.say(`${this.part.title} did not stop within ${this.part.stopWithinMs / 1000} s and is killed.`);
    this.kill();
    await this.ended;
  }

  kill(): void {
    this.stopping = true;
    this.process?.kill('SIGKILL');
  }

  private spawn(): Promise<string> {
    const [program, ...args] = this.part.command;
    const log = openSync(this.part.logFile, 'a', 0o600);
    // A session of its own: Ctrl-C in the terminal reaches only the parent, which stops its children in order.
    const child = spawn(program as string, args, {
      env: this.part.env,
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.process = child;
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    return this.ended;
  }

  private async watch(): Promise<void> {
    for (let began = Date.now(); ; began = Date.now()) {
      const how = await this.ended;
      if (this.stopping) return;
      if (Date.now() - began > WELL_AFTER_MS) this.pause = FIRST_PAUSE_MS;
      this.say(`${this.part.title} ended (${how}) and is started again in ${this.pause / 1000} s.`);
      await sleep(this.pause);
      this.pause = Math.min(this.pause * 2, this.part.longestPauseMs ?? LONGEST_PAUSE_MS);
      if (this.stopping) return;
      const end = this.spawn();
      const works = this.part.ready().then(
        () => `${this.part.title} works again.`,
        (error: Error) => `${this.part.title} runs but does not work: ${error.message}`,
      );
      const line = await Promise.race([works, end.then(() => undefined)]);
      if (line !== undefined && !this.stopping) this.say(line);
    }
  }

  private async refuse(reason: string): Promise<never> {
    const tail = await lastLines(this.part.logFile);
    throw new StartRefused(
      `${this.part.title} could not be started: ${reason}. Its log is ${this.part.logFile}${tail ? `, which ends:\n${tail}` : '.'}`,
    );
  }
}

/** Keeps one older log, so that logs never fill the disk. */
async function makeRoom(logFile: string): Promise<void> {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LARGEST_LOG_BYTES) await rename(logFile, `${logFile}.1`);
}

async function lastLines(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, 8_000);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.toString('utf8').trimEnd().split('\n').slice(-6);
    return lines.map((line) => `  ${line.slice(0, 300)}`).join('\n');
  } finally {
    await handle.close();
  }
}
