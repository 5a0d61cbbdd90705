import { resolve } from 'node:path';
import type { Task } from '../../domain/task';
import { startEngine, type Engine } from './engine';
import { sampleOrganisations, stepStart } from './sample';

const HOUSING = '371300-housing';
const FINANCE = '371300-finance';
const [A = '', B = '', C = ''] = [1, 2, 3].map((one) => `${HOUSING}-${one}`);
const ADMINISTRATOR = 'security-1';
const context = { act: 'withdrawal', title: '撤回', reason: '样例', form: {}, by: '371302-housing' };

describe('hand-over 离岗移交', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'desk.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (notBy: string[] = [], body = 'housing') => {
    const workflowId = `project/371302-2028-0006/consent/${(n += 1)}`;
    const handle = await engine.start('consent', workflowId, [
      stepStart('control', { seats: [{ body, level: 'city' }], context, notBy }),
    ]);
    return { workflowId, handle, task: await engine.task('control-consent', { workflowId }) };
  };
  const now = (task: Task): Task => engine.record.tasks.get(task.id) ?? task;
  const refused = async (attempt: Promise<unknown>): Promise<string> =>
    (await engine.refusalOf(attempt)).code;
  const handOver = (task: Task, leaver = A, to = B) =>
    engine.actOn(
      task,
      'hand-over',
      { user: to, reason: '离岗移交：样例' },
      { user: ADMINISTRATOR, for: leaver, organisation: HOUSING },
    );
  const expectToHold = (workflowId: string): void =>
    expect(engine.record.faultIn(workflowId)).toBeUndefined();

  it('P1.4: what the leaver has claimed the successor decides; the record says who handed it over for whom, and why', async () => {
    const { task, workflowId, handle } = await begin();
    await engine.actOn(task, 'claim', {}, { user: A });
    await handOver(task);
    expect(now(task).holder).toBe(B);
    expect(await refused(engine.decide(task, {}, { user: A }))).toBe('not-your-seat');
    // Done once: what no longer waits for the leaver is not handed over again.
    expect(await refused(handOver(task))).toBe('rule-violated');
    await engine.decide(task, {}, { user: B });
    await handle.result();
    const events = engine.record.of(workflowId).filter(({ type }) => type === 'task-handed-over');
    expect(events).toMatchObject([
      {
        by: { user: ADMINISTRATOR, for: A },
        reason: '离岗移交：样例',
        data: { due: { before: task.due?.date, after: task.due?.date } },
      },
    ]);
    expectToHold(workflowId);
  });

  it('P1.4: neither what nobody has, nor what another has, nor to one who submitted it', async () => {
    const { task } = await begin([B]);
    expect(await refused(handOver(task))).toBe('rule-violated');
    await engine.actOn(task, 'claim', {}, { user: C });
    expect(await refused(handOver(task))).toBe('rule-violated');
    await engine.actOn(task, 'release', {}, { user: C });
    await engine.actOn(task, 'claim', {}, { user: A });
    expect(await refused(handOver(task, A, B))).toBe('rule-violated');
    expect(await refused(handOver(task, A, A))).toBe('rule-violated');
    const alone = engine.actOn(task, 'hand-over', { user: C, reason: '样例' }, { user: A });
    expect(await refused(alone)).toBe('rule-violated');
    await handOver(task, A, C);
    expect(now(task).holder).toBe(C);
  });

  it('P1.4: a delegation by the leaver comes back to the successor, one to the leaver is the successor’s to answer', async () => {
    const { task, workflowId } = await begin();
    await engine.actOn(task, 'delegation', { user: C, reason: '样例' }, { user: A });
    await handOver(task);
    expect(now(task)).toMatchObject({ holder: B, delegation: { by: B, to: C } });
    await handOver(task, C, A);
    expect(now(task)).toMatchObject({ holder: B, delegation: { by: B, to: A } });
    // Who would have to answer themselves has it back.
    await handOver(task, A, B);
    expect(now(task)).toMatchObject({ holder: B });
    expect(now(task).delegation).toBeUndefined();
    await engine.decide(now(task), {}, { user: B });
    expectToHold(workflowId);
  });

  it('P1.4: co-signers who leave are replaced, asked or not, and the rule still counts everyone once', async () => {
    const { task, workflowId, handle } = await begin([], 'finance');
    const signers = [
      { organisation: HOUSING, user: C },
      { organisation: HOUSING, user: A },
    ];
    const ask = { when: 'after', rule: 'in-sequence', question: '样例', signers };
    await engine.actOn(task, 'co-signature', ask, { user: `${FINANCE}-1` });
    await handOver(task);
    expect(now(task).coSigning?.signers.map(({ user }) => user)).toEqual([C, B]);
    await engine.decide(task, {}, { user: `${FINANCE}-1` });
    const first = await engine.task('co-signature', { workflowId });
    await handOver(first, C, A);
    await handOver(task, C, A);
    expect(now(task).coSigning?.signers).toMatchObject([
      { user: A, state: 'asked' },
      { user: B, state: 'waiting' },
    ]);
    await engine.decide(first, {}, { user: A });
    const second = await engine.task('co-signature', { workflowId, holder: B });
    await engine.decide(second, {}, { user: B });
    await handle.result();
    expectToHold(workflowId);
  });

  it('P1.4: a decision that is given back after its maker has left comes to the successor', async () => {
    const { task, workflowId } = await begin();
    const signers = [{ organisation: FINANCE }];
    const ask = { when: 'after', rule: 'all-of', question: '样例', signers };
    await engine.actOn(task, 'claim', {}, { user: A });
    await engine.actOn(task, 'co-signature', ask, { user: A });
    await engine.decide(task, {}, { user: A });
    await handOver(task);
    expect(now(task)).toMatchObject({ holder: B, decided: { by: { user: A } } });
    const signing = await engine.task('co-signature', { workflowId });
    await engine.decide(signing, { agrees: false, opinion: '样例：不同意' });
    expect(now(task).decided).toBeUndefined();
    await engine.actOn(now(task), 'co-signature-removal', { signers, reason: '样例' }, { user: B });
    await engine.decide(now(task), {}, { user: B });
    expectToHold(workflowId);
  });
});
