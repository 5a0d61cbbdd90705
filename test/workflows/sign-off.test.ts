import { resolve } from 'node:path';
import { stageOf } from '../../domain/sign-off';
import type { Task } from '../../domain/task';
import type { OfficeRole } from '../../policy/keys';
import { startEngine, type Engine } from './engine';
import { policy, sampleOrganisations, stepStart } from './sample';

const CITY_HOUSING = { body: 'housing', level: 'city' } as const;
const CITY_FINANCE = { body: 'finance', level: 'city' } as const;
const HOUSING = '371300-housing';
const [HANDLER, CHIEF, SIGNATORY] = [`${HOUSING}-1`, `${HOUSING}-2`, `${HOUSING}-3`] as const;
const STAGES: readonly OfficeRole[] = ['handler', 'section-chief', 'signatory'];
const context = { act: 'withdrawal', title: '撤回', reason: '样例', form: {}, by: '371302-housing' };

describe('sign-off inside an organisation', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'desk.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (
    change: { notBy?: string[]; seats?: readonly object[]; stages?: readonly OfficeRole[] } = {},
  ) => {
    const { notBy = [], seats = [CITY_HOUSING], stages = STAGES } = change;
    const workflowId = `project/371302-2028-0004/consent/${(n += 1)}`;
    const handle = await engine.start('consent', workflowId, [
      stepStart(
        'control',
        { seats, context, notBy },
        { policy: { ...policy, signOff: [{ for: 'housing@city', steps: ['control'], stages }] } },
      ),
    ]);
    const task = await engine.task('control-consent', { workflowId, organisation: HOUSING });
    const events = (type: string) => engine.record.of(workflowId).filter((event) => event.type === type);
    return { workflowId, handle, task, events };
  };
  const now = (task: Task): Task => engine.record.tasks.get(task.id) ?? task;
  const decide = (task: Task, user: string, form: object = {}) =>
    engine.decide(now(task), form as never, { user });
  const refused = async (attempt: Promise<unknown>): Promise<string> =>
    (await engine.refusalOf(attempt)).code;

  const expectToHold = (workflowId: string): void =>
    expect(engine.record.faultIn(workflowId)).toBeUndefined();

  it('P1.4: handler drafts, section chief endorses, signatory signs; outside there is one decision, the signatory’s', async () => {
    const { task, events, handle, workflowId } = await begin();
    expect(task).toMatchObject({ role: 'handler' });
    await decide(task, HANDLER);
    expect(now(task)).toMatchObject({ status: 'open', role: 'section-chief', due: task.due });
    expect(now(task).signOff?.draft).toEqual({ consent: true });
    expect(((await handle.query('tasks')) as Task[]).filter(({ status }) => status === 'open')).toHaveLength(
      1,
    );
    await decide(task, CHIEF);
    expect(now(task)).toMatchObject({ status: 'open', role: 'signatory' });
    await decide(task, SIGNATORY);
    await handle.result();
    expect(events('task-completed')).toHaveLength(1);
    expect(events('task-completed')[0]).toMatchObject({
      by: { organisation: HOUSING, user: SIGNATORY },
      signature: { stage: 'signatory' },
    });
    for (const [type, user] of [
      ['task-drafted', HANDLER],
      ['task-endorsed', CHIEF],
    ] as const) {
      expect(events(type)).toHaveLength(1);
      expect(events(type)[0]).toMatchObject({ by: { user }, data: { form: { consent: true } } });
      expect(events(type)[0]?.signature).toBeDefined();
    }
    expectToHold(workflowId);
  });

  it('P1.4: a draft whose drafter has left is any handler’s again', async () => {
    const { task, handle, workflowId } = await begin();
    await decide(task, HANDLER);
    await engine.actOn(now(task), 'claim', {}, { user: CHIEF });
    const back = { reason: '样例：请补充', toAnybody: true };
    await engine.actOn(now(task), 'sign-off-return', back, { user: CHIEF });
    expect(now(task)).toMatchObject({ role: 'handler', signOff: { signed: [] } });
    expect(now(task).holder).toBeUndefined();
    await decide(task, 'second-handler');
    await decide(task, CHIEF);
    await decide(task, SIGNATORY);
    await handle.result();
    expectToHold(workflowId);
  });

  it('P1.4: nobody signs at two stages, nor does who submitted it sign at any', async () => {
    const { task } = await begin({ notBy: ['the-submitter'] });
    expect(await refused(decide(task, 'the-submitter'))).toBe('not-your-seat');
    await decide(task, HANDLER);
    expect(await refused(decide(task, HANDLER))).toBe('not-your-seat');
    await decide(task, CHIEF);
    for (const user of [HANDLER, CHIEF, 'the-submitter']) {
      expect(await refused(decide(task, user))).toBe('not-your-seat');
      expect(await refused(engine.actOn(now(task), 'claim', {}, { user }))).toBe('not-your-seat');
      const transfer = { user, reason: '样例' };
      expect(await refused(engine.actOn(now(task), 'transfer', transfer, { user: SIGNATORY }))).toBe(
        'rule-violated',
      );
      expect(await refused(engine.actOn(now(task), 'delegation', transfer, { user: SIGNATORY }))).toBe(
        'rule-violated',
      );
    }
  });

  it('P1.4: what was let through for one stage does not count at the next', async () => {
    const { task, events } = await begin();
    await decide(task, HANDLER);
    // Another handler, whom the API let through before the first had drafted.
    expect(await refused(engine.decide(task, {}, { user: 'second-handler' }))).toBe('wrong-step');
    expect(await refused(engine.actOn(task, 'claim', {}, { user: 'second-handler' }))).toBe('wrong-step');
    const claimed = { ...now(task), signOff: { stages: STAGES, signed: [], notBy: [] } };
    expect(await refused(engine.decide(claimed, {}, { user: 'second-handler' }))).toBe('wrong-step');
    expect(events('task-endorsed')).toHaveLength(0);
  });

  it('P1.4: of two handlers at once one has drafted and the other learns it', async () => {
    const { task, events } = await begin();
    const both = await Promise.allSettled([
      engine.decide(task, {}, { user: HANDLER }),
      engine.decide(task, {}, { user: 'second-handler' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(events('task-drafted')).toHaveLength(1);
    expect(stageOf(now(task))).toBe('section-chief');
  });

  it('P1.4: what is endorsed and signed is what was drafted; another form is refused', async () => {
    const { task } = await begin();
    await decide(task, HANDLER);
    expect(await refused(decide(task, CHIEF, { consent: false }))).toBe('rule-violated');
    await decide(task, CHIEF);
    expect(await refused(decide(task, SIGNATORY, { opinion: '样例：另有意见' }))).toBe('rule-violated');
  });

  it('P1.4: a stage returns it to its handler with a reason, who drafts anew, and every stage signs again', async () => {
    const { task, events, handle, workflowId } = await begin();
    expect(await refused(engine.actOn(now(task), 'sign-off-return', { reason: '样例' }))).toBe(
      'rule-violated',
    );
    await decide(task, HANDLER);
    await decide(task, CHIEF);
    await engine.actOn(now(task), 'sign-off-return', { reason: '样例：依据不足' }, { user: SIGNATORY });
    expect(now(task)).toMatchObject({ role: 'handler', holder: HANDLER, notBy: [], due: task.due });
    expect(now(task).signOff).toMatchObject({
      signed: [],
      draft: { consent: true },
      returned: { by: { user: SIGNATORY }, reason: '样例：依据不足' },
    });
    await decide(task, HANDLER, { consent: false });
    expect(await refused(decide(task, SIGNATORY))).toBe('rule-violated');
    await decide(task, CHIEF, { consent: false });
    await decide(task, SIGNATORY, { consent: false });
    const end = (await handle.result()) as { output: { consented: boolean } };
    expect(end.output.consented).toBe(false);
    expect(events('task-draft-returned')[0]).toMatchObject({
      by: { user: SIGNATORY },
      reason: '样例：依据不足',
    });
    expect(events('task-drafted')).toHaveLength(2);
    expectToHold(workflowId);
  });

  it('P1.4: claimed, delegated and co-signed at its stage, it goes on in nobody’s hands', async () => {
    const { task, handle, workflowId } = await begin({ stages: ['handler', 'signatory'] });
    await engine.actOn(now(task), 'claim', {}, { user: HANDLER });
    await engine.actOn(now(task), 'delegation', { user: 'helper', reason: '样例' }, { user: HANDLER });
    await engine.decide(now(task), { consent: false }, { user: 'helper' });
    await decide(task, HANDLER);
    expect(now(task).holder).toBeUndefined();
    expect(now(task).delegation).toBeUndefined();
    const ask = {
      when: 'after',
      rule: 'all-of',
      signers: [{ organisation: '371300-finance' }],
      question: '样例：请会签',
    };
    await engine.actOn(now(task), 'co-signature', ask, { user: SIGNATORY });
    await decide(task, SIGNATORY);
    expect(now(task)).toMatchObject({ status: 'open', decided: { by: { user: SIGNATORY } } });
    await engine.decide(await engine.task('co-signature', { workflowId }), { agrees: true });
    await handle.result();
    expect(now(task).outcome?.by.user).toBe(SIGNATORY);
    expectToHold(workflowId);
  });

  it('P1.4: transferred to another organisation, nothing that the first has drafted counts', async () => {
    const { task, handle, workflowId } = await begin({ stages: ['handler', 'signatory'] });
    const second = { id: '371300-housing-c', name: '样例住建三局', bodies: ['housing'], level: 'city' };
    await decide(task, HANDLER);
    engine.briefing.organisations.push({ ...second, area: '371300' } as never);
    await handle.signal('briefingChanged');
    await engine.settled();
    const to = { organisation: second.id, reason: '样例：职责划转' };
    await engine.actOn(now(task), 'transfer', to, { user: SIGNATORY });
    engine.briefing.organisations.pop();
    expect(now(task)).toMatchObject({ role: 'handler', organisation: second.id, signOff: { signed: [] } });
    expect(now(task).signOff?.draft).toBeUndefined();
    await engine.decide(now(task), {}, { user: 'x-1' });
    await engine.decide(now(task), {}, { user: 'x-2' });
    await handle.result();
    expectToHold(workflowId);
  });

  it('P1.4: the signatory retracts while others are awaited, and may then only sign it or return it', async () => {
    const { task, handle, workflowId } = await begin({
      stages: ['handler', 'signatory'],
      seats: [CITY_HOUSING, CITY_FINANCE],
    });
    await decide(task, HANDLER);
    await decide(task, SIGNATORY);
    await engine.actOn(now(task), 'retraction', { reason: '样例' }, { user: SIGNATORY });
    expect(now(task)).toMatchObject({ status: 'open', role: 'signatory', holder: SIGNATORY });
    await engine.actOn(now(task), 'sign-off-return', { reason: '样例' }, { user: SIGNATORY });
    await decide(task, HANDLER, { consent: false });
    await decide(task, SIGNATORY, { consent: false });
    await engine.decide(await engine.task('control-consent', { workflowId, organisation: '371300-finance' }));
    await handle.result();
    expectToHold(workflowId);
  });

  it('P1.4: a seat that the policy does not name decides at once', async () => {
    const { workflowId, handle, task } = await begin({ seats: [CITY_HOUSING, CITY_FINANCE] });
    const plain = await engine.task('control-consent', { workflowId, organisation: '371300-finance' });
    expect(plain.signOff).toBeUndefined();
    await engine.decide(plain);
    expect(now(plain).status).toBe('completed');
    for (const user of [HANDLER, CHIEF, SIGNATORY]) await decide(task, user);
    await handle.result();
  });
});
