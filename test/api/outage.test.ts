import { yearToDeclare } from '../../domain/annual-plan';
import { linyi } from '../../policy/linyi';
import { eventually, insist, startReal, taskOf, type RealSystem } from './real';
import { community, type Person } from './api';

/** Of one workflow the engine keeps ten Updates waiting, and refuses the next. */
const MORE_THAN_IT_KEEPS = 14;

/** Engine, store or worker away: 503 within five seconds, nothing lost, and the same key works afterwards. */
describe('while something is away', () => {
  let system: RealSystem;
  let project: string;
  let housing: Person;
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);

  beforeAll(async () => {
    system = await startReal();
    housing = await system.as('371302-housing');
    await insist(await system.as('371300-housing'), 'plans', { year }, 'plan');
    const { body } = await insist(housing, 'projects', { communityIds: ['c1'], year }, 'begin');
    project = body.id as string;
  }, 60_000);
  afterAll(() => system.stop(), 30_000);

  async function unavailable(
    post: () => Promise<{ status: number; body: { code: string }; headers: object }>,
  ) {
    const began = Date.now();
    const { status, body, headers } = await post();
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'engine-unavailable' });
    expect(headers).toHaveProperty('retry-after');
    expect(Date.now() - began).toBeLessThan(5_000);
  }

  /** With the key that was refused before: the decision is taken now, or was taken then, and stands once. */
  async function standsOnce(person: Person, task: string, example: object, key: string): Promise<void> {
    await eventually(
      'the same key works',
      async () => {
        const { status } = await person.post(`tasks/${task}/completion`, example, key);
        return status === 200 ? true : undefined;
      },
      40_000,
    );
    const { body } = await housing.get(`projects/${project}/events?limit=200`).expect(200);
    const completed = (body.items as { type: string; taskId: string }[]).filter(
      (event) => event.type === 'task-completed' && event.taskId === task,
    );
    expect(completed).toHaveLength(1);
  }

  test('the worker: nobody decides, the engine keeps the decision', async () => {
    const neighbourhood = await system.as('371302-n1');
    const { id, example } = await taskOf(neighbourhood, 'household-survey');
    await system.stopWorker();
    await unavailable(async () => neighbourhood.post(`tasks/${id}/completion`, example, 'no-worker'));
    await system.startWorker();
    await standsOnce(neighbourhood, id, example, 'no-worker');
  }, 60_000);

  test('the worker, and more decisions of one workflow than the engine keeps waiting: 503 each, then one counts', async () => {
    await system.store.communities.model.create(community({ _id: 'c2' }));
    await insist(housing, 'projects', { communityIds: ['c2'], year }, 'begin-another');
    const neighbourhood = await system.as('371302-n1');
    const { id, example } = await taskOf(neighbourhood, 'household-survey');
    const keys = Array.from({ length: MORE_THAN_IT_KEEPS }, (_, n) => `many-${n}`);
    const send = (key: string) => neighbourhood.post(`tasks/${id}/completion`, example, key);
    await system.stopWorker();
    await Promise.all(keys.map((key) => unavailable(async () => send(key))));
    await system.startWorker();
    const answers = await Promise.all(
      keys.map((key) =>
        eventually(
          'each key gets its answer',
          async () => {
            const { status } = await send(key);
            return status === 503 ? undefined : status;
          },
          40_000,
        ),
      ),
    );
    expect(answers.sort()).toEqual([200, ...keys.slice(1).map(() => 409)]);
    const completed = await system.store.events.model.countDocuments({ taskId: id, type: 'task-completed' });
    expect(completed).toBe(1);
  }, 90_000);

  test('the engine: reads go on, a decision is 503', async () => {
    const street = await system.as('371302-s1');
    const { id, example } = await taskOf(street, 'needs-confirmation');
    await system.killTemporal();
    await street.get('tasks').expect(200);
    await unavailable(async () => street.post(`tasks/${id}/completion`, example, 'no-engine'));
    await unavailable(async () =>
      housing.post(`projects/${project}/suspension`, { reason: '样例' }, 'no-engine'),
    );
    expect((await housing.get('/readyz').expect(503)).body).toMatchObject({ engine: 'away', store: 'ok' });
    await system.restartTemporal();
    await standsOnce(street, id, example, 'no-engine');
  }, 90_000);

  test('the store: everything but healthz is 503, and nothing is lost', async () => {
    const { id, example } = await taskOf(housing, 'preliminary-plan');
    await system.killMongo();
    await unavailable(async () => housing.post(`tasks/${id}/completion`, example, 'no-store'));
    await unavailable(async () => housing.get('projects'));
    await unavailable(async () => housing.post('sessions', { username: 'x', password: 'y' }));
    await housing.get('/healthz').expect(200);
    await system.restartMongo();
    await standsOnce(housing, id, example, 'no-store');
  }, 90_000);
});
