import { resolve } from 'node:path';
import type { Assembly } from '../../domain/assembly';
import type { Organisation } from '../../domain/seats';
import type { Seat } from '../../policy/keys';
import type { PolicySnapshot } from '../../policy/snapshot';
import { startEngine, type Engine } from './engine';
import { CITY, policy, sampleOrganisations, stepStart } from './sample';

const BOTH: Organisation = {
  id: '371300-both',
  name: '样例一个单位两个席位',
  bodies: ['civil-affairs', 'sports'],
  level: 'city',
  area: CITY,
};
const AFFAIRS: Seat = { body: 'civil-affairs', level: 'city' };
const SPORTS: Seat = { body: 'sports', level: 'city' };
const HOUSING: Seat = { body: 'housing', level: 'city' };
const context = { act: 'cancellation', title: '取消', reason: '样例', form: {}, by: '371302-housing' };
const [P, Q] = ['371300-both-p', '371300-both-q'];

describe('the same person in two seats or in two consecutive tasks', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: [...sampleOrganisations(), BOTH],
      workflowsPath: resolve(__dirname, 'desk.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (
    assembly: Assembly,
    change: Partial<PolicySnapshot> = {},
    seats = [AFFAIRS, SPORTS],
  ) => {
    const workflowId = `project/371302-2028-0005/consent/${(n += 1)}`;
    const input = { seats, context, notBy: [] };
    const chosen = { ...policy, assemblies: { 'cancellation-consent': assembly }, ...change };
    const handle = await engine.start('consent', workflowId, [
      stepStart('control', input, { policy: chosen }),
    ]);
    const tasks = () => [...engine.record.tasks.values()].filter((task) => task.workflowId === workflowId);
    const of = (seat: Seat) =>
      engine.eventually(
        () => tasks().find((task) => task.seat.body === seat.body && task.status === 'open'),
        `the task of ${seat.body}`,
      );
    const decide = async (seat: Seat, user: string, form = { consent: true }) =>
      engine.decide(await of(seat), form, { user });
    const result = async () =>
      ((await handle.result()) as { output: { consented: boolean } }).output.consented;
    const expectWhole = () => {
      expect(engine.record.faultIn(workflowId)).toBeUndefined();
    };
    return { workflowId, of, decide, result, tasks, expectWhole };
  };

  it('P1.4: twice, as it is without a word of the policy, the same person decides both seats', async () => {
    const it = await begin({ rule: 'all-of' });
    await it.decide(AFFAIRS, P);
    await it.decide(SPORTS, P);
    expect(await it.result()).toBe(true);
    it.expectWhole();
  });

  it('P1.4: once, the other seat of the same organisation is decided with reference to the first', async () => {
    const it = await begin({ rule: 'all-of', samePerson: 'once' }, {}, [AFFAIRS, SPORTS, HOUSING]);
    await it.of(SPORTS);
    const first = await it.of(AFFAIRS);
    await engine.decide(first, { consent: true }, { user: P });
    const second = await engine.eventually(
      () => it.tasks().find(({ outcome }) => outcome?.sameAs !== undefined),
      'the decision by reference',
    );
    expect(second).toMatchObject({
      status: 'completed',
      seat: SPORTS,
      outcome: { sameAs: first.id, form: { consent: true }, by: { user: P } },
    });
    expect(engine.record.tasks.get(first.id)).toMatchObject({ countsFor: [second.id] });
    const event = engine.record
      .of(it.workflowId)
      .find(({ type, taskId }) => type === 'task-completed' && taskId === second.id);
    expect(event).toMatchObject({ data: { sameAs: first.id } });
    expect(event?.signature).toBeUndefined();
    for (const task of [first, second]) {
      const retracted = engine.actOn(task, 'retraction', { reason: '样例' }, { user: P });
      expect((await engine.refusalOf(retracted)).code).toBe('rule-violated');
    }
    await it.decide(HOUSING, '371300-housing-1');
    expect(await it.result()).toBe(true);
    it.expectWhole();
  });

  it('P1.4: once, in sequence, the later seat is decided as soon as it is asked', async () => {
    const it = await begin({ rule: 'in-sequence' }, { samePerson: { jointly: 'once' } });
    await it.decide(AFFAIRS, P);
    expect(await it.result()).toBe(true);
    expect(it.tasks()).toHaveLength(2);
    it.expectWhole();
  });

  it('P1.4: once does not reach over what another person of the organisation has claimed', async () => {
    const it = await begin({ rule: 'all-of', samePerson: 'once' });
    const second = await it.of(SPORTS);
    await engine.actOn(second, 'claim', {}, { user: Q });
    await it.decide(AFFAIRS, P);
    await engine.settled();
    expect(engine.record.tasks.get(second.id)?.status).toBe('open');
    await it.decide(SPORTS, Q, { consent: false });
    expect(await it.result()).toBe(false);
    it.expectWhole();
  });

  it('P1.4: refused, who has decided one seat decides no other, until they retract it', async () => {
    const it = await begin({ rule: 'all-of', samePerson: 'refused' });
    const first = await it.of(AFFAIRS);
    await it.decide(AFFAIRS, P);
    expect((await engine.refusalOf(it.decide(SPORTS, P))).code).toBe('not-your-seat');
    await engine.actOn(first, 'retraction', { reason: '样例：由他人办理' }, { user: P });
    await it.decide(SPORTS, P);
    expect((await engine.refusalOf(it.decide(AFFAIRS, P))).code).toBe('not-your-seat');
    const again = await it.of(AFFAIRS);
    expect(again.holder).toBeUndefined();
    await it.decide(AFFAIRS, Q);
    expect(await it.result()).toBe(true);
    expect(engine.record.types(it.workflowId)).toContain('task-freed');
    it.expectWhole();
  });

  it('P1.4: refused counts in the moment of deciding, though both were sent at once', async () => {
    const it = await begin({ rule: 'all-of', samePerson: 'refused' });
    const [one, two] = [await it.of(AFFAIRS), await it.of(SPORTS)];
    const said = { consent: true };
    const sent = await Promise.allSettled([one, two].map((task) => engine.decide(task, said, { user: P })));
    expect(sent.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await engine.settled();
    const [left] = it.tasks().filter(({ status }) => status === 'open');
    if (!left) throw new Error('nothing is left');
    await engine.decide(left, said, { user: Q });
    expect(await it.result()).toBe(true);
    it.expectWhole();
  });

  it('P1.4: where the policy says so of the step, nobody does the task that follows their own', async () => {
    const it = await begin({ rule: 'in-sequence' }, { samePerson: { consecutive: ['control'] } });
    await it.decide(AFFAIRS, P);
    expect((await engine.refusalOf(it.decide(SPORTS, P))).code).toBe('not-your-seat');
    await it.decide(SPORTS, Q);
    expect(await it.result()).toBe(true);
    it.expectWhole();
  });
});
