import { Changes, type TaskChange } from '../../api/live/changes';
import { waitUntil } from '../../bin/running/waiting';
import type { RecordedEvent } from '../../domain/events';
import type { Change, Listener } from '../../store/changes';
import type { Store } from '../../store/connect';
import { writeBatch } from '../../store/record';
import { withStore } from '../support/store';
import { batchOf, chain, task } from './sample-record';

let store: Store;
withStore((opened) => (store = opened));

const silent = { warn: () => undefined };
const WITHIN = { withinMs: 10_000 };
let count = 0;

/** Writes one event with one task, as a decision does. */
async function decide(): Promise<{ workflowId: string; event: RecordedEvent; taskId: string }> {
  const workflowId = `project/371302-2027-${String((count += 1)).padStart(4, '0')}/public-notice/1`;
  const [event] = chain(workflowId, 1);
  if (!event) throw new Error('no event');
  const done = task(workflowId, 1, { status: 'completed' });
  await writeBatch(store, batchOf(workflowId, [event], { tasks: [done] }));
  return { workflowId, event, taskId: done.id };
}

/** The stream is open when something is heard that was written after it had been asked for. */
async function untilHeard(heard: () => number): Promise<void> {
  await waitUntil('nothing was heard', async () => (await decide(), heard() > 0), {
    ...WITHIN,
    everyMs: 100,
  });
}

test('what is recorded is heard, and a batch’s tasks before its events', async () => {
  const heard: Change[] = [];
  const stop = store.changes.listen({ change: (change) => heard.push(change), brokeOff: () => undefined });
  await untilHeard(() => heard.length);
  const { event, taskId } = await decide();
  const isIt = (change: Change): boolean => 'event' in change && change.event.hash === event.hash;
  await waitUntil('the event was not heard', async () => heard.some(isIt), WITHIN);
  const at = heard.findIndex(isIt);
  const before = heard.slice(0, at).findLast((change): change is TaskChange => 'task' in change);
  expect(before).toMatchObject({ seq: 1, task: { id: taskId, status: 'completed' } });
  // As whoever reads it finds it, without what the store keeps beside it.
  expect(before?.task).toEqual(await store.tasks.find(taskId));
  expect(heard[at]).toEqual({ event });
  stop();
});

describe('whoever waits for the record', () => {
  test('hears of it, and knows what became of the task', async () => {
    const changes = new Changes(store, silent);
    const heard: RecordedEvent[] = [];
    changes.hear((event) => heard.push(event));
    changes.listen();
    await untilHeard(() => heard.length);
    const { event, taskId } = await decide();
    await waitUntil('it was not heard', async () => heard.at(-1)?.hash === event.hash, WITHIN);
    expect(changes.taskAfter(taskId, 1)?.status).toBe('completed');
    // Of what comes later nothing has been heard: it must be read.
    expect(changes.taskAfter(taskId, 2)).toBeUndefined();
    changes.stop();
  });

  test('hears again after the stream has broken off, and does not believe what it heard before', async () => {
    jest.useFakeTimers();
    try {
      const told: string[] = [];
      const open: Listener[] = [];
      const listen = (listener: Listener) => {
        open.push(listener);
        return () => undefined;
      };
      const changes = new Changes({ changes: { listen } }, { warn: () => void told.push('broke off') });
      changes.listen();
      changes.listen();
      expect(open).toHaveLength(1);
      open[0]?.change({ task: task('project/371302-2027-0001/public-notice/1', 1), seq: 1, place: 'p' });
      const { id } = task('project/371302-2027-0001/public-notice/1', 1);
      expect(changes.taskAfter(id, 1)).toBeDefined();
      open[0]?.brokeOff(new Error('away'));
      expect(told).toEqual(['broke off']);
      expect([changes.taskAfter(id, 1), changes.since('p')]).toEqual([undefined, undefined]);
      // Not at once: a store that is away is not asked a thousand times.
      changes.listen();
      expect(open).toHaveLength(1);
      jest.advanceTimersByTime(2_000);
      changes.listen();
      expect(open).toHaveLength(2);
      // Whoever watches does not have to ask.
      changes.watch(() => undefined);
      open[1]?.brokeOff(new Error('away'));
      jest.advanceTimersByTime(2_000);
      expect(open).toHaveLength(3);
    } finally {
      jest.useRealTimers();
    }
  });
});
