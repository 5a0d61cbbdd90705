import type { ProjectNode } from '../../domain/node';
import type { Task } from '../../domain/task';
import { linyi } from '../../policy/linyi';
import { taskRow } from '../../store/tasks';
import { stepNode, task } from '../store/sample-record';
import { NOW, startApi, type Person, type TestApi } from './api';

const ID = '371302-2028-0001';
const STEP = `project/${ID}/public-notice/1`;

let api: TestApi;
let county: Person;

const node: ProjectNode = {
  node: 'project',
  projectId: ID,
  name: '样例项目',
  county: '371302',
  areas: ['371300', '371302', '371302-s1'],
  year: 2028,
  communities: ['c1'],
  status: 'running',
  steps: ['public-notice'],
  rounds: { 'public-notice': 1 },
  running: { 'public-notice': STEP },
  bindings: {},
  policyVersion: linyi.version,
  onPaper: [],
  outputs: {},
  acts: [{ act: 'return', context: { steps: ['public-notice'], returnable: ['preliminary-plan'] } }],
  startedAt: '2027-01-04T01:00:00.000Z',
};

async function put(...tasks: Task[]): Promise<void> {
  await api.store.tasks.model.collection.insertMany(tasks.map((one) => taskRow(one, 1)) as never);
}

const late = (number: number, change: Partial<Task> = {}): Task =>
  task(STEP, number, { projectId: ID, county: '371302', overdue: true, ...change });

beforeAll(async () => {
  api = await startApi();
  county = await api.as('371302-housing');
  const { projects, steps } = api.store;
  await projects.model.collection.insertOne({
    _id: ID as never,
    ...node,
    parties: [],
    workflowId: `project/${ID}`,
    seq: 1,
  });
  const waits = [{ what: '公示', until: '2027-03-10', provisional: true }];
  const step = stepNode({ projectId: ID, county: '371302', waits, openedAt: '2027-02-26T01:00:00.000Z' });
  await steps.model.collection.insertOne({ _id: STEP as never, ...step, workflowId: STEP, seq: 1 });
  await put(
    late(1),
    late(2, { due: undefined as never, overdue: false }),
    late(3, { organisation: '371311-s1', county: '371311', projectId: '371311-2028-0001' }),
    late(4, { suspended: true, organisation: '371302-finance' }),
    late(5, { status: 'completed', organisation: '371302-finance' }),
    late(6, {
      organisation: '371302-housing',
      due: { ...(late(6).due as never as object), at: '2027-02-26T16:00:00.000Z' } as never,
    }),
  );
});
afterAll(() => api.stop());

test('the outlook says whom a project waits for, why and until when, and what follows from each outcome', async () => {
  const { body } = await county.get(`projects/${ID}/outlook`).expect(200);
  expect(body.awaited).toContainEqual(
    expect.objectContaining({
      organisation: '371302-s1',
      seat: { body: 'subdistrict', level: 'subdistrict' },
      overdue: true,
      due: expect.objectContaining({
        date: '2027-01-11',
        basis: '临政办字〔2020〕81号 二(一)3',
        provisional: false,
      }),
    }),
  );
  expect(body.waits).toEqual([
    { step: 'public-notice', what: '公示', until: '2027-03-10', provisional: true },
  ]);
  expect(body.outcomes).toMatchObject([
    { outcome: 'settled', steps: ['county-submission'], clause: 'P2.1.3' },
    { outcome: 'adjusted', steps: ['preliminary-plan'] },
  ]);
  expect(body.returns).toEqual([{ to: 'preliminary-plan', seats: ['housing@county'] }]);
  const [now, next] = body.forecast;
  // Five working days of notice and five of answers since the 26th of February, in a year without a list.
  expect(now).toMatchObject({
    step: 'public-notice',
    state: 'running',
    until: '2027-03-12',
    provisional: true,
  });
  expect(next).toMatchObject({ step: 'county-submission', from: '2027-03-12', until: '2027-09-30' });
  expect(body.completesBy).toBeUndefined();
});

test('P1.4: an operator sees how the project stands and what is asked of itself; a stranger nothing', async () => {
  const operator = await api.as('371300-water');
  await operator.get(`projects/${ID}/outlook`).expect(404);
  await put(late(7, { organisation: '371300-water', overdue: false }));
  const { body } = await operator.get(`projects/${ID}/outlook`).expect(200);
  expect(body.awaited.map(({ organisation }: { organisation: string }) => organisation)).toEqual([
    '371300-water',
  ]);
  expect(body.forecast[0]).toMatchObject({ step: 'public-notice', until: '2027-03-12' });
});

describe('the supervision list', () => {
  const lateness = async (person: Person, query = '') => {
    const { body } = await person.get(`supervision${query}`).expect(200);
    return body.items.map((one: { organisation: string; overdue: number; workingDaysLate: number }) => [
      one.organisation,
      one.overdue,
      one.workingDaysLate,
    ]);
  };

  test('names who is late, how much and how long, the longest first; neither suspended nor done', async () => {
    expect(NOW).toBe(Date.parse('2027-03-01T12:00:00+08:00'));
    const city = await api.as('371300-housing');
    expect(await lateness(city)).toEqual([
      ['371302-s1', 1, expect.any(Number)],
      ['371311-s1', 1, expect.any(Number)],
      // Due on Friday: Monday is the first working day after it.
      ['371302-housing', 1, 1],
    ]);
  });

  test('P1.4: shows a county its county, and an office its own', async () => {
    expect((await lateness(county)).map(([id]: [string]) => id)).toEqual(['371302-s1', '371302-housing']);
    const subdistrict = await api.as('371302-s1');
    expect((await lateness(subdistrict)).map(([id]: [string]) => id)).toEqual(['371302-s1']);
    expect(await lateness(subdistrict, '?organisation=371302-housing')).toEqual([]);
  });

  test('P1.4: shows an escalated task to the superior organisation, though nothing else there is its to supervise', async () => {
    const escalated = { on: '2027-02-26', to: ['371302-finance'] };
    await put(
      late(8, { organisation: '371311-s1', county: '371311', projectId: '371311-2028-0002' }),
      late(9, { organisation: '371311-s2', county: '371311', projectId: '371311-2028-0002', escalated }),
    );
    const superior = await api.as('371302-finance');
    const { body } = await superior.get('supervision?organisation=371311-s2').expect(200);
    expect(body).toMatchObject({
      overdue: 1,
      items: [{ organisation: '371311-s2', tasks: [{ escalated }] }],
    });
    expect((await lateness(superior)).map(([id]: [string]) => id)).not.toContain('371311-s1');
    const other = await api.as('371302-s1');
    expect((await lateness(other)).map(([id]: [string]) => id)).not.toContain('371311-s2');
    await api.store.tasks.model.collection.deleteMany({ projectId: '371311-2028-0002' });
  });

  test('lists the tasks of the organisation that is asked for', async () => {
    const { body } = await county.get('supervision?organisation=371302-s1').expect(200);
    expect(body).toMatchObject({
      overdue: 1,
      items: [{ tasks: [{ kind: 'notice-posting', overdue: true }] }],
    });
  });
});
