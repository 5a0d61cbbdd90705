import { randomUUID } from 'node:crypto';
import { yearToDeclare } from '../../domain/annual-plan';
import { link, type ChainHead, type RecordedEvent } from '../../domain/events';
import { faultText, type FaultKind } from '../../domain/record/fault';
import { issueIdentity, newRoot, revoke, signStatement } from '../../keys/identity';
import { decisionStatement } from '../../domain/signing/statements';
import { verifyRecord } from '../../bin/record/verify';
import { linyi } from '../../policy/linyi';
import { eventId } from '../../store/events';
import type { HeadRow } from '../../store/heads';
import { eventually, insist, startReal, taskOf, type RealSystem } from '../api/real';
import { community } from '../api/api';
import { testKeys, testRoot } from '../support/keys';

/** Whoever has the store's password can write what they like there. These do; each test puts back what it has spoiled. */
let system: RealSystem;
let project: string;
let other: string;
let survey: string;
let decisionSeq: number;
const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);

beforeAll(async () => {
  system = await startReal();
  await system.store.communities.model.create(community({ _id: 'c2' }));
  const [city, housing, neighbourhood] = await Promise.all([
    system.as('371300-housing'),
    system.as('371302-housing'),
    system.as('371302-n1'),
  ]);
  await insist(city, 'plans', { year }, 'plan');
  const begin = async (communityId: string): Promise<string> => {
    const { body } = await insist(housing, 'projects', { communityIds: [communityId], year }, communityId);
    return `project/${body.id as string}`;
  };
  project = await begin('c1');
  survey = `${project}/needs-collection/1`;
  const task = await taskOf(neighbourhood, 'household-survey');
  const done = await insist(neighbourhood, `tasks/${task.id}/completion`, task.example, randomUUID());
  expect(done.status).toBe(200);
  const suspended = await insist(
    housing,
    `projects/${project.slice('project/'.length)}/suspension`,
    { reason: '样例' },
    randomUUID(),
  );
  expect(suspended.status).toBeLessThan(300);
  other = await begin('c2');
  await eventually('both projects have their tasks', async () => {
    const heads = await system.store.heads.model.countDocuments({ _id: /needs-collection/ });
    return heads === 2 ? true : undefined;
  });
  await eventually('the record is whole', async () => ((await found()).length === 0 ? true : undefined));
  decisionSeq = (await eventOf(survey, 'task-completed')).seq;
}, 120_000);

afterAll(() => system?.stop(), 30_000);

function verify(withEngine = true) {
  return verifyRecord(system.store, {
    roots: testKeys.roots,
    ...(withEngine ? { client: system.client } : {}),
  });
}

/** What is wrong, as sentences; without the engine only what the record tells of itself. */
async function found(withEngine = true): Promise<string[]> {
  return (await verify(withEngine)).faults.map(faultText);
}

async function first(withEngine = true): Promise<{ workflowId: string; seq: number; kind: FaultKind }[]> {
  const { faults } = await verify(withEngine);
  return faults.map(({ workflowId, seq, kind }) => ({ workflowId, seq, kind }));
}

const events = () => system.store.events.model.collection;
const heads = () => system.store.heads.model.collection;

async function eventOf(workflowId: string, type: string): Promise<RecordedEvent> {
  const all = await system.store.events.ofWorkflow(workflowId);
  return all.find((event) => event.type === type) as RecordedEvent;
}

async function put(event: RecordedEvent): Promise<void> {
  const _id = eventId(event.workflowId, event.seq) as never;
  await events().replaceOne({ _id }, event as never, { upsert: true });
}

/** Writes a chain anew from an event on, every hash and the head with it: what a thorough forger does. */
async function rewrite(
  workflowId: string,
  seq: number,
  change: (event: RecordedEvent) => object,
  origin?: string,
): Promise<void> {
  const chain = await system.store.events.ofWorkflow(workflowId);
  let head: ChainHead = { seq: seq - 1, hash: origin ?? chain[seq - 1]?.previous ?? '' };
  for (const event of chain.slice(seq - 1)) {
    const { hash: _, seq: number, previous: _previous, ...rest } = event;
    const linked = link(head, number === seq ? withoutAbsent({ ...rest, ...change(event) }) : rest);
    await put(linked);
    head = { seq: linked.seq, hash: linked.hash };
  }
  await heads().updateOne({ _id: workflowId as never }, { $set: { ...head } });
}

function withoutAbsent<T extends object>(event: T): T {
  return JSON.parse(JSON.stringify(event)) as T;
}

/** Everything as it was before the test. */
let before: { events: object[]; heads: object[] };
beforeEach(async () => {
  before = { events: await events().find().toArray(), heads: await heads().find().toArray() };
});
afterEach(async () => {
  await Promise.all([events().deleteMany({}), heads().deleteMany({})]);
  await Promise.all([events().insertMany(before.events as never), heads().insertMany(before.heads as never)]);
});

describe('P5.1.2: a record that somebody has laid hands on', () => {
  test('P5.1.2: untouched, it is whole: chains, signatures, the workflows’ heads, every Update', async () => {
    const verified = await verify();
    expect(verified.faults).toEqual([]);
    expect(verified.signatures).toBeGreaterThanOrEqual(5);
    expect(verified).toMatchObject({ listed: true, expired: 0, compared: verified.workflows });
  });

  test('P5.1.2: an altered event is named', async () => {
    await events().updateOne({ _id: eventId(survey, 2) as never }, { $set: { reason: '另一理由' } });
    expect(await first(false)).toEqual([{ workflowId: survey, seq: 2, kind: 'altered' }]);
  });

  test('P5.1.2: one event deleted in the middle of a chain is named', async () => {
    await events().deleteOne({ _id: eventId(survey, 2) as never });
    expect(await first(false)).toEqual([{ workflowId: survey, seq: 2, kind: 'missing' }]);
  });

  test('P5.1.2: the last event deleted is missed by the head, and with the head set back by the workflow', async () => {
    const { seq } = (await system.store.heads.find(survey)) as HeadRow;
    await events().deleteOne({ _id: eventId(survey, seq) as never });
    expect(await first(false)).toEqual([{ workflowId: survey, seq, kind: 'missing' }]);
    const [last] = await system.store.events.ofWorkflow(survey, seq - 1, seq - 1);
    await heads().updateOne({ _id: survey as never }, { $set: { seq: seq - 1, hash: last?.hash } });
    expect(await first(false)).toEqual([]);
    expect(await first()).toEqual([{ workflowId: survey, seq, kind: 'missing' }]);
  });

  test('P5.1.2: all of a step deleted, its head too, is missed by the workflow', async () => {
    await events().deleteMany({ workflowId: survey });
    await heads().deleteOne({ _id: survey as never });
    expect(await first()).toEqual([{ workflowId: survey, seq: 1, kind: 'missing' }]);
  });

  test('P5.1.2: all of a project deleted, with its steps, is missed by the engine', async () => {
    await events().deleteMany({ workflowId: { $regex: `^${project}` } });
    await heads().deleteMany({ _id: { $regex: `^${project}` } as never });
    const faults = await first();
    expect(faults).toContainEqual({ workflowId: project, seq: 1, kind: 'missing' });
    expect(faults).toContainEqual({ workflowId: survey, seq: 1, kind: 'missing' });
  });

  test('P5.1.2: a parent deleted leaves its children without one', async () => {
    await events().deleteMany({ workflowId: project });
    await heads().deleteOne({ _id: project as never });
    expect(await first(false)).toContainEqual({ workflowId: survey, seq: 1, kind: 'parent-missing' });
  });

  test('P5.1.2: an event inserted behind the end, with or without a head that counts it, is found', async () => {
    const head = (await system.store.heads.find(survey)) as HeadRow;
    const { workflowId, at } = await eventOf(survey, 'task-completed');
    const extra = link(head, { workflowId, at, type: 'task-reminded' });
    await put(extra);
    expect(await first(false)).toEqual([{ workflowId: survey, seq: extra.seq, kind: 'added' }]);
    await heads().updateOne({ _id: survey as never }, { $set: { seq: extra.seq, hash: extra.hash } });
    expect(await first()).toEqual([{ workflowId: survey, seq: extra.seq, kind: 'added' }]);
  });

  test('P5.1.2: an event inserted in the middle, all after it numbered and hashed anew, is found by the workflow', async () => {
    const chain = await system.store.events.ofWorkflow(survey);
    let head: ChainHead = { seq: 1, hash: chain[0]?.hash ?? '' };
    const inserted = { workflowId: survey, at: chain[0]?.at ?? '', type: 'task-reminded' };
    for (const one of [inserted, ...chain.slice(1)]) {
      const { seq: _, previous: _previous, hash: _hash, ...event } = one as RecordedEvent;
      const linked = link(head, event);
      await put(linked);
      head = { seq: linked.seq, hash: linked.hash };
    }
    await heads().updateOne({ _id: survey as never }, { $set: { ...head } });
    expect((await first(false)).length).toBe(0);
    expect(await first()).toEqual([{ workflowId: survey, seq: decisionSeq, kind: 'not-recorded' }]);
  });

  test('P5.1.2: two events in each other’s place are found', async () => {
    const [, second, third] = (await system.store.events.ofWorkflow(survey)) as [
      RecordedEvent,
      RecordedEvent,
      RecordedEvent,
    ];
    await events().replaceOne({ _id: eventId(survey, 2) as never }, third as never);
    await events().replaceOne({ _id: eventId(survey, 3) as never }, second as never);
    expect(await first(false)).toEqual([{ workflowId: survey, seq: 2, kind: 'misplaced' }]);
  });

  test('P5.1.2: the same events of two projects exchanged are found in both', async () => {
    const [mine, theirs] = await Promise.all([
      eventOf(project, 'step-started'),
      eventOf(other, 'step-started'),
    ]);
    await events().replaceOne({ _id: eventId(project, mine.seq) as never }, theirs as never);
    await events().replaceOne({ _id: eventId(other, theirs.seq) as never }, mine as never);
    const faults = await first(false);
    expect(faults).toContainEqual({ workflowId: project, seq: mine.seq, kind: 'misplaced' });
    expect(faults).toContainEqual({ workflowId: other, seq: theirs.seq, kind: 'misplaced' });
  });

  test('P5.1.2: a head deleted, or pointing elsewhere, is found', async () => {
    const { seq } = (await system.store.heads.find(survey)) as HeadRow;
    await heads().updateOne({ _id: survey as never }, { $set: { hash: 'f'.repeat(64) } });
    expect(await first(false)).toEqual([{ workflowId: survey, seq, kind: 'head-differs' }]);
    await heads().deleteOne({ _id: survey as never });
    expect(await first(false)).toEqual([{ workflowId: survey, seq, kind: 'no-head' }]);
  });

  test('P5.1.2: a chain written anew from another beginning does not begin at its parent', async () => {
    const elsewhere = '1'.repeat(64);
    await rewrite(survey, 1, () => ({}), elsewhere);
    await heads().updateOne({ _id: survey as never }, { $set: { origin: elsewhere } });
    expect(await first(false)).toEqual([{ workflowId: survey, seq: 1, kind: 'origin-unknown' }]);
  });
});

describe('P1.4: a decision that somebody has forged, every hash after it computed anew', () => {
  const forged = (change: (event: RecordedEvent) => object) => rewrite(survey, decisionSeq, change);

  test('P1.4: another form is found by the signature', async () => {
    await forged(({ data }) => ({ data: { ...(data as object), form: { forged: true } } }));
    expect(await first(false)).toEqual([{ workflowId: survey, seq: decisionSeq, kind: 'signature' }]);
  });

  test('P1.4: another person is found by the signature', async () => {
    await forged(({ by }) => ({ by: { ...by, user: 'u-somebody' } }));
    expect(await first(false)).toEqual([{ workflowId: survey, seq: decisionSeq, kind: 'signature' }]);
  });

  test('P1.4: one that nobody has signed is found', async () => {
    await forged(() => ({ signature: undefined }));
    expect(await first(false)).toEqual([{ workflowId: survey, seq: decisionSeq, kind: 'unsigned' }]);
  });

  test('P1.4: one that a stranger’s key has signed is found', async () => {
    const stranger = issueIdentity(newRoot(), 'api', Date.now());
    await forged((event) => ({ signature: signedBy(event, stranger) }));
    expect(await first(false)).toEqual([{ workflowId: survey, seq: decisionSeq, kind: 'signature' }]);
  });

  test('P1.4: one that the API’s own stolen key has signed is found by the workflow and its Update', async () => {
    await forged((event) => {
      const changed = {
        ...event,
        data: { ...(event.data as object), form: { forged: true } },
      } as RecordedEvent;
      return { data: changed.data, signature: signedBy(changed, testKeys.api) };
    });
    expect(await first(false)).toEqual([]);
    expect(await first()).toEqual([{ workflowId: survey, seq: decisionSeq, kind: 'update-differs' }]);
  });

  test('P1.4: a key revoked since spoils nothing that it signed before, and all that it signed after', async () => {
    const { at } = await eventOf(survey, 'task-completed');
    const { revocations } = system.store;
    const keyId = testKeys.api.certificate.keyId;
    await revocations.enter(revoke(testRoot, keyId, new Date().toISOString(), '样例'), new Date());
    expect(await first(false)).toEqual([]);
    await revocations.enter(revoke(testRoot, keyId, at, '样例'), new Date());
    expect(await first(false)).toContainEqual({ workflowId: survey, seq: decisionSeq, kind: 'signature' });
    await revocations.model.deleteMany({});
  });

  test('P1.4: a project that nobody has begun is found', async () => {
    await rewrite(project, 1, () => ({ signature: undefined }));
    expect((await first(false))[0]).toEqual({ workflowId: project, seq: 1, kind: 'unsigned' });
  });

  test.each([
    ['project', () => project, 'project-started'],
    ['plan', () => `plan/${year}`, 'plan-opened'],
  ])('P1.4: a %s said to be begun by another is found by the engine', async (_, workflow, type) => {
    const { seq } = await eventOf(workflow(), type);
    await rewrite(workflow(), seq, ({ by }) => ({ by: { ...by, user: 'u-somebody' } }));
    expect(await first()).toContainEqual({ workflowId: workflow(), seq, kind: 'update-differs' });
  });

  test('P1.4: a suspension said to be another’s is found', async () => {
    const { seq } = await eventOf(project, 'suspension-begun');
    await rewrite(project, seq, ({ by }) => ({ by: { ...by, user: 'u-somebody' } }));
    expect((await first(false))[0]).toEqual({ workflowId: project, seq, kind: 'signature' });
  });
});

test('P5.1.2: one project and one year are verified by themselves', async () => {
  const { store } = system;
  const id = project.slice('project/'.length);
  const one = await verifyRecord(store, {
    scope: { project: id },
    roots: testKeys.roots,
    client: system.client,
  });
  expect(one).toMatchObject({ faults: [], workflows: 2, compared: 2 });
  const plan = await verifyRecord(store, { scope: { plan: year }, roots: testKeys.roots });
  expect(plan.faults).toEqual([]);
  expect(plan.workflows).toBeGreaterThanOrEqual(2);
  const nothing = await verifyRecord(store, { scope: { since: new Date().toISOString() } });
  expect(nothing).toMatchObject({ faults: [], workflows: 0 });
});

function signedBy(event: RecordedEvent, identity: Parameters<typeof signStatement>[0]) {
  const { taskId = '', round = 0, signature, by, data, updateId = '', at } = event;
  const seat = signature?.seat ?? '';
  const { form } = data as { form: never };
  const statement = decisionStatement({ id: taskId, round, seat }, { form, by: by as never }, updateId, at);
  return { ...signStatement(identity, statement), seat };
}
