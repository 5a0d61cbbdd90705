import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decide } from './deciding';
import { timed, type Row } from './statistics';
import { TASK_QUEUE, type RunningSystem } from './system';
import { openOf, takeIn } from './taken-in';

const PROJECTS = Number(process.env['BENCH_PROJECTS'] ?? 1_000);

/** Projects that wait for the end of their public notice: what each costs while nobody acts. */
export async function measureParked(system: RunningSystem): Promise<Row[]> {
  const before = await sizes(system);
  await takeIn({ ...system, taskQueue: TASK_QUEUE }, 'public-notice', PROJECTS);
  for (const kind of ['intake-confirmation', 'notice-posting']) {
    const tasks = await openOf(system.store, kind, PROJECTS);
    await timed(
      tasks.map((task) => () => decide(system, task)),
      16,
    );
  }
  await parked(system);
  const after = await sizes(system);
  const each = (of: (size: Sizes) => number): string =>
    `${((of(after) - of(before)) / PROJECTS / 1024).toFixed(1)} KB`;
  return [
    {
      what: `a project parked at public notice (of ${PROJECTS}): worker memory`,
      value: each(({ worker }) => worker),
    },
    { what: 'a project parked at public notice: MongoDB', value: each(({ mongo }) => mongo) },
    { what: 'a project parked at public notice: SQLite', value: each(({ sqlite }) => sqlite) },
  ];
}

interface Sizes {
  readonly worker: number;
  readonly mongo: number;
  readonly sqlite: number;
}

async function sizes({ worker, store, temporal }: RunningSystem): Promise<Sizes> {
  const status = await readFile(`/proc/${worker.pid}/status`, 'utf8');
  const rss = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  const stats = await store.tasks.model.db.db?.stats();
  const files = await Promise.all(
    ['temporal.sqlite', 'temporal.sqlite-wal'].map((name) =>
      stat(join(temporal.dataDir, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return {
    worker: rss,
    mongo: Number(stats?.['dataSize'] ?? 0) + Number(stats?.['indexSize'] ?? 0),
    sqlite: files.reduce((sum, size) => sum + size, 0),
  };
}

async function parked({ store }: RunningSystem): Promise<void> {
  for (;;) {
    const waiting = await store.steps.model.countDocuments({
      step: 'public-notice',
      'waits.0': { $exists: true },
    });
    if (waiting >= PROJECTS) return;
    await new Promise((done) => setTimeout(done, 200));
  }
}
