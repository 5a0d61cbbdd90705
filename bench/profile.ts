import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { cpuMs } from './cpu';
import { decisionContenders, type Contender } from './decisions';
import { timed, type Row } from './statistics';
import { startSystem, type RunningSystem } from './system';

const CLIENTS = 16;
const COUNT = 480;
/** Lines of each table of functions. */
const SHOWN = 25;

/**
 * Where the processor's time of a decision goes: first by process, beside the yardsticks, then by function, from
 * V8's own samples of worker and API. Of the engine and of MongoDB only the sum is known here.
 */
export async function profile(print: (title: string, rows: Row[]) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'jiugai-profile-'));
  const system = await startSystem({ profileDir: folder });
  try {
    print('Processor time a request, ms', await byProcess(system));
  } finally {
    await system.stop();
  }
  for (const file of await readdir(folder)) {
    const samples = JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile;
    print(`${file}: own time by function`, byFunction(samples));
  }
  console.log(`\nThe samples are left in ${folder}, for Chromium's developer tools.`);
}

async function byProcess(system: RunningSystem): Promise<Row[]> {
  const { contenders, stop } = await decisionContenders(system);
  const rows: Row[] = [];
  try {
    for (const contender of contenders) {
      await timed(await contender.acts(64), CLIENTS);
      rows.push(...(await cost(system, contender)));
    }
  } finally {
    await stop();
  }
  return rows;
}

async function cost(system: RunningSystem, contender: Contender): Promise<Row[]> {
  const acts = await contender.acts(COUNT);
  const processes: readonly (readonly [string, number | undefined])[] = [
    ['engine', system.temporal.pid],
    ['MongoDB', system.mongo.pid],
    ['worker', system.worker.pid],
    ['API', system.api.pid],
    ['bench itself', process.pid],
  ];
  const look = () => Promise.all(processes.map(async ([, pid]) => (pid ? cpuMs(pid) : 0)));
  const before = await look();
  const commandsBefore = await commandsOf(system);
  const { rate } = await timed(acts, CLIENTS);
  const after = await look();
  const commands = [...(await commandsOf(system))]
    .map(([name, count]) => [name, (count - (commandsBefore.get(name) ?? 0)) / COUNT] as const)
    .filter(([, each]) => each >= 0.05)
    .map(([name, each]) => `${each.toFixed(1)} ${name}`);
  return [
    { what: `${contender.name}: a second`, value: rate.toFixed(0) },
    ...processes.map(([name], n) => ({
      what: `${contender.name}: ${name}`,
      value: (((after[n] ?? 0) - (before[n] ?? 0)) / COUNT).toFixed(1),
    })),
    { what: `${contender.name}: MongoDB was asked`, value: commands.join(', ') },
  ];
}

/** How often MongoDB has carried out each command since it started. */
async function commandsOf({ store }: RunningSystem): Promise<Map<string, number>> {
  const { metrics } = (await store.connection.db?.admin().command({ serverStatus: 1 })) ?? {};
  const commands = Object.entries((metrics?.commands ?? {}) as Record<string, { total?: number }>);
  return new Map(
    commands.flatMap(([name, { total }]) => (total === undefined ? [] : [[name, Number(total)]])),
  );
}

/** What V8 writes with `--cpu-prof`; times in µs. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

function byFunction({ nodes, samples, timeDeltas }: CpuProfile): Row[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const own = new Map<string, number>();
  samples.forEach((id, n) => {
    const name = names.get(id) ?? '?';
    own.set(name, (own.get(name) ?? 0) + (timeDeltas[n] ?? 0) / 1000);
  });
  const idle = ['(idle)', '(program)', '(root)'];
  const busy = [...own].filter(([name]) => !idle.includes(name));
  const sum = busy.reduce((total, [, ms]) => total + ms, 0);
  const rows = busy.sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  return [
    { what: 'all that was sampled', value: `${sum.toFixed(0)} ms` },
    ...rows.map(([what, ms]) => ({ what, value: `${ms.toFixed(0)} ms ${((ms / sum) * 100).toFixed(1)} %` })),
  ];
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  if (!url) return functionName;
  const [, inPackage] = url.split('/node_modules/').slice(-2);
  return `${functionName || '(anonymous)'} ${inPackage ?? basename(url)}:${lineNumber + 1}`;
}
