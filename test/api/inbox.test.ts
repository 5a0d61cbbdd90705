import type { Task } from '../../domain/task';
import { taskRow } from '../../store/tasks';
import { startApi, type Person, type TestApi } from './api';

let api: TestApi;
let street: Person;
let n = 0;

beforeAll(async () => {
  api = await startApi();
  street = await api.as('371302-s1');
  await api.store.projects.model.collection.insertOne({
    _id: '371302-2028-0001' as never,
    node: 'project',
    projectId: '371302-2028-0001',
    name: '样例一小区改造项目',
    areas: [],
    bindings: {},
    outputs: {},
  });
});
afterAll(() => api.stop());
beforeEach(async () => void (await api.store.tasks.model.collection.deleteMany({})));

function task(change: Partial<Task> = {}): Task {
  n += 1;
  return {
    id: `project.371302-2028-0001.control.1.${n}`,
    workflowId: 'project/371302-2028-0001/control/1',
    kind: 'intake-confirmation',
    title: '确认接入项目的纸质材料',
    step: 'control',
    round: 1,
    projectId: '371302-2028-0001',
    county: '371302',
    seat: { body: 'subdistrict', level: 'subdistrict' },
    organisation: '371302-s1',
    notBy: [],
    status: 'open',
    context: {},
    assignedAt: '2027-03-01T01:00:00.000Z',
    overdue: false,
    suspended: false,
    ...change,
  };
}

const due = (date: string): NonNullable<Task['due']> => ({
  at: new Date(Date.parse(`${date}T16:00:00Z`)).toISOString(),
  date,
  period: { workingDays: 5 },
  from: '2027-03-01',
  basis: '样例',
  provisional: false,
});

const outcome = (user: string, at: string): NonNullable<Task['outcome']> => ({
  form: {},
  by: { user, organisation: '371302-s1' },
  at,
});

async function put(...tasks: Task[]): Promise<void> {
  await api.store.tasks.model.collection.insertMany(tasks.map((one) => taskRow(one, 1) as never));
}

const listed = async (query: string) =>
  (await street.get(`tasks?${query}`).expect(200)).body.items as {
    id: string;
    projectName?: string;
    left?: { workingDays: number; days: number };
  }[];
const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);

test('P1.4: how long is left is told in working days and in days, so that no page needs a calendar', async () => {
  // Friday, 5 March 2027, 10:00 in Asia/Shanghai.
  api.at(Date.parse('2027-03-05T02:00:00Z'));
  await put(
    task({ due: due('2027-03-09') }),
    task({ due: due('2027-03-05') }),
    task({ due: due('2027-03-03'), overdue: true }),
    task({ due: due('2027-03-09'), suspended: true }),
  );
  const rows = await listed('status=open&mine=true');
  expect(rows.map(({ left }) => left)).toEqual([
    { workingDays: -2, days: -2 },
    { workingDays: 0, days: 0 },
    { workingDays: 2, days: 4 },
    undefined,
  ]);
  expect(rows[0]?.projectName).toBe('样例一小区改造项目');
});

test('tasks are found by their title and by their project’s number or name; no sign in a search is a pattern', async () => {
  await put(task(), task({ title: '公示（样例）', projectId: '371302-2028-0002' }));
  expect(await listed('mine=true&q=公示（')).toHaveLength(1);
  expect(await listed('mine=true&q=样例一')).toHaveLength(1);
  expect(await listed('mine=true&q=2028-0002')).toHaveLength(1);
  expect(await listed('mine=true&q=.*')).toEqual([]);
  expect(await listed('mine=true&step=control&q=371302')).toHaveLength(2);
});

test('what I decided comes the latest first, over pages; what I submitted is whoever’s it is to decide', async () => {
  const done = ['2027-03-02T01:00:00Z', '2027-03-04T01:00:00Z', '2027-03-03T01:00:00Z'].map((at) =>
    task({ status: 'completed', outcome: outcome(street.user, at) }),
  );
  const submitted = task({ organisation: '371302-housing', notBy: [street.user] });
  await put(
    ...done,
    submitted,
    task({ status: 'completed', outcome: outcome('u-other', '2027-03-05T01:00:00Z') }),
  );
  const first = await street.get('tasks?decidedByMe=true&limit=2').expect(200);
  const second = await street.get(`tasks?decidedByMe=true&cursor=${first.body.nextCursor}`).expect(200);
  expect([...idsOf(first.body.items), ...idsOf(second.body.items)]).toEqual([
    done[1]?.id,
    done[2]?.id,
    done[0]?.id,
  ]);
  expect(idsOf(await listed('submittedByMe=true'))).toEqual([submitted.id]);
  const other = await api.as('371302-s2');
  expect((await other.get('tasks?submittedByMe=true').expect(200)).body.items).toEqual([]);
});

test('a desk is told how much there is of what, and what is late', async () => {
  await put(
    task(),
    task({ overdue: true }),
    task({ kind: 'notice-posting', title: '张贴公示' }),
    task({ notBy: [street.user] }),
    task({ organisation: '371302-s2' }),
  );
  const { body } = await street.get('inbox').expect(200);
  expect(body).toEqual({
    open: 3,
    overdue: 1,
    kinds: [
      { kind: 'intake-confirmation', title: '确认接入项目的纸质材料', open: 2, overdue: 1 },
      { kind: 'notice-posting', title: '张贴公示', open: 1, overdue: 0 },
    ],
    submitted: 1,
    unreadCopies: 0,
    supervised: 1,
  });
});
