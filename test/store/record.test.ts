import fc from 'fast-check';
import { headAfter, verifyChain, type RecordedEvent } from '../../domain/events';
import type { ProjectNode } from '../../domain/node';
import type { Store } from '../../store/connect';
import { RecordBehind, SlotTaken, writeBatch } from '../../store/record';
import { withStore } from '../support/store';
import { batchOf, chain, ORIGIN, stepNode, task } from './sample-record';

let store: Store;

withStore((opened) => (store = opened));

let count = 0;
const newWorkflow = (): string =>
  `project/371302-2027-${String((count += 1)).padStart(4, '0')}/public-notice/1`;

async function fault(workflowId: string, last: RecordedEvent) {
  return verifyChain(workflowId, ORIGIN, await store.events.ofWorkflow(workflowId), headAfter(last));
}

function from(events: readonly RecordedEvent[], first: number, last: number): RecordedEvent[] {
  return events.slice(first - 1, last);
}

describe('a batch of the record', () => {
  test('is written as it is: events, head, tasks and the step', async () => {
    const id = newWorkflow();
    const events = chain(id, 3);
    await writeBatch(store, batchOf(id, events, { tasks: [task(id, 1), task(id, 2)] }));
    expect(await store.events.ofWorkflow(id)).toEqual(events);
    expect(await store.heads.find(id)).toMatchObject({
      seq: 3,
      hash: events[2]?.hash,
      origin: ORIGIN,
      open: true,
    });
    expect(await store.tasks.find(task(id, 2).id)).toEqual(task(id, 2));
    expect(await store.steps.find(id)).toMatchObject({ step: 'public-notice', seq: 3 });
  });

  test('that is written twice changes nothing', async () => {
    const id = newWorkflow();
    const events = chain(id, 2);
    const batch = batchOf(id, events, { tasks: [task(id, 1)] });
    await writeBatch(store, batch);
    const before = await store.heads.find(id);
    await writeBatch(store, batch);
    expect(await store.heads.find(id)).toEqual(before);
    expect(await fault(id, events[1] as RecordedEvent)).toBeUndefined();
  });

  test('that comes late changes nothing: no older projection replaces a newer one', async () => {
    const id = newWorkflow();
    const events = chain(id, 2);
    const late = batchOf(id, from(events, 1, 1), { tasks: [task(id, 1)], node: stepNode() });
    await writeBatch(store, late);
    const done = task(id, 1, { status: 'completed' });
    await writeBatch(
      store,
      batchOf(id, from(events, 2, 2), { tasks: [done], node: stepNode({ status: 'done' }) }),
    );
    await writeBatch(store, late);
    expect(await store.tasks.find(done.id)).toMatchObject({ status: 'completed' });
    expect(await store.steps.find(id)).toMatchObject({ status: 'done', seq: 2 });
    expect(await store.heads.find(id)).toMatchObject({ seq: 2, open: false });
  });

  test('that overlaps what is there adds only the rest', async () => {
    const id = newWorkflow();
    const events = chain(id, 5);
    await writeBatch(store, batchOf(id, from(events, 1, 3)));
    await writeBatch(store, batchOf(id, from(events, 2, 5), { tasks: [task(id, 1)] }));
    expect(await fault(id, events[4] as RecordedEvent)).toBeUndefined();
    expect(await store.tasks.find(task(id, 1).id)).toBeDefined();
  });

  test('whose slot holds something else is refused, and nothing is overwritten', async () => {
    const id = newWorkflow();
    const events = chain(id, 2);
    await writeBatch(store, batchOf(id, events));
    const other = chain(id, 2, 'task-completed');
    const attempt = writeBatch(store, batchOf(id, from(other, 2, 2), { tasks: [task(id, 1)] }));
    await expect(attempt).rejects.toThrow(SlotTaken);
    expect(await store.events.ofWorkflow(id)).toEqual(events);
    expect(await store.tasks.find(task(id, 1).id)).toBeUndefined();
  });

  test('that goes on from another past is refused', async () => {
    const id = newWorkflow();
    await writeBatch(store, batchOf(id, chain(id, 2)));
    const other = chain(id, 3, 'task-completed');
    await expect(writeBatch(store, batchOf(id, from(other, 3, 3)))).rejects.toThrow(SlotTaken);
  });

  test('that is no chain is refused instead of being tried for ever', async () => {
    const id = newWorkflow();
    const events = chain(id, 3);
    const gap = [events[0], events[2]] as RecordedEvent[];
    await expect(writeBatch(store, batchOf(id, gap))).rejects.toThrow(SlotTaken);
  });

  test('sent eight times at once stands there once', async () => {
    const id = newWorkflow();
    const events = chain(id, 4);
    await Promise.all(Array.from({ length: 8 }, () => writeBatch(store, batchOf(id, events))));
    expect(await fault(id, events[3] as RecordedEvent)).toBeUndefined();
  });

  test('competing with another for one slot: one stands, the other is refused', async () => {
    const id = newWorkflow();
    const attempts = ['task-completed', 'task-reminded', 'task-overdue'].map((what) =>
      writeBatch(store, batchOf(id, chain(id, 1, what))),
    );
    const ended = await Promise.allSettled(attempts);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ended) if (end.status === 'rejected') expect(end.reason).toBeInstanceOf(SlotTaken);
    expect(await store.events.ofWorkflow(id)).toHaveLength(1);
  });
});

describe('a store that has lost something', () => {
  test('says up to where it holds the record, and writes nothing', async () => {
    const id = newWorkflow();
    const events = chain(id, 3);
    await writeBatch(store, batchOf(id, from(events, 1, 1)));
    const error = await writeBatch(store, batchOf(id, from(events, 3, 3))).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RecordBehind);
    expect((error as RecordBehind).head).toEqual(headAfter(events[0] as RecordedEvent));
    expect(await store.events.ofWorkflow(id)).toHaveLength(1);
  });

  test('gets a lost head back when the events are sent again', async () => {
    const id = newWorkflow();
    const events = chain(id, 3);
    await writeBatch(store, batchOf(id, events));
    await store.heads.model.deleteOne({ _id: id });
    await writeBatch(store, batchOf(id, events));
    expect(await store.heads.find(id)).toMatchObject({ seq: 3, hash: events[2]?.hash });
    expect(await fault(id, events[2] as RecordedEvent)).toBeUndefined();
  });

  test('gets a lost event back under a head that still counts it', async () => {
    const id = newWorkflow();
    const events = chain(id, 3);
    await writeBatch(store, batchOf(id, events));
    await store.events.model.deleteOne({ workflowId: id, seq: 2 });
    await writeBatch(store, batchOf(id, events));
    expect(await fault(id, events[2] as RecordedEvent)).toBeUndefined();
  });
});

describe('projections alone', () => {
  test('are written if they are as new as the head', async () => {
    const id = newWorkflow();
    const events = chain(id, 2);
    const head = headAfter(events[1] as RecordedEvent);
    await writeBatch(store, batchOf(id, events));
    await writeBatch(
      store,
      batchOf(id, [], { head, tasks: [task(id, 1)], node: stepNode({ facts: { heard: 3 } }) }),
    );
    expect(await store.steps.find(id)).toMatchObject({ facts: { heard: 3 } });
    expect(await store.tasks.find(task(id, 1).id)).toBeDefined();
  });

  test('that are older than the head are left aside', async () => {
    const id = newWorkflow();
    const events = chain(id, 2);
    await writeBatch(store, batchOf(id, events, { node: stepNode({ status: 'done' }) }));
    const head = headAfter(events[0] as RecordedEvent);
    await writeBatch(store, batchOf(id, [], { head, node: stepNode() }));
    expect(await store.steps.find(id)).toMatchObject({ status: 'done' });
  });

  test('of another past are refused', async () => {
    const id = newWorkflow();
    await writeBatch(store, batchOf(id, chain(id, 2)));
    const head = headAfter(chain(id, 2, 'task-completed')[1] as RecordedEvent);
    await expect(writeBatch(store, batchOf(id, [], { head }))).rejects.toThrow(SlotTaken);
  });
});

test('whatever batches arrive in whatever order and how often, each event stands there once', async () => {
  const slice = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 4 }));
  await fc.assert(
    fc.asyncProperty(fc.array(slice, { maxLength: 10 }), async (slices) => {
      const id = newWorkflow();
      const events = chain(id, 7);
      for (const [first, more] of slices) {
        const part = from(events, first, first + more);
        const tasks = [task(id, 1, { context: { seq: part.at(-1)?.seq ?? 0 } })];
        await writeBatch(store, batchOf(id, part, { tasks })).catch((error: unknown) => {
          if (!(error instanceof RecordBehind)) throw error;
        });
        const head = await store.heads.find(id);
        const held = await store.tasks.find(task(id, 1).id);
        expect(held?.context ?? { seq: 0 }).toEqual({ seq: head?.seq ?? 0 });
      }
      await writeBatch(store, batchOf(id, events));
      expect(await fault(id, events[6] as RecordedEvent)).toBeUndefined();
    }),
    { numRuns: 20 },
  );
}, 60_000);

test('a project that has ended frees its communities for another; one that a community leaves frees that one', async () => {
  const now = new Date();
  const row = (id: string) => ({
    _id: id,
    name: `样例小区 ${id}`,
    place: { city: '371300', county: '371302', subdistrict: '371302-s1', neighbourhood: '371302-n1' },
    households: 1,
    buildings: 1,
    floorArea: 1,
    createdAt: now,
    updatedAt: now,
  });
  await store.communities.model.insertMany([row('c1'), row('c2')]);
  expect(await store.communities.claim(['c1', 'c2'], 'p1')).toEqual([]);
  expect(await store.communities.claim(['c2'], 'p2')).toEqual(['c2']);
  const node: ProjectNode = {
    node: 'project',
    projectId: 'p1',
    name: '样例',
    county: '371302',
    areas: ['371300', '371302'],
    year: 2027,
    communities: ['c1'],
    status: 'running',
    steps: [],
    rounds: {},
    running: {},
    bindings: {},
    policyVersion: '2026.1',
    onPaper: [],
    outputs: {},
    acts: [],
    startedAt: now.toISOString(),
  };
  const events = chain('project/p1', 2);
  await writeBatch(store, batchOf('project/p1', from(events, 1, 1), { node }));
  expect(await store.communities.claim(['c2'], 'p2')).toEqual([]);
  expect(await store.communities.claim(['c1'], 'p2')).toEqual(['c1']);
  await writeBatch(
    store,
    batchOf('project/p1', from(events, 2, 2), { node: { ...node, status: 'completed' } }),
  );
  expect(await store.communities.claim(['c1'], 'p2')).toEqual([]);
});
