import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proofOf } from '../../api/record/proof';
import { checkFile } from '../../bin/record-proof';
import { verifyRecord } from '../../bin/record/verify';
import type { RecordedEvent } from '../../domain/events';
import { hashOfRoot, leafOfRevocation, type DailyRoot } from '../../domain/record/daily-root';
import { proofFault, type RecordProof } from '../../domain/record/proof';
import { Verifier } from '../../domain/signing/signature';
import { issueIdentity, newRoot, revoke, signStatement } from '../../keys/identity';
import { verifyNative } from '../../keys/verify';
import type { Store } from '../../store/connect';
import { eventId } from '../../store/events';
import { writeBatch } from '../../store/record';
import { makeDailyRoot } from '../../worker/daily-root';
import { batchOf, chain } from '../store/sample-record';
import { testKeys, testRoot } from '../support/keys';
import { withStore } from '../support/store';

let store: Store;
const PLANS = ['plan/2026', 'plan/2027', 'plan/2028'] as const;
const day = (n: number): number => Date.parse('2027-03-09T16:05:00Z') + n * 86_400_000;
const verifier = new Verifier({ roots: testKeys.roots, revocations: [] }, verifyNative);

withStore((opened) => (store = opened));
/** Three chains; the first grows between the first and the second day. */
beforeEach(async () => {
  const { events, heads, dailyRoots, revocations } = store;
  for (const { model } of [events, heads, dailyRoots, revocations])
    await (model as typeof heads.model).deleteMany({});
  await dailyRoots.leaves.deleteMany({});
  await revocations.enter(revoke(testRoot, 'api-old', '2027-01-01T00:00:00.000Z', '样例'), new Date());
  for (const id of PLANS) await writeBatch(store, batchOf(id, chain(id, 3)));
  await makeDailyRoot(store, testKeys.worker, day(0));
  await writeBatch(store, batchOf(PLANS[0], chain(PLANS[0], 6).slice(3)));
  await makeDailyRoot(store, testKeys.worker, day(1));
});

const verify = (knownRoot?: DailyRoot) =>
  verifyRecord(store, { roots: testKeys.roots, ...(knownRoot ? { knownRoot } : {}) });

async function faults(knownRoot?: DailyRoot) {
  return (await verify(knownRoot)).faults.map(({ workflowId, seq, kind }) => ({ workflowId, seq, kind }));
}

const roots = () => store.dailyRoots.all();

test('P5.1.2: a root a day, over all chains and revocations, chained to the one before, only what grew written anew', async () => {
  const [first, second] = (await roots()) as [DailyRoot, DailyRoot];
  expect([first.date, second.date]).toEqual(['2027-03-10', '2027-03-11']);
  expect([first.size, second.size]).toEqual([4, 4]);
  expect(second.previous).toBe(hashOfRoot(first));
  expect(await store.dailyRoots.leaves.countDocuments()).toBe(5);
  expect(await store.dailyRoots.leavesOf(first.date)).toMatchObject([{ seq: 3 }, {}, {}, { seq: 1 }]);
  expect(await store.dailyRoots.leavesOf(second.date)).toMatchObject([{ seq: 6 }, { seq: 3 }, {}, {}]);
  expect(await verify()).toMatchObject({ faults: [], roots: 2, lastRoot: '2027-03-11' });
});

test('P5.1.2: a day has one root, whoever makes it, and days without a worker have none', async () => {
  const again = await Promise.all([1, 2, 3].map(() => makeDailyRoot(store, testKeys.worker, day(5))));
  expect(again.filter((made) => made !== undefined)).toHaveLength(1);
  expect((await roots()).map(({ date }) => date)).toEqual(['2027-03-10', '2027-03-11', '2027-03-15']);
  expect(await faults()).toEqual([]);
});

test('P5.1.2: a chain set back, head and all, is found by the root', async () => {
  await store.events.model.deleteMany({ workflowId: PLANS[0], seq: { $gt: 5 } });
  const hash = chain(PLANS[0], 5)[4]?.hash;
  await store.heads.model.updateOne({ _id: PLANS[0] }, { $set: { seq: 5, hash } });
  expect(await faults()).toEqual([{ workflowId: PLANS[0], seq: 6, kind: 'behind-root' }]);
});

test('P5.1.2: a chain that is gone without a trace is found by the root, and the next root does not forget it', async () => {
  await store.events.model.deleteMany({ workflowId: PLANS[1] });
  await store.heads.model.deleteOne({ _id: PLANS[1] });
  const gone = { workflowId: PLANS[1], seq: 3, kind: 'behind-root' };
  expect(await faults()).toEqual([gone]);
  const made = await makeDailyRoot(store, testKeys.worker, day(2));
  expect(made).toMatchObject({ shrunk: [{ workflowId: PLANS[1], seq: 3 }], root: { size: 4 } });
  expect(await faults()).toEqual([gone]);
});

test('P5.1.2: a chain written anew, every hash computed, is found by the root', async () => {
  const anew = chain(PLANS[2], 3, 'task-overdue');
  for (const event of anew) {
    await store.events.model.collection.replaceOne({ _id: eventId(PLANS[2], event.seq) as never }, event);
  }
  await store.heads.model.updateOne({ _id: PLANS[2] }, { $set: { hash: anew[2]?.hash } });
  expect(await faults()).toEqual([{ workflowId: PLANS[2], seq: 3, kind: 'differs-from-root' }]);
});

test('P5.1.2: a revocation taken out of the store is found by the root', async () => {
  const [revocation] = await store.revocations.all();
  await store.revocations.model.deleteMany({});
  const { workflowId } = leafOfRevocation(revocation as never);
  expect(await faults()).toEqual([{ workflowId, seq: 1, kind: 'behind-root' }]);
});

test('P5.1.2: a forged root, one with other leaves and one taken out are found', async () => {
  const [first, second] = (await roots()) as [DailyRoot, DailyRoot];
  const { model } = store.dailyRoots;
  const put = (root: object) => model.updateOne({ _id: second.date }, { $set: root });

  const stranger = issueIdentity(newRoot(), 'worker', day(0) - 86_400_000);
  const { signature, ...content } = second;
  await put({ signature: signStatement(stranger, { signs: 'root', ...content, at: signature.at }) });
  expect(await faults()).toEqual([{ workflowId: 'root/2027-03-11', seq: 4, kind: 'root-forged' }]);
  await put({ signature });

  await store.dailyRoots.leaves.updateOne({ workflowId: PLANS[0], seq: 6 }, { $set: { seq: 5 } });
  expect(await faults()).toContainEqual({ workflowId: 'root/2027-03-11', seq: 4, kind: 'root-leaves' });
  await store.dailyRoots.leaves.updateOne({ workflowId: PLANS[0], seq: 5 }, { $set: { seq: 6 } });

  await model.deleteOne({ _id: first.date });
  expect(await faults()).toContainEqual({ workflowId: 'root/2027-03-11', seq: 4, kind: 'root-unlinked' });
});

test('P5.1.2: roots made anew by whoever has the worker’s key are found by one that was handed out before', async () => {
  const [, handedOut] = (await roots()) as [DailyRoot, DailyRoot];
  expect(await faults(handedOut)).toEqual([]);
  await store.dailyRoots.model.deleteMany({});
  await store.dailyRoots.leaves.deleteMany({});
  await makeDailyRoot(store, testKeys.worker, day(1));
  expect(await faults()).toEqual([]);
  expect(await faults(handedOut)).toEqual([{ workflowId: 'root/2027-03-11', seq: 4, kind: 'root-unlinked' }]);
});

describe('P5.1.2: an excerpt', () => {
  const proof = async (seq: number) => (await proofOf(store, PLANS[0], seq)) as RecordProof;

  test('P5.1.2: proves itself on the first root that counts it', async () => {
    const [second, fifth] = [await proof(2), await proof(5)];
    expect([second.root.date, second.events.length]).toEqual(['2027-03-10', 2]);
    expect([fifth.root.date, fifth.events.length]).toEqual(['2027-03-11', 2]);
    for (const one of [second, fifth]) expect(proofFault(one, verifier)).toBeUndefined();
    expect(await proofOf(store, PLANS[0], 7)).toBeUndefined();
    expect(await proofOf(store, 'plan/1999', 1)).toBeUndefined();
  });

  test('P5.1.2: holds offline, with nothing but the file and the roots of trust', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jiugai-proof-'));
    try {
      const [file, trust] = [join(folder, 'proof.json'), join(folder, 'trust.json')];
      writeFileSync(file, JSON.stringify(await proof(2)));
      writeFileSync(trust, JSON.stringify({ roots: testKeys.roots }));
      expect(checkFile(file, trust)).toMatchObject({ holds: true });
      writeFileSync(trust, JSON.stringify({ roots: [newRoot().root] }));
      expect(checkFile(file, trust)).toMatchObject({ holds: false });
      writeFileSync(file, '{"format":"jiugai-record-proof/1"}');
      expect(checkFile(file, trust)).toMatchObject({ holds: false });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each<[string, (proof: RecordProof) => RecordProof]>([
    ['an altered event', (one) => ({ ...one, events: changed(one.events, { type: 'project-ended' }) })],
    ['an event left out', (one) => ({ ...one, events: one.events.slice(0, 1) })],
    ['another leaf', (one) => ({ ...one, leaf: { ...one.leaf, hash: 'f'.repeat(64) } })],
    ['another place', (one) => ({ ...one, index: one.index + 1 })],
    ['another path', (one) => ({ ...one, path: one.path.slice(1) })],
    ['another root', (one) => ({ ...one, root: { ...one.root, root: 'f'.repeat(64) } })],
    ['another day', (one) => ({ ...one, root: { ...one.root, date: '2027-03-09' } })],
  ])('P5.1.2: with %s proves nothing', async (_, spoil) => {
    expect(proofFault(spoil(await proof(2)), verifier)).toMatch(/ · /);
  });
});

function changed(events: readonly RecordedEvent[], change: Partial<RecordedEvent>): RecordedEvent[] {
  return events.map((event, at) => (at === 0 ? { ...event, ...change } : event));
}
