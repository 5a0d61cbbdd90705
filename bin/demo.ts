/**
 * `npm run demo`: walks a real plan through a rehearsal, over HTTP only, every seat acting: from registering the
 * communities to property management, with what goes wrong on the way. Ends with the record verified; the exit code is
 * 1 when a project did not come to its expected end.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultText } from '../domain/record/fault';
import { cacheDirOf } from '../worker/create';
import { readConfiguration } from './configuration';
import { showEnding } from './demo/ending';
import { perform } from './demo/perform';
import { startRehearsal, type Rehearsal } from './rehearsal/start';
import { StartRefused } from './running/refused';
import { ServerMissing } from './servers/locate';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Plays on free ports and in a folder of its own, so that it disturbs nothing, and returns the exit code. */
export async function demo(env: NodeJS.ProcessEnv): Promise<number> {
  const began = Date.now();
  let folder: string | undefined;
  let rehearsal: Rehearsal | undefined;
  const stopped = stopRequest();
  try {
    const { dataDir } = readConfiguration(env);
    folder = await mkdtemp(join(tmpdir(), 'jiugai-demo-'));
    const ports = { port: 0, mongodbPort: 0 };
    rehearsal = await startRehearsal({ dataDir: folder, ...ports, env, cacheDir: cacheDirOf(dataDir), say });
    say(
      `A rehearsal runs (${seconds(began)} s). 样例: but for the published figures of the plan, nothing is real.\n`,
    );
    const broken = rehearsal.broken.then((how): never => {
      throw new StartRefused(`The demonstration was broken off. ${how}`);
    });
    broken.catch(() => undefined);
    const faults = await Promise.race([play(rehearsal), broken, stopped]);
    if (faults === 'stop') return 1;
    for (const fault of faults) console.error(`  ✗ ${fault}`);
    say(
      `\n${faults.length === 0 ? 'All as expected' : `${faults.length} not as expected`}, after ${seconds(began)} s.`,
    );
    return faults.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(error instanceof StartRefused || error instanceof ServerMissing ? error.message : error);
    return 1;
  } finally {
    await rehearsal?.stop();
    if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function play(rehearsal: Rehearsal): Promise<string[]> {
  const performance = await perform(rehearsal, say);
  say(`\n${performance.tasksDone} tasks done by ${performance.people} people`);
  const faults = await showEnding(performance, rehearsal.now(), say);
  const { workflows, events, faults: broken } = await rehearsal.verify();
  say(
    `\nThe record: ${events} events in the chains of ${workflows} workflows, each link, signature and head held against the engine`,
  );
  say(broken.length === 0 ? '  ✓ verified' : `  ✗ ${broken.length} faults`);
  return [...faults, ...broken.map(faultText)];
}

/** Resolves with the first signal, so that the servers are stopped in order. */
function stopRequest(): Promise<'stop'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve('stop'));
  });
}

function seconds(began: number): string {
  return ((Date.now() - began) / 1_000).toFixed(0);
}
