import { proofFault, type RecordProof } from '../../domain/record/proof';
import { rootOf, type DailyRoot, type Leaf } from '../../domain/record/daily-root';
import { Verifier } from '../../domain/signing/signature';
import { verifyNative } from '../../keys/verify';
import { writeBatch } from '../../store/record';
import { makeDailyRoot } from '../../worker/daily-root';
import { batchOf, chain } from '../store/sample-record';
import { testKeys } from '../support/keys';
import { NOW, startApi, type Person, type TestApi } from './api';

let api: TestApi;
let audit: Person;
const ID = 'project/371302-2028-0001';
const DAY_MS = 86_400_000;

beforeAll(async () => {
  api = await startApi();
  audit = await api.administrator('audit');
  await writeBatch(api.store, batchOf(ID, chain(ID, 4)));
  await writeBatch(api.store, batchOf('plan/2028', chain('plan/2028', 2)));
  for (const n of [0, 1, 2]) await makeDailyRoot(api.store, testKeys.worker, NOW + n * DAY_MS);
}, 60_000);
afterAll(() => api?.stop());

test('P5.1.2: the audit administrator lists the daily roots, page by page', async () => {
  const { body } = await audit.get('record/roots?limit=2').expect(200);
  expect((body.items as DailyRoot[]).map(({ date }) => date)).toEqual(['2027-03-01', '2027-03-02']);
  const next = await audit.get(`record/roots?limit=2&cursor=${body.nextCursor as string}`).expect(200);
  expect((next.body.items as DailyRoot[]).map(({ date }) => date)).toEqual(['2027-03-03']);
});

test('P5.1.2: a day’s root is handed out with the leaves of which it is the root', async () => {
  const { body } = await audit.get('record/roots/2027-03-02').expect(200);
  const { root, size, leaves } = body as DailyRoot & { leaves: Leaf[] };
  expect(leaves.map(({ workflowId, seq }) => [workflowId, seq])).toEqual([
    ['plan/2028', 2],
    [ID, 4],
  ]);
  expect([rootOf(leaves), leaves.length]).toEqual([root, size]);
  await audit.get('record/roots/2027-02-28').expect(404);
});

test('P5.1.2: an event is handed out with its proof, which holds as it came over the wire', async () => {
  const { body } = await audit.get(`record/proof?workflowId=${encodeURIComponent(ID)}&seq=3`).expect(200);
  const proof = body as RecordProof;
  const verifier = new Verifier({ roots: testKeys.roots, revocations: [] }, verifyNative);
  expect(proofFault(proof, verifier)).toBeUndefined();
  expect(proof.events.map(({ seq }) => seq)).toEqual([3, 4]);
  await audit.get(`record/proof?workflowId=${encodeURIComponent(ID)}&seq=5`).expect(404);
  await audit.get('record/proof?workflowId=users&seq=1').expect(400);
});

test('P1.4: nobody but the audit administrator gets them', async () => {
  const others = await Promise.all([
    api.as('371300-housing', 'signatory'),
    api.administrator('system'),
    api.administrator('security'),
  ]);
  for (const person of others) {
    for (const path of [
      'record/roots',
      'record/roots/2027-03-02',
      `record/proof?workflowId=plan/2028&seq=1`,
    ]) {
      await person.get(path).expect(403);
    }
  }
});
