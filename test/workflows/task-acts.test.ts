import type { WorkflowHandle } from '@temporalio/client';
import { resolve } from 'node:path';
import { civilDate, plusDays } from '../../domain/calendar';
import type { Task } from '../../domain/task';
import { testKeys } from '../support/keys';
import { startEngine, type Engine } from './engine';
import { sampleOrganisations, stepStart } from './sample';

const CITY_HOUSING = { body: 'housing', level: 'city' } as const;
const HOUSING = '371300-housing';
const FINANCE = '371300-finance';
const [A, B, C] = [`${HOUSING}-1`, `${HOUSING}-2`, `${HOUSING}-3`] as const;
const context = { act: 'withdrawal', title: '撤回', reason: '样例', form: {}, by: '371302-housing' };

describe('acts on a task', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'desk.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (notBy: string[] = [], seats: readonly object[] = [CITY_HOUSING]) => {
    const workflowId = `project/371302-2028-0002/consent/${(n += 1)}`;
    const handle = await engine.start('consent', workflowId, [
      stepStart('control', { seats, context, notBy }),
    ]);
    const task = await engine.task('control-consent', { workflowId });
    return { workflowId, handle, task };
  };

  const now = (task: Task): Task => engine.record.tasks.get(task.id) ?? task;
  const refused = async (attempt: Promise<unknown>): Promise<string> =>
    (await engine.refusalOf(attempt)).code;

  /** The record of the workflow holds, signatures and all. */
  const expectToHold = (workflowId: string): void =>
    expect(engine.record.faultIn(workflowId)).toBeUndefined();

  const eventsOf = (workflowId: string, type: string) =>
    engine.record.of(workflowId).filter((event) => event.type === type);

  describe('claim and release', () => {
    it('P1.4: a claimed task is refused to others of the organisation until it is released', async () => {
      const { task, workflowId, handle } = await begin();
      await engine.actOn(task, 'claim', {}, { user: A });
      expect(now(task).holder).toBe(A);
      expect(await refused(engine.decide(task, {}, { user: B }))).toBe('not-your-seat');
      expect(await refused(engine.actOn(task, 'claim', {}, { user: B }))).toBe('not-your-seat');
      await engine.actOn(task, 'release', {}, { user: A });
      await engine.decide(task, {}, { user: B });
      await handle.result();
      expect(eventsOf(workflowId, 'task-claimed')[0]).toMatchObject({
        by: { user: A },
        data: { due: { before: task.due?.date, after: task.due?.date } },
      });
      expectToHold(workflowId);
    });

    it('P1.4: of two who claim at once one has the task and the other learns it', async () => {
      const { task } = await begin();
      const both = await Promise.allSettled([
        engine.actOn(task, 'claim', {}, { user: A }),
        engine.actOn(task, 'claim', {}, { user: B }),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect([A, B]).toContain(now(task).holder);
    });

    it('P1.4: what somebody else has is taken back with a reason only', async () => {
      const { task } = await begin();
      await engine.actOn(task, 'claim', {}, { user: A });
      expect(await refused(engine.actOn(task, 'release', {}, { user: B }))).toBe('rule-violated');
      await engine.actOn(task, 'release', { reason: '样例：外出' }, { user: B });
      expect(now(task).holder).toBeUndefined();
    });

    it('P1.4: another organisation neither claims nor releases, and leaves no trace', async () => {
      const { task, workflowId } = await begin();
      const before = engine.record.of(workflowId).length;
      expect(await refused(engine.actOn(task, 'claim', {}, { organisation: FINANCE }))).toBe('not-your-seat');
      expect(engine.record.of(workflowId)).toHaveLength(before);
    });
  });

  describe('nobody approves what they themselves submitted', () => {
    it('P1.4: by no transfer, delegation, claim or co-signature, whichever way it is handed on', async () => {
      const { task, workflowId } = await begin([C]);
      const reason = '样例';
      const asked = (signers: object[]) => ({ when: 'before', rule: 'all-of', question: '样例', signers });
      expect(await refused(engine.decide(now(task), {}, { user: C }))).toBe('not-your-seat');
      expect(await refused(engine.actOn(now(task), 'claim', {}, { user: C }))).toBe('not-your-seat');
      for (const act of ['transfer', 'delegation']) {
        const handed = engine.actOn(now(task), act, { user: C, reason }, { user: A });
        expect(await refused(handed)).toBe('rule-violated');
      }
      for (const organisation of [HOUSING, FINANCE]) {
        const named = engine.actOn(now(task), 'co-signature', asked([{ organisation, user: C }]), {
          user: A,
        });
        expect(await refused(named)).toBe('rule-violated');
      }
      // Handed on to somebody else first, it is still not the submitter's; nor is the co-signature of their office.
      await engine.actOn(now(task), 'transfer', { user: B, reason }, { user: A });
      const onward = engine.actOn(now(task), 'transfer', { user: C, reason }, { user: B });
      expect(await refused(onward)).toBe('rule-violated');
      await engine.actOn(now(task), 'co-signature', asked([{ organisation: FINANCE }]), { user: B });
      const coSigned = await engine.task('co-signature', { workflowId });
      const signed = engine.decide(coSigned, { agrees: true }, { user: C });
      expect(await refused(signed)).toBe('not-your-seat');
      const onwards = engine.actOn(coSigned, 'transfer', { user: C, reason }, { user: `${FINANCE}-1` });
      expect(await refused(onwards)).toBe('rule-violated');
      await engine.decide(coSigned, { agrees: true }, { user: `${FINANCE}-1` });
      await engine.decide(now(task), {}, { user: B });
    });
  });

  describe('transfer 转办', () => {
    it('P1.4: the one to whom it is handed over decides it, nobody else, and the record says why', async () => {
      const { task, workflowId, handle } = await begin();
      await engine.actOn(task, 'transfer', { user: B, reason: '样例：分工' }, { user: A });
      expect(await refused(engine.decide(task, {}, { user: A }))).toBe('not-your-seat');
      await engine.decide(task, {}, { user: B });
      await handle.result();
      expect(eventsOf(workflowId, 'task-transferred')[0]).toMatchObject({
        by: { user: A },
        reason: '样例：分工',
      });
      expectToHold(workflowId);
    });

    it('P1.4: it goes to no organisation that does not hold the seat, to nobody who submitted it, nor to oneself', async () => {
      const { task } = await begin([C]);
      const to = (form: object) => refused(engine.actOn(task, 'transfer', { reason: '样例', ...form }));
      expect(await to({ organisation: FINANCE })).toBe('rule-violated');
      expect(await to({ user: C })).toBe('rule-violated');
      expect(await to({ user: A })).toBe('rule-violated');
      expect(await to({})).toBe('rule-violated');
    });

    it('P1.4: another organisation that holds the same seat takes it over, and the first has it no more', async () => {
      const { task, workflowId, handle } = await begin();
      const second = { id: '371300-housing-b', name: '样例住建二局', bodies: ['housing'], level: 'city' };
      engine.briefing.organisations.push({ ...second, area: '371300' } as never);
      await handle.signal('briefingChanged');
      await engine.settled();
      await engine.actOn(task, 'transfer', { organisation: second.id, reason: '样例：职责划转' });
      engine.briefing.organisations.pop();
      expect(await refused(engine.decide(task, {}, { organisation: HOUSING }))).toBe('not-your-seat');
      await engine.decide(now(task));
      await handle.result();
      expectToHold(workflowId);
    });

    it('a reminder is not dead after a transfer', async () => {
      const { task, workflowId } = await begin();
      await engine.actOn(task, 'transfer', { user: B, reason: '样例' }, { user: A });
      await engine.advance('60d');
      expect(eventsOf(workflowId, 'task-reminded')).toHaveLength(3);
      expect(eventsOf(workflowId, 'task-overdue')).toHaveLength(1);
    });
  });

  describe('delegation 委派', () => {
    it('P1.4: the delegate answers, the final word is the delegator’s: two events, one decision', async () => {
      const { task, workflowId, handle } = await begin();
      await engine.actOn(task, 'delegation', { user: B, reason: '样例：先提意见' }, { user: A });
      expect(await refused(engine.decide(task, {}, { user: A }))).toBe('not-your-seat');
      await engine.decide(task, { consent: false }, { user: B });
      expect(now(task)).toMatchObject({
        status: 'open',
        delegation: { by: A, to: B, answer: { form: { consent: false } } },
      });
      expect(await refused(engine.decide(task, {}, { user: B }))).toBe('not-your-seat');
      await engine.decide(task, { consent: true }, { user: A });
      await handle.result();
      expect(eventsOf(workflowId, 'task-delegate-answered')).toHaveLength(1);
      expect(eventsOf(workflowId, 'task-completed')).toMatchObject([
        { by: { user: A }, data: { form: { consent: true } } },
      ]);
      expectToHold(workflowId);
    });

    it('P1.4: a delegate hands nothing on; the delegator takes an unanswered delegation back', async () => {
      const { task } = await begin();
      await engine.actOn(task, 'delegation', { user: B, reason: '样例' }, { user: A });
      const hand = (act: string) => engine.actOn(task, act, { user: C, reason: '样例' }, { user: B });
      expect(await refused(hand('delegation'))).toBe('rule-violated');
      expect(await refused(hand('transfer'))).toBe('rule-violated');
      await engine.actOn(task, 'release', {}, { user: A });
      expect(await refused(engine.actOn(task, 'release', {}, { user: A }))).toBe('rule-violated');
      await engine.decide(task, {}, { user: C });
    });
  });

  describe('co-signature 加签', () => {
    const ask = (task: Task, change: Record<string, unknown> = {}) =>
      engine.actOn(
        task,
        'co-signature',
        {
          when: 'before',
          rule: 'all-of',
          signers: [{ organisation: FINANCE }, { organisation: HOUSING, user: B }],
          question: '样例：请核对',
          ...change,
        },
        { user: A },
      );
    const signers = (workflowId: string): Task[] =>
      engine.openTasks('co-signature').filter((one) => one.workflowId === workflowId);
    const sign = (task: Task, agrees = true): Promise<unknown> =>
      engine.decide(
        task,
        agrees ? {} : { agrees, opinion: '样例：不同意' },
        task.holder ? { user: task.holder } : {},
      );

    it('P1.4: before: nobody decides before all have signed', async () => {
      const { task, workflowId, handle } = await begin();
      await ask(task);
      expect(await refused(engine.decide(task, {}, { user: A }))).toBe('wrong-step');
      for (const one of signers(workflowId)) await sign(one);
      await engine.decide(task, {}, { user: A });
      await handle.result();
      expectToHold(workflowId);
    });

    it('P1.4: beside: two simultaneous co-signatures both count, and the decision is in force with the last', async () => {
      const { task, workflowId, handle } = await begin();
      await ask(task, { when: 'beside' });
      await engine.decide(task, {}, { user: A });
      expect(now(task)).toMatchObject({ status: 'open', decided: { form: { consent: true } } });
      const both = await Promise.allSettled(signers(workflowId).map((one) => sign(one)));
      expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      await handle.result();
      expect(eventsOf(workflowId, 'task-completed')).toHaveLength(3);
      expect(now(task)).toMatchObject({ status: 'completed', outcome: { by: { user: A } } });
      expectToHold(workflowId);
    });

    it('P1.4: after, in sequence: each is asked when the one before has signed, and none before the decision', async () => {
      const { task, workflowId, handle } = await begin();
      await ask(task, { when: 'after', rule: 'in-sequence' });
      expect(signers(workflowId)).toEqual([]);
      await engine.decide(task, {}, { user: A });
      const [first, ...none] = signers(workflowId);
      expect(none).toEqual([]);
      expect(first).toMatchObject({ organisation: FINANCE, context: { decided: { consent: true } } });
      await sign(first as Task);
      const [second] = signers(workflowId);
      expect(second).toMatchObject({ organisation: HOUSING, holder: B });
      expect(await refused(engine.decide(second as Task, {}, { user: A }))).toBe('not-your-seat');
      await sign(second as Task);
      await handle.result();
      expectToHold(workflowId);
    });

    it('P1.4: any-of: the first who agrees is enough, the others’ tasks close', async () => {
      const { task, workflowId, handle } = await begin();
      await ask(task, { rule: 'any-of' });
      const [one, other] = signers(workflowId);
      await sign(one as Task);
      expect(now(other as Task).status).toBe('closed');
      await engine.decide(task, {}, { user: A });
      await handle.result();
      expectToHold(workflowId);
    });

    it('P1.4: a refusal gives the decision back; with the one removed who refused it can be decided again', async () => {
      const { task, workflowId, handle } = await begin();
      await ask(task, { when: 'after' });
      await engine.decide(task, {}, { user: A });
      const [finance, own] = signers(workflowId);
      await sign(finance as Task, false);
      expect(now(own as Task).status).toBe('closed');
      expect(now(task).decided).toBeUndefined();
      expect(await refused(engine.decide(task, {}, { user: A }))).toBe('wrong-step');
      await engine.actOn(
        task,
        'co-signature-removal',
        { signers: [{ organisation: FINANCE }], reason: '样例：另行协商' },
        { user: A },
      );
      await engine.decide(task, {}, { user: A });
      const [again] = signers(workflowId);
      await sign(again as Task);
      await handle.result();
      expectToHold(workflowId);
    });

    it('P1.4: when the last who was asked is removed, the decision is in force', async () => {
      const { task, workflowId, handle } = await begin();
      await ask(task, { when: 'beside', signers: [{ organisation: FINANCE }] });
      await engine.decide(task, {}, { user: A });
      const removal = { signers: [{ organisation: FINANCE }], reason: '样例' };
      await engine.actOn(task, 'co-signature-removal', removal, { user: A });
      await handle.result();
      expect(signers(workflowId)).toEqual([]);
      expectToHold(workflowId);
    });

    it('P1.4: a task that is returned while it is co-signed leaves no co-signer’s task behind', async () => {
      const { task, workflowId, handle } = await begin();
      await ask(task);
      expect(signers(workflowId)).toHaveLength(2);
      await handle.signal('turnBack', { reason: '样例：退回', at: new Date().toISOString() });
      await handle.cancel();
      await handle.result();
      expect(engine.openTasks().filter((one) => one.workflowId === workflowId)).toEqual([]);
      expect(eventsOf(workflowId, 'task-closed')).toHaveLength(3);
      expectToHold(workflowId);
    });
  });

  describe('the clock 补正, and urging 催办', () => {
    const stop = async (task: Task, days: number) => {
      const until = plusDays(civilDate(await engine.now()), days);
      return engine.actOn(task, 'clock-suspension', { until, reason: '样例：缺施工图' }, { user: A });
    };

    it('P1.4: while supplements are awaited the clock stands still, nobody decides, and the due date moves', async () => {
      const { task, workflowId, handle } = await begin();
      await stop(task, 30);
      expect(await refused(engine.decide(task))).toBe('wrong-step');
      await engine.advance('28d');
      expect(now(task).overdue).toBe(false);
      await engine.actOn(task, 'clock-resumption', {}, { user: A });
      const moved = now(task).due?.date ?? '';
      expect(Date.parse(moved)).toBeGreaterThanOrEqual(Date.parse(task.due?.date ?? '') + 26 * 86_400_000);
      const [stopped] = eventsOf(workflowId, 'task-clock-stopped');
      expect(stopped).toMatchObject({ data: { due: { before: task.due?.date, stopped: true } } });
      const [again] = eventsOf(workflowId, 'task-clock-resumed');
      expect(again).toMatchObject({ data: { due: { before: task.due?.date, after: moved } } });
      expect(await refused(stop(task, 10))).toBe('rule-violated');
      await engine.decide(task);
      await handle.result();
      expectToHold(workflowId);
    });

    it('a clock that nobody resumes runs again by itself, and its reminder is not dead', async () => {
      const { task, workflowId } = await begin();
      await stop(task, 20);
      await engine.advance('90d');
      const types = engine.record.of(workflowId).map(({ type }) => type);
      expect(types.slice(-5)).toEqual([
        'task-clock-ran-out',
        'task-reminded',
        'task-reminded',
        'task-overdue',
        'task-reminded',
      ]);
      expectToHold(workflowId);
    });

    it('a clock stopped and resumed on one day moves no due date', async () => {
      const { task } = await begin();
      await stop(task, 5);
      await engine.actOn(task, 'clock-resumption', {}, { user: A });
      expect(now(task).due?.date).toBe(task.due?.date);
      expect(now(task).clockStopped).toBeUndefined();
    });

    it('P1.4: a task is urged twice a day and no more, and on the next day again', async () => {
      const { task, workflowId } = await begin();
      const urge = () => engine.actOn(task, 'reminder', { reason: '样例' }, { organisation: FINANCE });
      await urge();
      await urge();
      expect(await refused(urge())).toBe('rule-violated');
      await engine.advance('1d');
      await urge();
      expect(eventsOf(workflowId, 'task-urged')).toHaveLength(3);
      expectToHold(workflowId);
    });
  });

  describe('retraction 撤回', () => {
    const two = [CITY_HOUSING, { body: 'finance', level: 'city' }];
    const retract = (task: Task, user: string = A) =>
      engine.actOn(task, 'retraction', { reason: '样例：有误' }, { user });

    it('P1.4: while others’ answers are awaited a decision is taken back, and only the second one counts', async () => {
      const { workflowId, handle } = await begin([], two);
      const task = await engine.task('control-consent', { workflowId, organisation: HOUSING });
      const other = await engine.task('control-consent', { workflowId, organisation: FINANCE });
      await engine.decide(task, { consent: false }, { user: A });
      expect(await refused(retract(task, B))).toBe('not-your-seat');
      await retract(task);
      expect(now(task)).toMatchObject({ status: 'open', holder: A });
      expect(now(task).outcome).toBeUndefined();
      await engine.decide(other);
      await engine.decide(task, { consent: true }, { user: A });
      expect(await handle.result()).toMatchObject({ output: { consented: true } });
      expect(eventsOf(workflowId, 'task-retracted')).toHaveLength(1);
      expectToHold(workflowId);
    });

    it('P1.4: what has been built on is not retracted, nor what is still open', async () => {
      const { workflowId, handle } = await begin([], two);
      const task = await engine.task('control-consent', { workflowId, organisation: HOUSING });
      const other = await engine.task('control-consent', { workflowId, organisation: FINANCE });
      expect(await refused(retract(task))).toBe('task-not-open');
      await engine.decide(task, {}, { user: A });
      await engine.decide(other);
      await handle.result();
      expect(now(task).together).toBeUndefined();
      await expect(retract(task)).rejects.toThrow();
      expectToHold(workflowId);
    });
  });

  it('P1.4: an act sent past the API, altered or under another request’s id does not count', async () => {
    const { task } = await begin();
    const { signedTaskAct } = await import('../../api/engine/sign');
    const { actOnTaskUpdate } = await import('../../workflows/messages');
    const by = { user: A, organisation: HOUSING };
    const request = { taskId: task.id, act: 'claim', form: {}, by, bodyHash: '' };
    const signed = signedTaskAct(testKeys.api, task, request, 'one', await engine.now());
    const handle = engine.env.client.workflow.getHandle(task.workflowId);
    const send = async (argument: unknown, updateId: string) =>
      handle.executeUpdate(actOnTaskUpdate, { updateId, args: [argument as never] }).then(
        () => 'accepted',
        (error: { cause?: { type?: string } }) => error.cause?.type,
      );
    expect(await send({ ...signed, by: { ...by, user: B } }, 'one')).toBe('signature-invalid');
    expect(await send({ ...signed, act: 'release' }, 'one')).not.toBe('accepted');
    expect(await send(signed, 'two')).toBe('signature-invalid');
    const { signature: _, ...unsigned } = signed;
    expect(await send(unsigned, 'three')).toBe('signature-invalid');
    expect(await send({ garbage: true }, 'four')).not.toBe('accepted');
    expect(await send(signed, 'one')).toBe('accepted');
  });

  /** Events of the history when its last is the end of a workflow task, and stays it. */
  const whenAtRest = async (handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<number> => {
    let before = -1;
    for (;;) {
      const events = (await handle.fetchHistory()).events ?? [];
      const isOver = events.some((event) => event.activityTaskCompletedEventAttributes);
      if (isOver && events.length === before) return before;
      before = events.length;
      await new Promise((later) => setTimeout(later, 500));
    }
  };

  it('a transfer, a delegation and a co-signature cost no more history than a completion', async () => {
    const cost = async (act: (task: Task) => Promise<unknown>): Promise<number> => {
      const { task, handle } = await begin([], [CITY_HOUSING, { body: 'finance', level: 'city' }]);
      const before = await whenAtRest(handle);
      await act(task);
      return (await whenAtRest(handle)) - before;
    };
    const completion = await cost((task) => engine.decide(task));
    const user = { user: A };
    const transfer = await cost((task) => engine.actOn(task, 'transfer', { user: B, reason: '样例' }, user));
    const delegation = await cost((task) =>
      engine.actOn(task, 'delegation', { user: B, reason: '样例' }, user),
    );
    const coSignature = await cost((task) =>
      engine.actOn(
        task,
        'co-signature',
        { when: 'before', rule: 'all-of', signers: [{ organisation: HOUSING, user: B }], question: '样例' },
        user,
      ),
    );
    expect(transfer).toBeLessThanOrEqual(completion);
    expect(delegation).toBeLessThanOrEqual(completion);
    expect(coSignature).toBeLessThanOrEqual(completion);
  });
});
