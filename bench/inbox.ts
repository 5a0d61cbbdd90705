import type { TaskRow } from '../store/tasks';
import { cityHousing } from './decisions';
import { percentile, timed, type Row } from './statistics';
import type { RunningSystem } from './system';

const READS = 1_000;
/** More by hand: `BENCH_INBOX_TASKS=1000000 npm run bench inbox` takes ten minutes. */
const MANY = Number(process.env['BENCH_INBOX_TASKS'] ?? 100_000);
const BATCH = 5_000;

/** The first page of one officer's inbox with 1,000 and with many open tasks of theirs. */
export async function measureInbox(system: RunningSystem): Promise<Row[]> {
  const token = await system.token(cityHousing(system));
  const account = system.accounts.find(({ username }) => username === cityHousing(system));
  const organisation = account?.organisation ?? '';
  const read = async (): Promise<void> => {
    const answer = await fetch(`${system.url}/api/v1/tasks?mine=true&status=open&limit=50`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { items } = (await answer.json()) as { items: unknown[] };
    if (items.length !== 50) throw new Error(`the inbox shows ${items.length} tasks`);
  };
  const reads = async (): Promise<readonly number[]> => {
    // What filling it left to be written is no officer's wait.
    await system.store.connection.getClient().db('admin').command({ fsync: 1 });
    await timed(
      Array.from({ length: 30 }, () => read),
      1,
    );
    const { each } = await timed(
      Array.from({ length: READS }, () => read),
      1,
    );
    return each;
  };
  await insertTasks(system, organisation, 0, 1_000);
  const small = await reads();
  await insertTasks(system, organisation, 1_000, MANY);
  const large = await reads();
  await deleteTasks(system, MANY);
  const at = (of: readonly number[]): string =>
    `p50 ${percentile(of, 0.5).toFixed(1)}, p99 ${percentile(of, 0.99).toFixed(1)} ms`;
  return [
    { what: 'inbox, first page with 1,000 open tasks', value: at(small) },
    { what: `inbox, first page with ${MANY} open tasks`, value: at(large), aim: 'p50 ≤ 10 ms' },
    {
      what: 'ratio of p99',
      value: (percentile(large, 0.99) / percentile(small, 0.99)).toFixed(2),
      aim: '< 2',
    },
  ];
}

export async function insertTasks(
  { store }: RunningSystem,
  organisation: string,
  from: number,
  to: number,
): Promise<void> {
  for (let batch = from; batch < to; batch += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, to - batch) }, (_, n) => row(organisation, batch + n));
    await store.tasks.model.insertMany(rows, { ordered: false, lean: true });
  }
}

/** In parts, as they came: each index gives up its entries, and no command may take longer than the client waits. */
async function deleteTasks({ store }: RunningSystem, count: number): Promise<void> {
  for (let batch = 0; batch < count; batch += BATCH) {
    const ids = Array.from({ length: BATCH }, (_, n) => idOf(batch + n));
    await store.tasks.model.deleteMany({ _id: { $in: ids } });
  }
}

const idOf = (n: number): string => `bench.inbox.${n}`;

function row(organisation: string, n: number): TaskRow {
  const dueAt = new Date(Date.UTC(2027, 0, 1) + ((n * 7919) % 400) * 86_400_000).toISOString();
  return {
    _id: idOf(n),
    workflowId: `bench/inbox/${n}`,
    kind: 'control-consent',
    title: '样例',
    step: 'control',
    round: 1,
    projectId: 'bench-inbox',
    seat: { body: 'housing', level: 'city' },
    organisation,
    notBy: [],
    status: 'open',
    context: { act: 'withdrawal', title: '样例', reason: '样例', form: {}, by: 'bench' },
    assignedAt: '2026-11-01T00:00:00.000Z',
    overdue: false,
    suspended: false,
    seq: 1,
    dueAt,
  };
}
