import { yearToDeclare } from '../../domain/annual-plan';
import { linyi } from '../../policy/linyi';
import { insist, startReal, taskOf, type RealSystem } from './real';
import type { Person } from './api';

/** Many decisions in one request, on a real engine. */
describe('POST /tasks/completions', () => {
  let system: RealSystem;
  let neighbourhood: Person;
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);

  beforeAll(async () => {
    system = await startReal();
    neighbourhood = await system.as('371302-n1');
    await insist(await system.as('371300-housing'), 'plans', { year }, 'plan');
    const county = await system.as('371302-housing');
    await insist(county, 'projects', { communityIds: ['c1'], year }, 'begin');
  }, 90_000);
  afterAll(() => system.stop(), 30_000);

  const outcomes = (body: unknown) => (body as { outcomes: Record<string, unknown>[] }).outcomes;

  test('each has its own outcome, in the order in which they were sent; the same key does nothing twice', async () => {
    const { id, example } = await taskOf(neighbourhood, 'household-survey');
    const elsewhere = id.replace('needs-collection.1.1', 'needs-collection.1.9');
    const completions = [
      { task: elsewhere, completion: {} },
      { task: id, completion: example },
    ];
    const first = await neighbourhood.post('tasks/completions', { completions }, 'many').expect(200);
    expect(outcomes(first.body)).toMatchObject([
      { task: elsewhere, status: 404, code: 'not-found' },
      { task: id, status: 200 },
    ]);
    const again = await neighbourhood.post('tasks/completions', { completions }, 'many').expect(200);
    expect(again.body).toEqual(first.body);
    const other = await neighbourhood.post('tasks/completions', { completions }, 'other').expect(200);
    expect(outcomes(other.body)[1]).toMatchObject({ status: 409, code: 'task-not-open' });
    const events = await system.store.events.model.countDocuments({ taskId: id, type: 'task-completed' });
    expect(events).toBe(1);
  });

  test('P1.4: another’s seat, a form that does not fit and a rule are refused one by one, and change nothing', async () => {
    const street = await system.as('371302-s1');
    const { id, example } = await taskOf(street, 'needs-confirmation');
    const refused = [
      [neighbourhood, { task: id, completion: example }, 403],
      [street, { task: id, completion: { ...(example as object), colour: 'red' } }, 400],
    ] as const;
    for (const [person, one, status] of refused) {
      const { body } = await person.post('tasks/completions', { completions: [one] }).expect(200);
      expect(outcomes(body)).toMatchObject([{ task: id, status }]);
    }
    expect((await street.get(`tasks/${id}`).expect(200)).body.status).toBe('open');
  });

  test('none, one twice, and more than five hundred are refused as a whole', async () => {
    const one = { task: 'project.371302-2028-0001.needs-collection.1.1', completion: {} };
    const many = Array.from({ length: 501 }, (_, n) => ({ ...one, task: `${one.task.slice(0, -1)}${n}` }));
    for (const completions of [[], [one, one], many]) {
      await neighbourhood.post('tasks/completions', { completions }).expect(400);
    }
  });
});
