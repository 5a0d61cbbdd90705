import { z } from 'zod';
import { hashOf } from '../../domain/events';
import type { Task } from '../../domain/task';
import { taskRow } from '../../store/tasks';
import type { Receipt } from '../../workflows/messages';
import { startApi, type Person, type TestApi } from './api';
import type { Sent } from './fake-engine';

describe('tasks', () => {
  let api: TestApi;
  let street: Person;
  const ID = 'project.371302-2028-0001.control.1.1';

  const TASK: Task = {
    id: ID,
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
    context: { project: '样例', enterAt: 'tendering', documents: [] },
    assignedAt: '2027-03-01T01:00:00.000Z',
    due: {
      at: '2027-03-08T16:00:00.000Z',
      date: '2027-03-08',
      period: { workingDays: 5 },
      from: '2027-03-01',
      basis: '样例',
      provisional: true,
    },
    overdue: false,
    suspended: false,
  };

  const put = (...tasks: Partial<Task>[]) =>
    api.store.tasks.model.collection.insertMany(
      tasks.map((change) => taskRow({ ...TASK, ...change }, 1) as never),
    );

  beforeAll(async () => {
    api = await startApi();
    street = await api.as('371302-s1');
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    api.engine.sent.length = 0;
    for (const { model } of [api.store.tasks, api.store.events, api.store.heads]) {
      await model.collection.deleteMany({});
    }
  });

  const idsOf = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);

  test('an inbox shows what one’s own organisation must do, the earliest due first', async () => {
    await put(
      { id: `${ID}1`, organisation: '371302-s2' },
      { id: `${ID}2`, due: { ...TASK.due, at: '2027-03-09T16:00:00.000Z' } as Task['due'] & object },
      { id: `${ID}3` },
      { id: `${ID}4`, status: 'completed' },
      { id: `${ID}5`, notBy: [street.user] },
      { id: `${ID}6`, organisation: '371300-power', paperBy: '371302-s1' },
    );
    const mine = await street
      .get('tasks?status=open&mine=true&kind=&projectId=&overdue=&limit=&cursor=')
      .expect(200);
    expect(idsOf(mine.body)).toEqual([`${ID}3`, `${ID}2`]);
    const visible = await street.get('tasks?status=open').expect(200);
    expect(idsOf(visible.body).sort()).toEqual([`${ID}2`, `${ID}3`, `${ID}5`, `${ID}6`]);
    const page = await street.get('tasks?status=open&mine=true&limit=1').expect(200);
    const next = await street
      .get(`tasks?status=open&mine=true&limit=1&cursor=${page.body.nextCursor}`)
      .expect(200);
    expect([...idsOf(page.body), ...idsOf(next.body)]).toEqual([`${ID}3`, `${ID}2`]);
    expect(next.body.nextCursor).toBeUndefined();
    expect((await street.get('tasks?overdue=true').expect(200)).body.items).toEqual([]);
    expect((await street.get('tasks?kind=scheme-review').expect(200)).body.items).toEqual([]);
  });

  test('a task carries the schema of its completion and an example that fits it', async () => {
    await put({});
    const { body } = await street.get(`tasks/${ID}`).expect(200);
    expect(body.form).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      title: '确认接入项目的纸质材料',
      required: ['confirmed'],
      additionalProperties: false,
      properties: {
        confirmed: { type: 'boolean', title: '材料属实、齐全' },
      },
    });
    expect(body.form.properties.paper).toBeUndefined();
    expect(body.form.properties.lateReason).toBeUndefined();
    expect(body.example).toEqual({ confirmed: true });
    expect(z.fromJSONSchema(body.form).safeParse(body.example).success).toBe(true);
  });

  test('an overdue task asks for the reason, and its example gives one', async () => {
    await put({ overdue: true });
    const { body } = await street.get(`tasks/${ID}`).expect(200);
    expect(body.form.required).toEqual(['confirmed', 'lateReason']);
    expect(body.form.properties.lateReason).toMatchObject({ title: '逾期原因' });
    expect(body.example.lateReason).toMatch(/^样例/);
  });

  test('a task that is done carries what was decided and no example', async () => {
    const by = { user: street.user, organisation: '371302-s1' };
    await put({
      status: 'completed',
      outcome: { form: { confirmed: true }, by, at: '2027-03-02T01:00:00.000Z' },
    });
    const { body } = await street.get(`tasks/${ID}`).expect(200);
    expect(body.outcome).toMatchObject({ form: { confirmed: true }, by });
    expect(body.people).toEqual({ [street.user]: street.user });
    expect(body.example).toBeUndefined();
  });

  test('P1.4: a task of another organisation is neither shown nor decided', async () => {
    await put({});
    const other = await api.as('371302-s2');
    expect((await other.get(`tasks/${ID}`).expect(403)).body.code).toBe('not-your-seat');
    expect((await other.post(`tasks/${ID}/completion`, { confirmed: true }).expect(403)).body.code).toBe(
      'not-your-seat',
    );
    await street.get('tasks/project.371302-2028-0009.control.1.1').expect(404);
    await street.get('tasks/..%2f').expect(400);
    expect(api.engine.sent).toEqual([]);
  });

  test('who may record from paper sees a form and an example with the paper', async () => {
    await put({ organisation: '371300-power', paperBy: '371302-s1' });
    const { body } = await street.get(`tasks/${ID}`).expect(200);
    expect(body.form.required).toEqual(['confirmed', 'paper']);
    expect(body.example.paper).toMatchObject({ date: '2027-03-01', attachment: 'sample-attachment' });
    const { body: own } = await (await api.as('371300-power')).get(`tasks/${ID}`).expect(200);
    expect(own.example.paper).toBeUndefined();
  });

  test('a form for another kind of task is refused field by field, before the engine is asked', async () => {
    await put({});
    const { body } = await street
      .post(`tasks/${ID}/completion`, { postedOn: '2027-03-01', until: '2027-03-08', place: '南门' })
      .expect(400);
    const paths = (body.errors as { path: string }[]).map(({ path }) => path);
    expect(paths.sort()).toEqual(['confirmed', 'place', 'postedOn', 'until']);
    await street
      .post(`tasks/${ID}/completion`, {
        confirmed: true,
        paper: { number: '1', date: '2027-02-30', attachment: 'x' },
      })
      .expect(400);
    expect(api.engine.sent).toEqual([]);
  });

  test('a decision on a closed task is task-not-open, and the engine is not asked', async () => {
    await put({ status: 'closed', closedBecause: '退回' });
    const { body } = await street.post(`tasks/${ID}/completion`, { confirmed: true }).expect(409);
    expect(body.code).toBe('task-not-open');
    expect(api.engine.sent).toEqual([]);
  });

  describe('a completion', () => {
    /** What the workflow and its record do with an accepted decision. */
    async function record(sent: Sent, seq: number): Promise<Receipt> {
      const { form, by } = sent.argument;
      await api.store.tasks.model.collection.updateOne(
        { _id: ID as never },
        { $set: { status: 'completed', outcome: { form, by, at: TASK.assignedAt } } },
      );
      return api.record(sent, seq);
    }

    const receipt = ({ workflowId, argument }: Sent, seq: number): Receipt => ({
      workflowId,
      seq,
      bodyHash: String(argument['bodyHash']),
    });

    test('is one Update to the workflow that the task names, answered when the record shows it', async () => {
      await put({});
      api.engine.onUpdate = async (sent) => {
        setTimeout(() => void record(sent, 7), 50);
        return receipt(sent, 7);
      };
      const { body } = await street.post(`tasks/${ID}/completion`, { confirmed: true }, 'key-1').expect(200);
      expect(body.task).toMatchObject({
        id: ID,
        status: 'completed',
        outcome: { form: { confirmed: true } },
      });
      expect(api.engine.sent).toEqual([
        {
          workflowId: 'project/371302-2028-0001/control/1',
          update: 'completeTask',
          updateId: hashOf([street.user, 'key-1']),
          argument: {
            taskId: ID,
            form: { confirmed: true },
            by: { user: street.user, organisation: '371302-s1' },
            bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
            signature: expect.objectContaining({ value: expect.stringMatching(/^[0-9a-f]{128}$/) }),
          },
        },
      ]);
    });

    test('is looked up by its key before the state of the task: the same key gets the first answer', async () => {
      await put({});
      api.engine.onUpdate = (sent) => record(sent, 7);
      const post = (body: object, person = street) => person.post(`tasks/${ID}/completion`, body, 'key-2');
      const first = await post({ confirmed: true }).expect(200);
      const again = await post({ confirmed: true }).expect(200);
      expect(again.body).toEqual(first.body);
      const other = await post({ confirmed: false }).expect(409);
      expect(other.body.code).toBe('idempotency-key-reused');
      const colleague = await api.as('371302-s1', 'signatory');
      expect((await post({ confirmed: true }, colleague).expect(409)).body.code).toBe('task-not-open');
      expect(api.engine.sent).toHaveLength(1);
    });

    test('a key of another kind of request, or of the same body elsewhere, is reused', async () => {
      await put({}, { id: `${ID}2` });
      api.engine.onUpdate = (sent) => record(sent, 7);
      await street.post(`tasks/${ID}/completion`, { confirmed: true }, 'key-3').expect(200);
      await street.post(`tasks/${ID}2/completion`, { confirmed: true }, 'key-3').expect(409);
      const community = {
        name: '样例',
        households: 1,
        buildings: 1,
        floorArea: 80,
        county: '371302',
        subdistrict: '371302-s1',
        neighbourhood: '371302-n1',
      };
      await street.post('communities', community, 'key-3').expect(409);
      await street.post('communities', community, 'key-4').expect(201);
      await street.post(`tasks/${ID}2/completion`, { confirmed: true }, 'key-4').expect(409);
      expect(api.engine.sent).toHaveLength(1);
    });

    test('that the record does not show in time is 503 within five seconds; the same key finds it later', async () => {
      await put({});
      const late: Sent[] = [];
      api.engine.onUpdate = async (sent) => {
        late.push(sent);
        return receipt(sent, 9);
      };
      const began = Date.now();
      const { body } = await street.post(`tasks/${ID}/completion`, { confirmed: true }, 'key-5').expect(503);
      expect(Date.now() - began).toBeLessThan(5_000);
      expect(body.code).toBe('engine-unavailable');
      await record(late[0] as Sent, 9);
      const { body: found } = await street
        .post(`tasks/${ID}/completion`, { confirmed: true }, 'key-5')
        .expect(200);
      expect(found.task.status).toBe('completed');
      expect(api.engine.sent).toHaveLength(1);
    });
  });
});
