import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommunityPlan } from '../domain/plan';
import { workflowOfTask } from '../domain/task';
import type { ProjectStart } from '../domain/project';
import { signedDecision } from '../api/engine/sign';
import { sealedStart } from '../keys/starts';
import type { Seat } from '../policy/keys';
import { linyi } from '../policy/linyi';
import { policySnapshot } from '../policy/snapshot';
import { completeTaskUpdate } from '../workflows/messages';
import { taskKinds } from '../domain/forms';
import { civilDate } from '../domain/calendar';
import { holidayCalendar } from '../policy/holidays';
import type { Json } from '../domain/events';
import { timed, type Row } from './statistics';
import { TASK_QUEUE, type RunningSystem } from './system';

const PROJECTS = Number(process.env['BENCH_PROJECTS'] ?? 1_000);
const COUNTY = '371302';

/** Projects that wait for the end of their public notice: what each costs while nobody acts. */
export async function measureParked(system: RunningSystem): Promise<Row[]> {
  const before = await sizes(system);
  const starts = Array.from({ length: PROJECTS }, (_, n) => startOf(n));
  const run = (acts: (() => Promise<unknown>)[]) => timed(acts, 16);
  await run(
    starts.map(
      (start) => () =>
        system.client.workflow.start('renovationProject', {
          workflowId: `project/${start.projectId}`,
          taskQueue: TASK_QUEUE,
          args: sealedStart(`project/${start.projectId}`, 'renovationProject', start, {
            identity: system.signer,
            now: Date.now(),
          }),
        }),
    ),
  );
  for (const kind of ['intake-confirmation', 'notice-posting']) {
    const tasks = await openTasks(system, kind);
    await run(tasks.map((task) => () => decide(system, task)));
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

interface OpenTask {
  readonly _id: string;
  readonly kind: string;
  readonly organisation: string;
  readonly round: number;
  readonly seat: Seat;
  readonly context: Json;
}

async function openTasks({ store }: RunningSystem, kind: string): Promise<OpenTask[]> {
  for (;;) {
    const rows = await store.tasks.model
      .find({ kind, status: 'open', projectId: /-bench$/ })
      .lean<OpenTask[]>();
    if (rows.length >= PROJECTS) return rows;
    await new Promise((done) => setTimeout(done, 200));
  }
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

async function decide({ client, signer }: RunningSystem, task: OpenTask): Promise<void> {
  const now = Date.now();
  const moment = { now, today: civilDate(now), calendar: holidayCalendar };
  const form = taskKinds[task.kind]?.example(task.context as never, moment) as unknown as Json;
  const updateId = randomUUID();
  const by = { user: 'bench-2', organisation: task.organisation };
  const decision = { taskId: task._id, form, by, bodyHash: task._id };
  await client.workflow.getHandle(workflowOfTask(task._id)).executeUpdate(completeTaskUpdate, {
    updateId,
    args: [signedDecision(signer, { ...task, id: task._id }, decision, updateId, now)],
  });
}

function startOf(n: number): ProjectStart {
  const id = `bench-${n}`;
  const plan: CommunityPlan = {
    communityId: id,
    items: [{ no: 1, chosen: true, budgetFen: 100_000_00 }],
    otherCosts: [],
    budgetFen: 100_000_00,
    funding: [{ source: 'county', amountFen: 100_000_00 }],
    income: [],
    newBuildings: [],
    changesCommonUse: false,
  };
  const place = {
    community: id,
    city: linyi.city.code,
    county: COUNTY,
    subdistrict: `${COUNTY}-s1`,
    neighbourhood: `${COUNTY}-n1`,
  };
  return {
    projectId: `${COUNTY}-2028-${String(n).padStart(4, '0')}-bench`,
    name: `样例项目 ${n}`,
    city: linyi.city.code,
    county: COUNTY,
    year: 2028,
    communities: [{ id, name: `样例小区 ${n}`, place, households: 120, buildings: 4, floorArea: 11_700 }],
    policy: policySnapshot(linyi),
    startedBy: { user: 'bench-1', organisation: `${COUNTY}-housing` },
    intake: {
      enterAt: 'public-notice',
      bindings: {},
      documents: [],
      outputs: {
        'needs-collection': { communities: [id], surveys: [], items: [1], managementMode: 'subdistrict' },
        'preliminary-plan': {
          plan: { communities: [plan], mode: 'government-guided', members: [] },
          owner: `${COUNTY}-housing`,
        } as never,
      },
    },
  };
}
