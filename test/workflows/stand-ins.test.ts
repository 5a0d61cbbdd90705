import { resolve } from 'node:path';
import { hashOf, headAfter, link } from '../../domain/events';
import type { Task } from '../../domain/task';
import { testKeys } from '../support/keys';
import { startEngine, type Engine } from './engine';
import { sampleOrganisations, stepStart } from './sample';

const CITY_HOUSING = { body: 'housing', level: 'city' } as const;
const HOUSING = '371300-housing';
const [A, B, C] = [`${HOUSING}-1`, `${HOUSING}-2`, `${HOUSING}-3`] as const;
const context = { act: 'withdrawal', title: '撤回', reason: '样例', form: {}, by: '371302-housing' };

describe('a stand-in 代理', () => {
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
    const workflowId = `project/371302-2028-0003/consent/${(n += 1)}`;
    const handle = await engine.start('consent', workflowId, [
      stepStart('control', { seats, context, notBy }),
    ]);
    const task = await engine.task('control-consent', { workflowId });
    return { workflowId, handle, task };
  };
  const now = (task: Task): Task => engine.record.tasks.get(task.id) ?? task;
  const refused = async (attempt: Promise<unknown>): Promise<string> =>
    (await engine.refusalOf(attempt)).code;

  it('P1.4: decides what the other has taken, and event, outcome and signature say for whom', async () => {
    const { task, workflowId, handle } = await begin();
    await engine.actOn(task, 'claim', {}, { user: A });
    expect(await refused(engine.decide(task, {}, { user: B }))).toBe('not-your-seat');
    expect(await refused(engine.decide(task, {}, { user: B, for: C }))).toBe('not-your-seat');
    await engine.decide(task, {}, { user: B, for: A });
    await handle.result();
    const by = { user: B, for: A, organisation: HOUSING };
    expect(now(task).outcome?.by).toEqual(by);
    const events = engine.record.of(workflowId);
    expect(events.find(({ type }) => type === 'task-completed')?.by).toEqual(by);
    expect(engine.record.faultIn(workflowId)).toBeUndefined();
  });

  it.each([
    ['left out', undefined],
    ['changed', C],
  ])('P1.4: a record in which the one stood in for is %s is found out', async (_, other) => {
    const { task, workflowId, handle } = await begin();
    await engine.decide(task, {}, { user: B, for: A });
    await handle.result();
    const { of, origins } = engine.record;
    let head = { seq: 0, hash: origins.get(workflowId) ?? '' };
    // Whoever forges it links it anew, so that only the signature can tell.
    const forged = of.call(engine.record, workflowId).map(({ seq: _s, previous: _p, hash: _h, ...event }) => {
      const { for: _for, ...by } = event.by ?? { user: '', organisation: '' };
      const changed =
        event.type === 'task-completed' ? { by: { ...by, ...(other ? { for: other } : {}) } } : {};
      const linked = link(head, { ...event, ...changed });
      head = headAfter(linked);
      return linked;
    });
    expect(hashOf(forged)).not.toBe(hashOf(engine.record.of(workflowId)));
    expect(engine.record.faultIn(workflowId, forged)).toMatchObject({ kind: 'signature' });
  });

  it('P1.4: neither approves what either has submitted', async () => {
    const { task } = await begin([A]);
    expect(await refused(engine.decide(task, {}, { user: B, for: A }))).toBe('not-your-seat');
    expect(await refused(engine.decide(task, {}, { user: A, for: B }))).toBe('not-your-seat');
    expect(await refused(engine.actOn(task, 'claim', {}, { user: B, for: A }))).toBe('not-your-seat');
    await engine.decide(task, {}, { user: B });
  });

  it('P1.4: nor signs a second time what either has decided: co-signature and paper alike', async () => {
    const { task } = await begin();
    const signers = [{ organisation: HOUSING, user: C }];
    await engine.actOn(
      task,
      'co-signature',
      { when: 'after', rule: 'all-of', question: '样例', signers },
      { user: A },
    );
    await engine.decide(task, {}, { user: B, for: A });
    const signing = await engine.task('co-signature', { workflowId: task.workflowId });
    expect([...signing.notBy].sort()).toEqual([A, B]);
    expect(await refused(engine.decide(signing, {}, { user: B, for: C }))).toBe('not-your-seat');
    expect(await refused(engine.decide(signing, {}, { user: A, for: C }))).toBe('not-your-seat');
    await engine.decide(signing, {}, { user: C });
    expect(engine.record.faultIn(task.workflowId)).toBeUndefined();
  });

  it('P1.4: a claim, a delegation and a retraction for the other are the other’s', async () => {
    const { task, workflowId } = await begin([], [CITY_HOUSING, { body: 'finance', level: 'city' }]);
    await engine.actOn(task, 'claim', {}, { user: B, for: A });
    expect(now(task).holder).toBe(A);
    const own = { user: A, reason: '样例' };
    expect(await refused(engine.actOn(task, 'delegation', own, { user: B, for: A }))).toBe('rule-violated');
    await engine.actOn(task, 'delegation', { user: C, reason: '样例' }, { user: B, for: A });
    expect(now(task).delegation).toEqual({ by: A, to: C });
    await engine.decide(task, {}, { user: B, for: C });
    await engine.decide(now(task), {}, { user: B, for: A });
    expect(await refused(engine.actOn(now(task), 'retraction', { reason: '样例' }, { user: C }))).toBe(
      'not-your-seat',
    );
    await engine.actOn(now(task), 'retraction', { reason: '样例：有误' }, { user: A });
    expect(now(task)).toMatchObject({ status: 'open', holder: A });
    expect(engine.record.faultIn(workflowId)).toBeUndefined();
  });

  it('P1.4: what was signed for oneself does not count as done for another', async () => {
    const { task, workflowId } = await begin();
    const before = engine.record.of(workflowId).length;
    const { id, round, seat } = task;
    const { signedDecision } = await import('../../api/engine/sign');
    const { completeTaskUpdate } = await import('../../workflows/messages');
    const decision = {
      taskId: id,
      form: (await engine.example(task)) as never,
      by: { user: B, organisation: HOUSING },
      bodyHash: hashOf('样例'),
    };
    const signed = signedDecision(testKeys.api, { id, round, seat }, decision, 'one', await engine.now());
    const sent = engine.handle(workflowId).executeUpdate(completeTaskUpdate, {
      updateId: 'one',
      args: [{ ...signed, by: { ...signed.by, for: A } }],
    });
    await expect(sent).rejects.toMatchObject({ cause: { type: 'signature-invalid' } });
    expect(engine.record.of(workflowId)).toHaveLength(before);
  });
});
