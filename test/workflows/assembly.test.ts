import { resolve } from 'node:path';
import type { Assembly } from '../../domain/assembly';
import type { Seat } from '../../policy/keys';
import { startEngine, type Engine } from './engine';
import { policy, sampleOrganisations, stepStart } from './sample';

const [HOUSING, REFORM, FINANCE, AUDIT] = (
  ['housing', 'development-and-reform', 'finance', 'audit'] as const
).map((body): Seat => ({ body, level: 'city' })) as [Seat, Seat, Seat, Seat];
const context = { act: 'cancellation', title: '取消', reason: '样例', form: {}, by: '371302-housing' };
const YES = { consent: true };
const NO = { consent: false };

describe('decisions of several seats', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'desk.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (assembly: Assembly, seats: readonly Seat[]) => {
    const workflowId = `project/371302-2028-0003/consent/${(n += 1)}`;
    const handle = await engine.start('consent', workflowId, [
      stepStart(
        'control',
        { seats, context, notBy: [] },
        { policy: { ...policy, assemblies: { 'cancellation-consent': assembly } } },
      ),
    ]);
    const of = (seat: Seat) =>
      engine.task('control-consent', { workflowId, organisation: `371300-${seat.body}` });
    const says = async (seat: Seat, form: object) => engine.decide(await of(seat), form as never);
    const result = async () =>
      ((await handle.result()) as { output: { consented: boolean } }).output.consented;
    const tasks = () => [...engine.record.tasks.values()].filter((task) => task.workflowId === workflowId);
    return { workflowId, handle, of, says, result, tasks };
  };

  /** What became of it is in the record, which holds; a late answer finds its task closed, and changes nothing. */
  async function expectEndedEarly(it: Awaited<ReturnType<typeof begin>>, closed: Seat): Promise<void> {
    const late = it.tasks().find(({ organisation }) => organisation === `371300-${closed.body}`);
    expect(late).toMatchObject({ status: 'closed', closedBecause: '结果已定，不再需要' });
    expect(engine.record.faultIn(it.workflowId)).toBeUndefined();
  }

  it('会签 all-of awaits every reason though the first has objected', async () => {
    const it = await begin({ rule: 'all-of' }, [HOUSING, FINANCE]);
    await it.says(HOUSING, NO);
    await engine.settled();
    await it.says(FINANCE, YES);
    expect(await it.result()).toBe(false);
    expect(it.tasks().map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  it('会签 all-of ends with the first objection where the policy says until-certain', async () => {
    const it = await begin({ rule: 'all-of', hear: 'until-certain' }, [HOUSING, FINANCE]);
    await it.says(HOUSING, NO);
    expect(await it.result()).toBe(false);
    await expectEndedEarly(it, FINANCE);
  });

  it('或签 any-of is carried by the first who agrees, and goes on after one who objects', async () => {
    const it = await begin({ rule: 'any-of' }, [HOUSING, REFORM, FINANCE]);
    await it.says(REFORM, NO);
    await engine.settled();
    expect((await it.of(FINANCE)).status).toBe('open');
    await it.says(HOUSING, YES);
    expect(await it.result()).toBe(true);
    await expectEndedEarly(it, FINANCE);
  });

  it('依次 in sequence the next is asked only after the one before, and a retracted answer is asked for again', async () => {
    const it = await begin({ rule: 'in-sequence' }, [HOUSING, FINANCE]);
    await it.says(HOUSING, NO);
    const second = await it.of(FINANCE);
    const [first] = it.tasks();
    if (!first) throw new Error('no first task');
    await engine.actOn(first, 'retraction', { reason: '样例：意见有误' });
    await engine.decide(second, YES);
    expect(engine.record.types(it.workflowId)).not.toContain('step-done');
    await it.says(HOUSING, YES);
    expect(await it.result()).toBe(true);
  });

  it('票签 a vote by ratio ends when the ratio is reached; a late answer is refused as task-not-open', async () => {
    const it = await begin({ rule: 'vote', ratio: { numerator: 1, denominator: 2 }, strictly: true }, [
      HOUSING,
      REFORM,
      FINANCE,
      AUDIT,
    ]);
    const late = await it.of(AUDIT);
    await it.says(HOUSING, YES);
    await it.says(REFORM, YES);
    await engine.settled();
    expect(late.status).toBe('open');
    const [both, tardy] = await Promise.allSettled([it.says(FINANCE, YES), engine.decide(late, NO)]);
    expect(both.status).toBe('fulfilled');
    expect(await it.result()).toBe(true);
    const after = it.tasks().find(({ id }) => id === late.id);
    // Either both were in time and both stand in the record, or the late one learns that it is too late.
    if (tardy.status === 'fulfilled') expect(after?.status).toBe('completed');
    else await expectEndedEarly(it, AUDIT);
  });

  it('票签 a vote by weight ends when the ratio is out of reach', async () => {
    const it = await begin(
      {
        rule: 'vote',
        ratio: { numerator: 2, denominator: 3 },
        weights: { 'housing@city': 5 },
      },
      [HOUSING, REFORM, FINANCE],
    );
    await it.says(HOUSING, NO);
    expect(await it.result()).toBe(false);
    await expectEndedEarly(it, FINANCE);
  });

  it('a veto seat loses what all others carry, and nothing is carried before it has spoken', async () => {
    const rule: Assembly = { rule: 'any-of', vetoes: ['finance@city'] };
    const it = await begin(rule, [HOUSING, REFORM, FINANCE]);
    await it.says(HOUSING, YES);
    await engine.settled();
    expect(engine.record.types(it.workflowId)).not.toContain('step-done');
    await it.says(FINANCE, NO);
    expect(await it.result()).toBe(false);
    await expectEndedEarly(it, REFORM);
  });

  it('P1.4: a vacant seat holds nothing up once it could change nothing, and is not asked afterwards', async () => {
    const absent: Seat = { body: 'commerce', level: 'city' };
    const it = await begin({ rule: 'any-of' }, [HOUSING, absent]);
    await it.says(HOUSING, YES);
    expect(await it.result()).toBe(true);
    expect(engine.record.types(it.workflowId)).toContain('seat-vacant');
    expect(it.tasks()).toHaveLength(1);
  });

  it('P1.4: a paper decision that awaits its second person ends with the vote, and so does its confirmation', async () => {
    const government: Seat = { body: 'government', level: 'city' };
    const it = await begin({ rule: 'any-of' }, [FINANCE, government]);
    const paper = { number: '样例〔2027〕2号', date: '2026-11-20', attachment: 'sample-attachment' };
    const recorder = { organisation: '371300-housing', user: 'first', paper };
    await engine.decide(await it.of(government), {}, recorder);
    const confirmation = await engine.task('paper-confirmation', { workflowId: it.workflowId });
    await it.says(FINANCE, YES);
    expect(await it.result()).toBe(true);
    expect(engine.record.tasks.get(confirmation.id)?.status).toBe('closed');
    await expectEndedEarly(it, government);
  });
});
