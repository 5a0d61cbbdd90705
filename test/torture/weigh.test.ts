import type { Store } from '../../store/connect';
import { weigh, wrongAnswers } from '../../torture/checks/decisions';
import type { Intention } from '../../torture/people/sender';
import { withStore } from '../support/store';

let store: Store;

withStore((opened) => (store = opened));
beforeAll(async () => {
  await store.events.model.collection.insertMany([
    { _id: 'w#1', type: 'task-completed', taskId: 't1', updateId: 'once' },
    { _id: 'w#2', type: 'task-completed', taskId: 't2', updateId: 'twice' },
    { _id: 'w#3', type: 'task-completed', taskId: 't2', updateId: 'twice' },
    { _id: 'w#4', type: 'project-started', workflowId: 'project/p1' },
  ] as never);
  await store.projects.model.collection.insertMany([
    { _id: 'p1', communities: ['one'] },
    { _id: 'p2', communities: ['two'] },
    { _id: 'p3', communities: ['two'] },
  ] as never);
}, 60_000);

const wanted = (updateId: string, told: Partial<Intention>): Intention => ({
  ...{ kind: 'decision', path: '/tasks/t/completion', user: 'u', updateId, sent: 1, lastAnswer: '' },
  ...told,
});
const begun = (community: string, told: Partial<Intention>): Intention =>
  wanted('', { kind: 'project', path: '/projects', community, ...told });

/** The tasks that are completed twice are found whoever is asked about. */
async function found(...intentions: Intention[]): Promise<readonly string[]> {
  const { findings } = await weigh(store, intentions);
  expect(findings.at(-1)).toBe('task t2 was completed 2 times');
  return findings.slice(0, -1);
}

test('P1.4: a decision that counts stands in the record exactly once', async () => {
  expect(await found(wanted('once', { status: 200 }))).toEqual([]);
  expect(await found(wanted('never', { status: 200 }))).toEqual([expect.stringContaining('0 events')]);
  expect(await found(wanted('twice', { status: 200 }))).toEqual([expect.stringContaining('2 events')]);
});

test('P1.4: a decision that was refused does not stand in the record', async () => {
  expect(await found(wanted('never', { status: 409 }))).toEqual([]);
  expect(await found(wanted('once', { status: 409 }))).toEqual([expect.stringContaining('answered 409')]);
});

test('P1.4: a decision without a clear answer stands there at most once, and is counted', async () => {
  const weighed = await weigh(store, [wanted('once', {}), wanted('never', {}), wanted('twice', {})]);
  expect(weighed).toMatchObject({ unclearRecorded: 1, unclearAbsent: 1 });
  expect(weighed.findings).toEqual([expect.stringContaining('no clear answer'), expect.anything()]);
});

test('who was told that a project has begun has it; who was refused has none; nobody has two', async () => {
  expect(await found(begun('one', { status: 201, begun: 'p1' }))).toEqual([]);
  expect(await found(begun('one', { status: 201, begun: 'p9' }))).toHaveLength(1);
  expect(await found(begun('one', { status: 409 }))).toEqual([expect.stringContaining('has p1')]);
  expect(await found(begun('none', { status: 201, begun: 'p1' }))).toEqual([
    expect.stringContaining('no project'),
  ]);
  expect(await found(begun('none', { status: 409 }))).toEqual([]);
  expect(await found(begun('two', {}))).toEqual([expect.stringContaining('p2 and p3')]);
});

test('some answers are wrong whatever was asked', () => {
  expect(wrongAnswers([wanted('a', { status: 409, code: 'task-not-open' })])).toEqual([]);
  expect(wrongAnswers([wanted('a', { status: 422, code: 'idempotency-key-reused' })])).toHaveLength(1);
});
