import { BadCursor } from '../../store/cursor';
import type { Store } from '../../store/connect';
import { conditionOf, taskRow, type TaskFilter } from '../../store/tasks';
import { withStore } from '../support/store';
import { task } from './sample-record';

let store: Store;

const ORGANISATIONS = ['371302-s1', '371302-s2', '371302-housing'];
const due = (minute: number) => new Date(Date.UTC(2027, 1, 1) + minute * 60_000).toISOString();

withStore((opened) => (store = opened));
beforeAll(async () => {
  const rows = Array.from({ length: 3_000 }, (_, n) => {
    const workflowId = `project/371302-2027-${String(n % 40).padStart(4, '0')}/public-notice/1`;
    const base = task(workflowId, n);
    return taskRow(
      {
        ...base,
        projectId: `371302-2027-${String(n % 40).padStart(4, '0')}`,
        organisation: ORGANISATIONS[n % 3] ?? '',
        ...(n % 7 === 0 ? { paperBy: '371300-housing' } : {}),
        kind: n % 2 === 0 ? 'notice-posting' : 'objection-answer',
        status: n % 5 === 0 ? 'completed' : 'open',
        overdue: n % 11 === 0,
        // Many fall due at the same instant: the order must still be total.
        ...(base.due ? { due: { ...base.due, at: due(n % 17) } } : {}),
      },
      1,
    );
  });
  await store.tasks.model.collection.insertMany(rows as never);
}, 60_000);

async function allPages(filter: TaskFilter): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.tasks.list({ ...filter, limit: 200, ...(cursor ? { cursor } : {}) });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
}

test('paging through the inbox gives every task once, by due date', async () => {
  const filter = { status: 'open', organisations: ['371302-s1', '371302-s2'] } as const;
  const ids = await allPages(filter);
  const expected = await store.tasks.model.countDocuments(conditionOf(filter));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(expected);
  const dues = await Promise.all(
    ids.slice(0, 300).map(async (id) => (await store.tasks.find(id))?.due?.at ?? ''),
  );
  expect(dues).toEqual([...dues].sort());
});

test('the inbox of an organisation that may record paper decisions holds these too', async () => {
  const filter = { status: 'open', organisations: ['371300-housing'], orPaperBy: true } as const;
  const ids = await allPages(filter);
  expect(ids.length).toBeGreaterThan(100);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(
    await store.tasks.model.countDocuments({ status: 'open', paperBy: '371300-housing' }),
  );
});

test('an organisation without tasks has an empty inbox', async () => {
  expect(await store.tasks.list({ organisations: [] })).toEqual({ items: [] });
});

test('a cursor that no list has answered is refused', async () => {
  await expect(store.tasks.list({ cursor: 'x' })).rejects.toThrow(BadCursor);
  await expect(store.tasks.list({ cursor: Buffer.from('[1,2]').toString('base64url') })).rejects.toThrow(
    BadCursor,
  );
});

test('the earliest due date of each project is found', async () => {
  const found = await store.tasks.nextDue(['371302-2027-0001', '371302-2027-0002', 'none']);
  expect([...found.keys()].sort()).toEqual(['371302-2027-0001', '371302-2027-0002']);
});

const INBOXES: Record<string, TaskFilter> = {
  'of one organisation': { status: 'open', organisations: ['371302-s1'] },
  'of several organisations': { status: 'open', organisations: ORGANISATIONS },
  'with paper decisions': { status: 'open', organisations: ['371300-housing'], orPaperBy: true },
  'of a project': { status: 'open', projectId: '371302-2027-0001' },
  'of a kind': { status: 'open', kind: 'notice-posting' },
  'of everybody': { status: 'open' },
};

test.each(Object.entries(INBOXES))(
  'the first and a later page of an inbox %s is read in order from an index, without sorting',
  async (_, filter) => {
    const first = await store.tasks.list({ ...filter, limit: 20 });
    for (const cursor of [undefined, first.nextCursor]) {
      const plan = (await store.tasks.model
        .find(conditionOf({ ...filter, cursor }))
        .sort({ dueAt: 1, _id: 1 })
        .limit(21)
        .explain('executionStats')) as unknown as {
        queryPlanner: { winningPlan: unknown };
        executionStats: { totalDocsExamined: number };
      };
      const stages = JSON.stringify(plan.queryPlanner.winningPlan);
      expect(stages).not.toContain('COLLSCAN');
      expect(stages).not.toContain('"SORT"');
      expect(plan.executionStats.totalDocsExamined).toBeLessThanOrEqual(80);
    }
  },
);
