import request from 'supertest';
import { startApi, type TestApi } from '../api';
import { COMMUNITY, ENTERED, PROJECT, settle, TASKS, viewer, VIEWERS, type Viewer } from './town';

/**
 * What each sees of one project and of all that belongs to it. `all`: with what was entered. `part`: that it is there
 * and how it stands. `own`: with what they entered themselves. `-`: 404, or not in the list. A number: that status.
 */
type Cell = 'all' | 'part' | 'own' | '-' | 403;

const RESOURCES = {
  project: `projects/${PROJECT}`,
  'list of projects': 'projects?county=371302&q=样例',
  acts: `projects/${PROJECT}/acts`,
  record: `projects/${PROJECT}/events`,
  'another’s task': `tasks/${TASKS.street}`,
  'task of the county': `tasks/${TASKS.list}`,
  'tasks of the project': `tasks?projectId=${PROJECT}`,
  community: `communities/${COMMUNITY}`,
  'list of communities': 'communities?q=样例',
  plan: 'plans/2028',
  'record of the plan': 'plans/2028/events',
} as const;
type Resource = keyof typeof RESOURCES;

const everything: Record<Resource, Cell> = {
  project: 'all',
  'list of projects': 'part',
  acts: 'part',
  record: 'all',
  'another’s task': 'all',
  'task of the county': 403,
  'tasks of the project': 'part',
  community: 'part',
  'list of communities': 'part',
  plan: 'part',
  'record of the plan': '-',
};
const nothing: Record<Resource, Cell> = {
  project: '-',
  'list of projects': '-',
  acts: '-',
  record: '-',
  'another’s task': 403,
  'task of the county': 403,
  'tasks of the project': '-',
  community: '-',
  'list of communities': '-',
  plan: 'part',
  'record of the plan': '-',
};
const party: Record<Resource, Cell> = {
  ...nothing,
  project: 'part',
  'list of projects': 'part',
  acts: '-',
  record: 'part',
  community: 'part',
  'list of communities': 'part',
};
const refused = Object.fromEntries(Object.keys(RESOURCES).map((one) => [one, 403])) as Record<Resource, Cell>;

const TABLE: Record<Viewer, Record<Resource, Cell>> = {
  'own county': { ...everything, 'task of the county': 'all', plan: 'all', 'record of the plan': 'all' },
  'other county': { ...nothing, plan: 'all', 'record of the plan': 'all' },
  city: { ...everything, 'task of the county': 'all', plan: 'all', 'record of the plan': 'all' },
  'own subdistrict': everything,
  'other subdistrict': nothing,
  'own neighbourhood': everything,
  'other neighbourhood': nothing,
  'its owner': everything,
  'its designer': party,
  'another designer': nothing,
  'winner of a contract': party,
  'operator asked': { ...party, record: 'own', 'tasks of the project': 'part' },
  'operator not asked': nothing,
  audit: { ...everything, 'task of the county': 'all', plan: 'all', 'record of the plan': 'all' },
  system: {
    ...nothing,
    project: 'part',
    'list of projects': 'part',
    record: 'part',
    community: 'part',
    'list of communities': 'part',
    'record of the plan': 'part',
  },
  security: { ...refused, 'tasks of the project': '-' },
};

const cells = (Object.keys(VIEWERS) as Viewer[]).flatMap((who) =>
  (Object.keys(RESOURCES) as Resource[]).map((what) => [who, what, TABLE[who][what]] as const),
);

describe('P1.4: who sees what', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startApi();
    await settle(api);
  });
  afterAll(() => api.stop());

  test.each(cells)('%s looks at %s: %s', async (who, what, cell) => {
    const person = await viewer(api, who);
    const { status, body } = await person.get(RESOURCES[what]);
    const items = (body as { items?: unknown[] }).items;
    if (cell === 403) expect([status, body.code]).toEqual([403, 'not-your-seat']);
    else if (cell === '-') expect(items ? [status, items] : [status, body.code]).toEqual(absent(items));
    else {
      expect(status).toBe(200);
      if (items) expect(items.length).toBeGreaterThan(0);
      expect(JSON.stringify(body).includes(ENTERED)).toBe(cell !== 'part');
    }
  });

  const absent = (items: unknown[] | undefined) => (items ? [200, []] : [404, 'not-found']);

  test.each(Object.entries(RESOURCES))('a visitor who looks at %s must log in', async (_, path) => {
    await request(api.app).get(`/api/v1/${path}`).expect(401);
  });

  test('what is not seen and what is not there answer alike', async () => {
    const other = await viewer(api, 'other county');
    const answers = await Promise.all(
      ['projects/371302-2028-0001', 'projects/371302-2028-0099'].map((path) => other.get(path)),
    );
    const [hidden, absentOne] = answers.map(({ status, body }) => ({
      ...body,
      status,
      instance: '',
      requestId: '',
    }));
    expect(hidden).toEqual(absentOne);
  });

  test('an operator reads its own events in full, and of the others only how the project goes', async () => {
    const { body } = await (await viewer(api, 'operator asked')).get(RESOURCES.record).expect(200);
    expect(body.items.map((one: { seq: number; partial?: true }) => [one.seq, one.partial])).toEqual([
      [1, true],
      [2, true],
      [3, undefined],
      [5, undefined],
    ]);
  });

  test('the system administrator sees which seat is vacant, and nothing that was entered', async () => {
    const { body } = await (await viewer(api, 'system')).get(RESOURCES.record).expect(200);
    expect(body.items).toHaveLength(5);
    expect(body.items[4]).toMatchObject({ type: 'seat-vacant', data: { seat: 'gas@operator' } });
  });

  test('a county sees of a plan its own submission, its own list and its own events only', async () => {
    const county = await viewer(api, 'own county');
    const { body } = await county.get(RESOURCES.plan).expect(200);
    expect(body.submissions.map((one: { county: string }) => one.county)).toEqual(['371302']);
    expect(body.facts).toEqual({ year: 2028, phase: 'declaration', listed: [PROJECT] });
    const record = await county.get(RESOURCES['record of the plan']).expect(200);
    expect(record.body.items.map((one: { county: string }) => one.county)).toEqual(['371302']);
    const street = await (await viewer(api, 'own subdistrict')).get(RESOURCES.plan).expect(200);
    expect(street.body.submissions).toEqual([]);
  });

  test('whoever looks at another’s task gets no example of its completion', async () => {
    const { body } = await (await viewer(api, 'own county')).get(RESOURCES['another’s task']).expect(200);
    expect(body.example).toBeUndefined();
    const own = await (await viewer(api, 'own subdistrict')).get(RESOURCES['another’s task']).expect(200);
    expect(own.body.example).toEqual({ confirmed: true });
  });

  test('a company is offered only the acts of its seats', async () => {
    const supervisor = await api.as('371300-supervisor-1');
    await api.store.projects.model.collection.updateOne(
      { _id: PROJECT as never },
      { $set: { 'bindings.supervisor': '371300-supervisor-1' } },
    );
    const { body } = await supervisor.get(RESOURCES.acts).expect(200);
    expect(body.items.map((one: { act: string }) => one.act)).toEqual(['finding']);
    const county = await (await viewer(api, 'own county')).get(RESOURCES.acts).expect(200);
    expect(county.body.items).toHaveLength(2);
  });
});
