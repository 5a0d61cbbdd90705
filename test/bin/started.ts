import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { markedProcesses } from '../../bin/running/leftovers';
import { freePort } from '../../bin/running/ports';
import { waitUntil } from '../../bin/running/waiting';

export interface Ports {
  readonly PORT: string;
  readonly TEMPORAL_PORT: string;
  readonly TEMPORAL_UI_PORT: string;
  readonly MONGODB_PORT: string;
}

export async function freePorts(): Promise<Ports> {
  const [api, temporal, ui, mongo] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  return {
    PORT: String(api),
    TEMPORAL_PORT: String(temporal),
    TEMPORAL_UI_PORT: String(ui),
    MONGODB_PORT: String(mongo),
  };
}

/** A start in a process of its own, as a person would see it. */
export class Started {
  private printed = '';
  private readonly process: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(readonly env: NodeJS.ProcessEnv) {
    const script = join(__dirname, 'stand-ins', 'start.ts');
    const { TEMPORAL_ADDRESS: _temporal, MONGODB_URI: _mongodb, ...own } = process.env;
    this.process = spawn(process.execPath, ['--import', 'tsx', script], { env: { ...own, ...env } });
    this.process.stdout?.on('data', (chunk) => (this.printed += chunk));
    this.process.stderr?.on('data', (chunk) => (this.printed += chunk));
    this.ended = new Promise((resolve) => this.process.once('close', (code) => resolve(code)));
  }

  get output(): string {
    return this.printed;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Waits for words in what it prints; fails with all it printed when they do not come. */
  async says(words: RegExp, withinMs = 20_000): Promise<void> {
    let ended = false;
    void this.ended.then(() => (ended = true));
    await waitUntil('the words', async () => words.test(this.printed) || ended, { withinMs }).catch(
      () => undefined,
    );
    if (!words.test(this.printed)) throw new Error(`It never said ${words}:\n${this.printed}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }
}

export type PartName = 'worker' | 'api' | 'temporal' | 'mongod';

/** Process ids of the parts that run on a data folder. */
export async function partPids(dataDir: string): Promise<Partial<Record<PartName, number>>> {
  const pids: Partial<Record<PartName, number>> = {};
  for (const { pid } of await markedProcesses(dataDir)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const name = /(worker|api)\.mjs|\/(temporal|mongod)\0/.exec(command);
    const part = (name?.[1] ?? name?.[2]) as PartName | undefined;
    if (part) pids[part] = pid;
  }
  return pids;
}
