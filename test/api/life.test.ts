import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { verifyChain } from '../../domain/events';
import { yearToDeclare } from '../../domain/annual-plan';
import { linyi } from '../../policy/linyi';
import { eventually, insist, startReal, taskOf, type RealSystem } from './real';
import type { Person } from './api';

/** A project's first weeks over HTTP, on a real engine with the product's own worker. */
describe('a project over HTTP', () => {
  let system: RealSystem;
  let housing: Person;
  let street: Person;
  let neighbourhood: Person;
  let id: string;
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);

  beforeAll(async () => {
    system = await startReal();
    [housing, street, neighbourhood] = await Promise.all([
      system.as('371302-housing'),
      system.as('371302-s1'),
      system.as('371302-n1'),
    ]);
  }, 60_000);
  afterAll(() => system.stop(), 30_000);

  const complete = (person: Person, task: string, body: object, key?: string) =>
    person.post(`tasks/${task}/completion`, body, key);

  async function exemplary(person: Person, kind: string) {
    const { id: task, example } = await taskOf(person, kind);
    const { body } = await complete(person, task, example).expect(200);
    return body.task as { id: string; status: string };
  }

  test('readyz answers 200 once a worker polls', async () => {
    await eventually('readyz', async () =>
      (await housing.get('/readyz')).status === 200 ? true : undefined,
    );
  });

  test('a plan is opened and a project begun; both are visible when they are answered', async () => {
    const city = await system.as('371300-housing');
    const { body: plan } = await insist(city, 'plans', { year }, 'plan');
    expect(plan).toMatchObject({ year, open: true });
    const { body, status } = await insist(housing, 'projects', { communityIds: ['c1'], year }, 'begin');
    expect(status).toBe(201);
    id = body.id as string;
    const { body: found } = await housing.get(`projects/${id}`).expect(200);
    expect(found).toMatchObject({ id, status: 'running' });
    const again = await housing.post('projects', { communityIds: ['c1'], year }, 'begin').expect(201);
    expect(again.body.id).toBe(id);
  });

  test('P1.4: a form may name only files that are there and that its author may see', async () => {
    const { id: task, example } = await taskOf(neighbourhood, 'household-survey');
    const filename = { filename: 'a.pdf', contentType: 'application/pdf', by: 'u-somebody' };
    const foreign = randomUUID();
    await system.store.attachments.save(Readable.from([Buffer.from('%PDF-1.7')]), {
      id: foreign,
      ...filename,
    });
    const text = JSON.stringify(example);
    expect(text).toContain('sample-attachment');
    for (const id of [foreign, randomUUID()]) {
      const form = JSON.parse(text.replaceAll('sample-attachment', id)) as object;
      const { body } = await complete(neighbourhood, task, form).expect(422);
      expect(body).toMatchObject({ code: 'rule-violated', clause: 'P1.4' });
    }
  });

  test('two simultaneous completions of one task: one success, one task-not-open', async () => {
    const { id: task, example } = await taskOf(neighbourhood, 'household-survey');
    const answers = await Promise.all([
      complete(neighbourhood, task, example, 'a'),
      complete(neighbourhood, task, example, 'b'),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('task-not-open');
    const { body } = await neighbourhood.get(`tasks/${task}`).expect(200);
    expect(body.status).toBe('completed');
  });

  test('one key four times at once is one decision and one answer', async () => {
    const { id: task, example } = await taskOf(street, 'needs-confirmation');
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => complete(street, task, example, 'same').expect(200)),
    );
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    const { body } = await housing.get(`projects/${id}/events?limit=200`).expect(200);
    const completed = (body.items as { type: string; taskId: string }[]).filter(
      (event) => event.type === 'task-completed' && event.taskId === task,
    );
    expect(completed).toHaveLength(1);
  });

  test('P2.1.2: sums that do not agree to the fen are refused with clause and path, and nothing changes', async () => {
    const { id: task, example } = await taskOf(housing, 'preliminary-plan');
    const plan = structuredClone(example) as unknown as { plan?: Plan } & Plan;
    const [first] = (plan.plan ?? plan).communities;
    if (first) first.budgetFen += 1;
    const { body } = await complete(housing, task, plan).expect(422);
    expect(body).toMatchObject({ code: 'rule-violated', clause: expect.stringMatching(/^P/) });
    expect(body.violations[0].path).toContain('budgetFen');
    const { body: after } = await housing.get(`tasks/${task}`).expect(200);
    expect(after).toMatchObject({ status: 'open', example });
    await complete(housing, task, example).expect(200);
  });

  test('P1.4: a suspended project takes no decision; who may not suspend is refused by the workflow', async () => {
    const finance = await system.as('371302-finance');
    const { body: acts } = await housing.get(`projects/${id}/acts`).expect(200);
    const suspension = (acts.items as { act: string; href: string; example: object }[]).find(
      ({ act }) => act === 'suspension',
    );
    expect(suspension?.href).toBe(`/api/v1/projects/${id}/suspension`);
    await finance.post(`projects/${id}/suspension`, { reason: '不归我管' }).expect(403);
    await housing.post(`projects/${id}/suspension`, { reason: '' }).expect(400);
    const { body } = await housing.post(`projects/${id}/suspension`, suspension?.example, 'stop').expect(201);
    expect(body.event).toMatchObject({ type: 'suspension-begun', by: { organisation: '371302-housing' } });
    const again = await housing.post(`projects/${id}/suspension`, suspension?.example, 'stop').expect(201);
    expect(again.body).toEqual(body);

    const water = await system.as('371300-water');
    const { id: task, example } = await taskOf(water, 'operator-plan');
    await eventually('the step is suspended', async () =>
      (await water.get(`tasks/${task}`)).body.suspended === true ? true : undefined,
    );
    const refused = await complete(water, task, example).expect(409);
    expect(refused.body).toMatchObject({ code: 'wrong-step', detail: '项目已暂停，恢复后方可办理' });
    await housing.post(`projects/${id}/resumption`, { reason: '汛期结束' }).expect(201);
    await eventually('the step goes on', async () =>
      (await water.get(`tasks/${task}`)).body.suspended === false ? true : undefined,
    );
    await complete(water, task, example).expect(200);
  });

  test('P1.4: a decision taken on paper is entered by one, confirmed by another, and says so for ever', async () => {
    const { body: open } = await housing
      .get(`tasks?status=open&kind=operator-plan&projectId=${id}`)
      .expect(200);
    const power = (open.items as { id: string; organisation: string }[]).find(
      ({ organisation }) => organisation === '371300-power',
    );
    const task = power?.id ?? '';
    const { body: shown } = await housing.get(`tasks/${task}`).expect(200);
    const { paper: _, ...withoutPaper } = shown.example;
    expect((await complete(housing, task, withoutPaper).expect(403)).body.code).toBe('not-your-seat');
    const { body: entered } = await complete(housing, task, shown.example).expect(200);
    expect(entered.task).toMatchObject({ status: 'open', awaitsConfirmation: true });

    const other = await system.as('371302-housing', 'signatory');
    const own = await housing.get(`tasks?status=open&mine=true&kind=paper-confirmation`).expect(200);
    expect(own.body.items).toEqual([]);
    await exemplary(other, 'paper-confirmation');
    const done = await eventually('the paper decision', async () => {
      const { body } = await housing.get(`tasks/${task}`).expect(200);
      return body.status === 'completed' ? (body as { outcome: { by: object } }) : undefined;
    });
    expect(done.outcome.by).toMatchObject({
      organisation: '371300-power',
      recordedBy: { organisation: '371302-housing', user: housing.user, confirmedBy: other.user },
    });
  });

  test('P2.1.3: a notice of four working days is refused, one of five is taken', async () => {
    for (const operator of ['gas', 'heating', 'telecom-1', 'telecom-2', 'telecom-3', 'cable-tv']) {
      await exemplary(await system.as(`371300-${operator}`), 'operator-plan');
    }
    await exemplary(await system.as('371302-finance'), 'fiscal-confirmation');
    const { id: task, example } = await taskOf(street, 'notice-posting');
    const { body: due } = await street
      .get(`calendars/due?from=${String(example['postedOn'])}&workingDays=4`)
      .expect(200);
    const { body } = await complete(street, task, { ...example, until: due.date as string }).expect(422);
    expect(body).toMatchObject({ code: 'rule-violated', clause: 'P2.1.3', violations: [{ path: 'until' }] });
    await complete(street, task, example).expect(200);
    const notice = await eventually('the notice is public', async () => {
      const { body: list } = await street.get('notices?open=true').expect(200);
      return (list.items as { id: string; projectId: string }[])[0];
    });
    expect(notice).toMatchObject({ id: `${id}-1`, projectId: id });
  });

  test('a return leads back with a new round, and the old task can no longer be decided', async () => {
    const { body: before } = await housing.get(`tasks?projectId=${id}&limit=200`).expect(200);
    expect((before.items as unknown[]).length).toBeGreaterThan(0);
    await housing.post(`projects/${id}/return`, { to: 'tendering', reason: '不可能' }).expect(422);
    await housing
      .post(`projects/${id}/return`, { to: 'preliminary-plan', reason: '样例：方案须调整' })
      .expect(201);
    await eventually('the second round', async () => {
      const { body } = await housing.get(`projects/${id}`).expect(200);
      return body.rounds['preliminary-plan'] === 2 ? true : undefined;
    });
    const { id: task, example } = await taskOf(housing, 'preliminary-plan');
    expect(task).toContain('.preliminary-plan.2.');
    await complete(housing, task.replace('plan.2', 'plan.1'), example).expect(409);
  });

  test('the record holds: every chain of the project, read over HTTP, is whole', async () => {
    const events: { workflowId: string; seq: number; id: string }[] = [];
    let cursor = '';
    do {
      const { body } = await housing.get(`projects/${id}/events?limit=50&cursor=${cursor}`).expect(200);
      events.push(...body.items);
      cursor = body.nextCursor ?? '';
    } while (cursor);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    for (const workflowId of new Set(events.map((event) => event.workflowId))) {
      const stored = await system.store.events.ofWorkflow(workflowId);
      const head = await system.store.heads.find(workflowId);
      expect(verifyChain(workflowId, head?.origin ?? '', stored, head)).toBeUndefined();
      expect(events.filter((event) => event.workflowId === workflowId)).toHaveLength(stored.length);
    }
  });
});

interface Plan {
  communities: { budgetFen: number }[];
}
