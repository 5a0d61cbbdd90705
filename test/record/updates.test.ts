import { startFault, updateFaults } from '../../bin/record/engine';
import type { AcceptedUpdate } from '../../bin/record/history';
import type { RecordedEvent } from '../../domain/events';

const by = { user: 'u-1', organisation: '371302-housing' };
const accepted = (updateId: string, seq: number, says = true): AcceptedUpdate => ({
  updateId,
  seq,
  says: () => says,
});
const event = (updateId: string, seq: number) => ({ updateId, seq, by, data: {} });
const all = { recorded: 9, settled: 9 };

test('P5.1.2: every accepted Update has its event, and every event its Update', () => {
  expect(updateFaults([accepted('a', 2)], [event('a', 2)], all)).toEqual([]);
  expect(updateFaults([accepted('a', 2)], [], all)).toEqual([{ seq: 2, kind: 'not-recorded', detail: 'a' }]);
  expect(updateFaults([], [event('a', 2)], all)).toEqual([{ seq: 2, kind: 'no-update', detail: 'a' }]);
  expect(updateFaults([accepted('a', 2, false)], [event('a', 2)], all)).toEqual([
    { seq: 2, kind: 'update-differs', detail: 'a' },
  ]);
});

test('P5.1.2: an event of another Update in the place of one is two faults', () => {
  expect(updateFaults([accepted('a', 2)], [event('b', 2)], all).map(({ kind }) => kind)).toEqual([
    'not-recorded',
    'no-update',
  ]);
});

test('what is on its way while it is compared is no fault', () => {
  expect(updateFaults([accepted('a', 4)], [], { recorded: 3, settled: 3 })).toEqual([]);
  expect(updateFaults([], [event('a', 4)], { recorded: 4, settled: 3 })).toEqual([]);
});

test('P1.4: who began a project, and with what, is what the engine was sent', () => {
  const started = {
    seq: 1,
    type: 'project-started',
    by,
    data: { start: 'hash' },
  } as unknown as RecordedEvent;
  expect(startFault({ content: 'hash', by }, [started])).toBeUndefined();
  expect(startFault({ content: 'other', by }, [started])).toBe(1);
  expect(startFault({ content: 'hash', by: { ...by, user: 'u-2' } }, [started])).toBe(1);
  expect(startFault({ content: 'hash' }, [started])).toBe(1);
});
