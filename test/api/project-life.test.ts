import type { Json } from '../../domain/events';
import type { ProjectNode } from '../../domain/node';
import type { Stretch } from '../../api/projects/course';
import { SAMPLE_ATTACHMENT } from '../../domain/task';
import { keepSampleAttachment } from '../../bin/sample-city/attachment';
import { linyi } from '../../policy/linyi';
import { writeBatch } from '../../store/record';
import { taskRow } from '../../store/tasks';
import { batchOf, chain, stepNode, task } from '../store/sample-record';
import { startApi, type Person, type TestApi } from './api';

const ID = '371302-2028-0001';
const CHAIN = `project/${ID}`;
const UI = 'http://127.0.0.1:8233';

let api: TestApi;
let county: Person;
let operator: Person;

const node: ProjectNode = {
  node: 'project',
  projectId: ID,
  name: '样例项目',
  county: '371302',
  areas: ['371300', '371302', '371302-s1'],
  year: 2028,
  communities: ['c1'],
  status: 'running',
  steps: ['county-submission'],
  rounds: { 'public-notice': 2 },
  running: {},
  bindings: {},
  policyVersion: linyi.version,
  onPaper: ['needs-collection'],
  outputs: {},
  acts: [
    { act: 'suspension', context: {} },
    { act: 'cancellation', context: {} },
    { act: 'residents-vote', context: { communities: [], policy: linyi } as unknown as Json },
  ],
  startedAt: '2027-01-04T01:00:00.000Z',
};

const at = (dayOfMonth: number): string => `2027-01-${String(dayOfMonth).padStart(2, '0')}T01:00:00.000Z`;

beforeAll(async () => {
  api = await startApi({ engineUi: UI });
  [county, operator] = await Promise.all([api.as('371302-housing'), api.as('371300-water')]);
  const { projects, steps, events, tasks } = api.store;
  await keepSampleAttachment(api.store);
  await writeBatch(api.store, batchOf(CHAIN, chain(CHAIN, 4)));
  await projects.model.collection.insertOne({
    _id: ID as never,
    ...node,
    parties: [],
    workflowId: CHAIN,
    seq: 1,
  });
  await steps.model.collection.insertMany(
    [1, 2].map((round) => ({
      _id: `${CHAIN}/public-notice/${round}` as never,
      workflowId: `${CHAIN}/public-notice/${round}`,
      seq: 1,
      ...stepNode({
        projectId: ID,
        round,
        status: 'done',
        openedAt: at(round * 2),
        closedAt: at(round * 2 + 1),
      }),
    })),
  );
  const told = [
    { type: 'step-turned-back', step: 'public-notice', round: 1, at: at(3), reason: '样例：意见较多' },
    { type: 'ready-for-submission', at: at(6) },
    { type: 'listing-in-review', at: at(8) },
    { type: 'listing-deferred', at: at(9), reason: '样例：资金未落实' },
    { type: 'ready-for-submission', at: at(9) },
  ];
  await events.model.collection.insertMany(
    told.map((one, i) => ({
      previous: '0',
      hash: String(i),
      _id: `told#${i}` as never,
      projectId: ID,
      workflowId: 'told',
      seq: i,
      ...one,
    })),
  );
  const decided = task(`${CHAIN}/public-notice/2`, 1, {
    projectId: ID,
    round: 2,
    status: 'completed',
    outcome: {
      form: { place: '样例', documents: { 'notice-photo': SAMPLE_ATTACHMENT } },
      by: { user: county.user, organisation: '371302-housing' },
      at: at(5),
    },
  });
  const water = task(`${CHAIN}/public-notice/2`, 2, { projectId: ID, organisation: '371300-water' });
  await tasks.model.collection.insertMany([taskRow(decided, 1), taskRow(water, 1)] as never);
}, 60_000);
afterAll(() => api?.stop());

test('a project’s course has its rounds, what was turned back and why, and its time in the year’s plan', async () => {
  const { body } = await county.get(`projects/${ID}/course`).expect(200);
  const items = (body as { items: Stretch[] }).items;
  expect(items.map(({ step, round, state, from, to }) => [step, round, state, from, to])).toEqual([
    ['needs-collection', 0, 'on-paper', undefined, undefined],
    ['public-notice', 1, 'returned', at(2), at(3)],
    ['public-notice', 2, 'done', at(4), at(5)],
    ['county-submission', 1, 'done', at(6), at(8)],
    ['joint-review', 1, 'returned', at(8), at(9)],
    ['county-submission', 2, 'running', at(9), undefined],
  ]);
  expect(items.map(({ reason }) => reason).filter(Boolean)).toEqual(['样例：意见较多', '样例：资金未落实']);
});

test('P1.4: an operator sees the course without reasons, and none of the documents', async () => {
  const { body } = await operator.get(`projects/${ID}/course`).expect(200);
  expect(JSON.stringify(body)).not.toContain('样例');
  await operator
    .get(`projects/${ID}/documents`)
    .expect(200)
    .expect(({ body: { items } }) => expect(items).toEqual([]));
  await (await api.as('371311-housing')).get(`projects/${ID}/course`).expect(404);
});

test('P2.4.4: a project’s documents are listed by the name under which they were asked for', async () => {
  const { body } = await county.get(`projects/${ID}/documents`).expect(200);
  expect(body.items).toMatchObject([
    {
      key: 'notice-photo',
      step: 'public-notice',
      round: 2,
      organisation: '371302-s1',
      id: SAMPLE_ATTACHMENT,
    },
  ]);
});

test('the record begins with the latest event where that is asked for, and pages go on from there', async () => {
  const first = await county.get(`projects/${ID}/events?latestFirst=true&limit=2`).expect(200);
  const next = await county
    .get(`projects/${ID}/events?latestFirst=true&limit=2&cursor=${first.body.nextCursor as string}`)
    .expect(200);
  const types = [...first.body.items, ...next.body.items].map(({ type }: { type: string }) => type);
  expect(types).toEqual([
    'ready-for-submission',
    'listing-deferred',
    'listing-in-review',
    'ready-for-submission',
  ]);
});

test('who may begin an act is told with it', async () => {
  const { body } = await county.get(`projects/${ID}/acts`).expect(200);
  const yours = (body.items as { act: string; yours: boolean }[]).map(({ act, yours: own }) => [act, own]);
  expect(yours).toEqual([
    ['suspension', true],
    ['cancellation', false],
    ['residents-vote', false],
  ]);
});

test('the system administrator is led to the workflow in the Temporal UI, and nobody else', async () => {
  const system = await api.administrator('system');
  const { body } = await system.get(`projects/${ID}`).expect(200);
  expect(body.engineUrl).toBe(`${UI}/namespaces/default/workflows/project%2F${ID}`);
  const other = await county.get(`projects/${ID}`).expect(200);
  expect(other.body).not.toHaveProperty('engineUrl');
});

test('offices and kinds of tasks are named by their keys', async () => {
  const { body } = await county.get('organisations/names?ids=371302-housing,nobody-there').expect(200);
  expect(Object.keys(body.names as object)).toEqual(['371302-housing']);
  const kinds = await county.get('kinds').expect(200);
  expect(kinds.body.items).toContainEqual(
    expect.objectContaining({ kind: 'notice-posting', clause: 'P2.1.3' }),
  );
});

test('P5.1.2: whoever sees a project has its record verified, and an altered event is named; not without limit', async () => {
  await api.store.events.model.collection.deleteMany({ workflowId: 'told' });
  const whole = await operator.get(`projects/${ID}/record-check`).expect(200);
  expect(whole.body).toMatchObject({ whole: true, chains: 1, events: 4, faults: [] });
  await api.store.events.model.collection.updateOne(
    { workflowId: CHAIN, seq: 3 },
    { $set: { data: { n: 33 } } },
  );
  const altered = await county.get(`projects/${ID}/record-check`).expect(200);
  expect(altered.body).toMatchObject({ whole: false, faults: [{ workflowId: CHAIN, seq: 3 }] });
  await (await api.as('371311-housing')).get(`projects/${ID}/record-check`).expect(404);
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => operator.get(`projects/${ID}/record-check`)),
  );
  expect(answers.map(({ status }) => status)).toContain(429);
});
