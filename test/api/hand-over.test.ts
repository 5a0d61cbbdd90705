import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { handOver } from '../../domain/forms/task-acts/hand-over';
import type { Task } from '../../domain/task';
import { taskRow } from '../../store/tasks';
import { logIn, personOf, startApi, type Person, type TestApi } from './api';

const OFFICE = '371302-s1';
const WORKFLOW = 'project/371302-2028-0001/control/1';
const task = (number: number, change: Partial<Task> = {}): Task => ({
  id: `${WORKFLOW.replaceAll('/', '.')}.${number}`,
  workflowId: WORKFLOW,
  kind: 'intake-confirmation',
  title: '确认接入项目的纸质材料',
  step: 'control',
  round: 1,
  projectId: '371302-2028-0001',
  county: '371302',
  seat: { body: 'subdistrict', level: 'subdistrict' },
  organisation: OFFICE,
  notBy: [],
  status: 'open',
  context: { project: '样例', enterAt: 'tendering', documents: [] },
  assignedAt: '2027-03-01T01:00:00.000Z',
  overdue: false,
  suspended: false,
  ...change,
});

describe('P1.4: 离岗移交', () => {
  let api: TestApi;
  let leaver: Person;
  let successor: Person;
  let elsewhere: Person;
  let security: Person;
  let refusing: string | undefined;

  beforeAll(async () => {
    api = await startApi();
    leaver = await api.as(OFFICE, 'signatory');
    successor = await api.as(OFFICE);
    elsewhere = await api.as('371302-s2');
    security = await api.administrator('security');
    // The engine carries it out, as the record shows at once.
    api.engine.onUpdate = async (sent) => {
      const { taskId, form, by } = sent.argument as never as {
        taskId: string;
        form: { user: string; reason: string };
        by: { user: string; for: string; organisation: string };
      };
      if (taskId === refusing) {
        throw new WorkflowUpdateFailedError('refused', ApplicationFailure.create({ type: 'needs-repair' }));
      }
      const before = await api.store.tasks.find(taskId);
      if (before) {
        const after = handOver.apply(before, form, by, {} as never);
        await api.store.tasks.model.collection.replaceOne(
          { _id: taskId as never },
          taskRow(after, 2) as never,
        );
      }
      return api.record(sent);
    };
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    refusing = undefined;
    api.engine.sent.length = 0;
    for (const { model } of [api.store.tasks, api.store.standIns, api.store.accessLog]) {
      await model.collection.deleteMany({});
    }
    await api.store.users.model.updateOne({ _id: leaver.user }, { $set: { disabled: false } });
    await security.patch(`users/${elsewhere.user}`, { displayName: '样例' }).expect(200);
    leaver = personOf(api.app, leaver.user, await logIn(api.store, leaver.user));
  });

  const put = (...tasks: Task[]) =>
    api.store.tasks.model.collection.insertMany(tasks.map((one) => taskRow(one, 1)) as never);
  const hand = (body: object = {}, key?: string) =>
    security.post(
      `users/${leaver.user}/hand-over`,
      { successor: successor.user, reason: '样例：调离', ...body },
      key,
    );

  test('the account is locked, its sessions and stand-ins end, and each task is the successor’s by a signed act', async () => {
    const { user } = leaver;
    await put(
      task(1, { holder: user }),
      task(2, { holder: 'u-x', delegation: { by: 'u-x', to: user } }),
      task(3, { organisation: '371302-s2', coSigning: coSigning(user) }),
      task(4, { holder: 'u-x' }),
      task(5, { holder: user, status: 'completed' }),
    );
    await leaver.get('tasks').expect(200);
    const named = { standIn: successor.user, from: '2027-03-01', until: '2027-03-05' };
    await leaver.post('me/stand-ins', named).expect(201);
    const { body } = await hand().expect(200);
    expect(body).toMatchObject({ user, successor: successor.user, standInsEnded: 1, left: [] });
    expect(body.tasks).toEqual(
      [1, 2, 3].map((number) => ({ task: task(number).id, kind: 'intake-confirmation', status: 200 })),
    );
    await leaver.get('tasks').expect(401);
    expect(api.engine.sent.map(({ argument }) => argument)).toMatchObject(
      [1, 2, 3].map(() => ({
        act: 'hand-over',
        form: { user: successor.user, reason: '离岗移交：样例：调离' },
        by: { user: security.user, for: user, organisation: OFFICE },
        signature: { value: expect.stringMatching(/^[0-9a-f]{128}$/) },
      })),
    );
    expect((await api.store.tasks.find(task(1).id))?.holder).toBe(successor.user);
    expect((await api.store.tasks.find(task(4).id))?.holder).toBe('u-x');
    expect((await api.store.standIns.list({ user }))[0]?.ended?.by).toBe(security.user);
  });

  test('what cannot be handed over is listed with its reason, and the next attempt does just that', async () => {
    const { user } = leaver;
    await put(
      task(1, { holder: user }),
      task(2, { holder: user, role: 'signatory' }),
      task(3, { holder: user }),
    );
    refusing = task(3).id;
    const first = (await hand({}, 'one-key').expect(200)).body;
    expect(first.tasks).toMatchObject([
      { status: 200 },
      { status: 422, code: 'rule-violated', detail: expect.stringContaining('角色') },
      { status: 409, code: 'needs-repair' },
    ]);
    expect(first.left).toEqual([task(2).id, task(3).id]);
    refusing = undefined;
    await api.store.users.model.updateOne(
      { _id: successor.user },
      { $push: { seats: { organisation: OFFICE, role: 'signatory' } } },
    );
    api.engine.sent.length = 0;
    const second = (await hand({}, 'one-key').expect(200)).body;
    expect(second).toMatchObject({ tasks: [{ status: 200 }, { status: 200 }], left: [] });
    expect(api.engine.sent).toHaveLength(2);
    expect((await hand({}, 'one-key').expect(200)).body).toMatchObject({ tasks: [], left: [] });
    await api.store.users.model.updateOne(
      { _id: successor.user },
      { $pull: { seats: { organisation: OFFICE, role: 'signatory' } } },
    );
  });

  test('to nobody elsewhere, to no one who has left, not to oneself; and by the security administrator alone', async () => {
    for (const to of [elsewhere.user, leaver.user, 'nobody']) {
      const { body } = await hand({ successor: to }).expect(422);
      expect(body.violations).toMatchObject([{ path: 'successor' }]);
    }
    expect((await api.store.users.find(leaver.user))?.disabled).toBe(false);
    const path = `users/${leaver.user}/hand-over`;
    const body = { successor: successor.user, reason: '样例' };
    await (await api.administrator('system')).post(path, body).expect(403);
    await successor.post(path, body).expect(403);
    await security.post(`users/${security.user}/hand-over`, body).expect(403);
    await security.post('users/nobody/hand-over', body).expect(404);
    // It is no act that somebody does with a task by themselves.
    await put(task(1, { holder: leaver.user }));
    await leaver.post(`tasks/${task(1).id}/hand-over`, { user: successor.user, reason: '样例' }).expect(404);
    const { acts } = (await leaver.get(`tasks/${task(1).id}`).expect(200)).body;
    expect((acts as { act: string }[]).map(({ act }) => act)).not.toContain('hand-over');
  });
});

function coSigning(user: string): NonNullable<Task['coSigning']> {
  const signers = [{ organisation: OFFICE, user, state: 'waiting' as const }];
  return { when: 'after', rule: 'all-of', question: '样例', signers };
}
