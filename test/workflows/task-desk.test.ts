import { startEngine, type Engine } from './engine';
import { policy, sampleOrganisations, stepStart } from './sample';
import { resumeSignal, recordStateQuery, suspendSignal, turnBackSignal } from '../../workflows/messages';
import { resolve } from 'node:path';

const CITY_HOUSING = { body: 'housing', level: 'city' } as const;
const CITY_FINANCE = { body: 'finance', level: 'city' } as const;
const context = { act: 'withdrawal', title: '撤回', reason: '样例', form: {}, by: '371302-housing' };

describe('the task desk', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'desk.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (seats: readonly { body: string; level: string }[], notBy: string[] = []) => {
    const workflowId = `project/371302-2028-0001/consent/${(n += 1)}`;
    const handle = await engine.start('consent', workflowId, [
      stepStart('control', { seats, context, notBy }),
    ]);
    const which = { workflowId };
    return { workflowId, handle, task: () => engine.task('control-consent', which) };
  };

  it('a decision closes its task and is in the record once, with who, when and what', async () => {
    const { task, workflowId, handle } = await begin([CITY_HOUSING]);
    const open = await task();
    await engine.decide(open, { consent: true });
    await handle.result();
    const completed = engine.record.of(workflowId).filter(({ type }) => type === 'task-completed');
    expect(completed).toHaveLength(1);
    expect(completed[0]).toMatchObject({
      taskId: open.id,
      by: { organisation: '371300-housing' },
      data: { form: { consent: true } },
    });
    expect(engine.record.tasks.get(open.id)?.status).toBe('completed');
    expect(engine.record.fault()).toBeUndefined();
  });

  it('two simultaneous completions of one task give one success and one task-not-open', async () => {
    const { task, workflowId } = await begin([CITY_HOUSING, CITY_FINANCE]);
    const open = await engine.task('control-consent', { workflowId, organisation: '371300-housing' });
    expect((await task()).workflowId).toBe(workflowId);
    const both = await Promise.allSettled([
      engine.decide(open, { consent: true }, { user: 'a' }),
      engine.decide(open, { consent: false }, { user: 'b' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find((one): one is PromiseRejectedResult => one.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'task-not-open' });
    expect(engine.record.of(workflowId).filter(({ type }) => type === 'task-completed')).toHaveLength(1);
  });

  it('a request sent again, signed anew, gets the first answer, and neither history nor record knows of it', async () => {
    const { workflowId, handle } = await begin([CITY_HOUSING, CITY_FINANCE]);
    const open = await engine.task('control-consent', { workflowId, organisation: '371300-housing' });
    const finance = await engine.task('control-consent', { workflowId, organisation: '371300-finance' });
    const [decided, transferred] = [`key-${workflowId}`, `key-of-act-${workflowId}`];
    const first = await engine.decide(open, {}, { key: decided });
    const act = await engine.actOn(finance, 'reminder', {}, { key: transferred });
    // Another instant, therefore another signature.
    await engine.advance('1s');
    expect(await engine.decide(open, {}, { key: decided })).toEqual(first);
    expect(await engine.actOn(finance, 'reminder', {}, { key: transferred })).toEqual(act);
    const types = engine.record.of(workflowId).map(({ type }) => type);
    expect(types.filter((type) => type === 'task-completed')).toHaveLength(1);
    expect(types.filter((type) => type === 'task-urged')).toHaveLength(1);
    const { events } = await handle.fetchHistory();
    expect(events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toHaveLength(2);
  });

  it('P1.4: a decision by an organisation without the seat is refused and leaves no trace', async () => {
    const { task, handle } = await begin([CITY_HOUSING]);
    const open = await task();
    const before = engine.record.of(open.workflowId).length;
    const refusal = await engine.refusalOf(engine.decide(open, {}, { organisation: '371302-housing' }));
    expect(refusal.code).toBe('not-your-seat');
    const { events } = await handle.fetchHistory();
    expect(events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toHaveLength(0);
    expect(engine.record.of(open.workflowId)).toHaveLength(before);
  });

  it('P1.4: nobody decides on what they submitted, another person of the same organisation may', async () => {
    const { task } = await begin([CITY_HOUSING], ['the-submitter']);
    const open = await task();
    expect((await engine.refusalOf(engine.decide(open, {}, { user: 'the-submitter' }))).code).toBe(
      'not-your-seat',
    );
    await engine.decide(open, {}, { user: 'another' });
  });

  it('a form with an unknown field, a wrong type or a missing field is refused with its path', async () => {
    const { task } = await begin([CITY_HOUSING]);
    const open = await task();
    for (const [change, path] of [
      [{ surprise: 1 }, ''],
      [{ consent: 'yes' }, 'consent'],
      [{ consent: undefined }, 'consent'],
    ] as const) {
      const refusal = await engine.refusalOf(engine.decide(open, change));
      expect(refusal.code).toBe('invalid-request');
      expect(refusal.detail.issues?.map((issue) => issue.path)).toContain(path);
    }
  });

  it('a task that passes its due date is reminded, marked overdue, and still accepted with a reason', async () => {
    const { task, workflowId } = await begin([CITY_HOUSING]);
    const open = await task();
    await engine.advance('60d');
    expect(engine.record.of(workflowId).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['task-reminded', 'task-overdue']),
    );
    const late = await engine.task('control-consent', { workflowId });
    expect(late.overdue).toBe(true);
    const refusal = await engine.refusalOf(engine.decide(late, {}, { noLateReason: true }));
    expect(refusal).toMatchObject({ code: 'rule-violated', detail: { refusals: [{ path: 'lateReason' }] } });
    await engine.decide(late);
    expect(engine.record.tasks.get(open.id)?.outcome?.lateReason).toBeDefined();
  });

  it('a suspended task refuses decisions, and its due date moves by the working days it stood still', async () => {
    const { task, handle } = await begin([CITY_HOUSING]);
    const open = await task();
    const at = async (): Promise<string> => new Date(await engine.now()).toISOString();
    await handle.signal(suspendSignal, { reason: '样例：汛期', at: await at() });
    await engine.settled();
    expect((await engine.refusalOf(engine.decide(open))).code).toBe('wrong-step');
    await engine.advance('30d');
    await handle.signal(resumeSignal, { reason: '样例：复工', at: await at() });
    await engine.settled();
    // The due date is projected with the next event; the reminder of the moved date comes in its time.
    const moved = (await handle.query('tasks')) as { due: { date: string }; overdue: boolean }[];
    expect(moved[0]?.overdue).toBe(false);
    // Thirty days have at least fifteen working days, whatever holidays fall into them: three weeks.
    expect(Date.parse(moved[0]?.due.date ?? '')).toBeGreaterThanOrEqual(
      Date.parse(open.due?.date ?? '') + 21 * 86_400_000,
    );
  });

  it('a return closes what was open, records why, and hands back the head without an output', async () => {
    const { task, workflowId, handle } = await begin([CITY_HOUSING]);
    const open = await task();
    await handle.signal(turnBackSignal, { reason: '样例：退回', at: new Date().toISOString() });
    await handle.cancel();
    const end = (await handle.result()) as { output?: unknown; head: { seq: number } };
    expect(end.output).toBeUndefined();
    const events = engine.record.of(workflowId);
    expect(events.map(({ type }) => type).slice(-2)).toEqual(['task-closed', 'step-turned-back']);
    expect(events.at(-1)).toMatchObject({ seq: end.head.seq, reason: '样例：退回' });
    expect(engine.record.tasks.get(open.id)).toMatchObject({ status: 'closed', closedBecause: '样例：退回' });
    await expect(engine.decide(open)).rejects.toThrow();
  });

  it('P1.4: a seat with nobody in it alerts and waits, and goes on when somebody holds it', async () => {
    const absent = { body: 'commerce', level: 'city' };
    const { workflowId, handle, task } = await begin([absent]);
    await engine.eventually(
      () => engine.record.of(workflowId).find(({ type }) => type === 'seat-vacant'),
      'the alert',
    );
    expect(engine.record.tasks.size).toBeGreaterThan(0);
    engine.briefing.organisations.push({
      id: '371300-commerce',
      name: '样例商务局',
      bodies: ['commerce'],
      level: 'city',
      area: '371300',
    });
    await handle.signal('briefingChanged');
    await engine.decide(await task());
    await handle.result();
    expect(engine.record.of(workflowId).map(({ type }) => type)).toContain('seat-filled');
  });

  it('P1.4: a decision taken on paper is entered by the recorder, confirmed by a second person, and says so for ever', async () => {
    const [paper] = policy.paperSeats.filter(({ seat }) => seat === 'government@city');
    expect(paper).toBeDefined();
    const { workflowId, task, handle } = await begin([{ body: 'government', level: 'city' }]);
    const open = await task();
    expect(open.paperBy).toBe('371300-housing');
    const onPaper = { number: '样例〔2027〕1号', date: '2026-11-20', attachment: 'sample-attachment' };
    await engine.decide(open, {}, { organisation: '371300-housing', user: 'first', paper: onPaper });
    const confirm = await engine.task('paper-confirmation', { workflowId });
    expect((await engine.refusalOf(engine.decide(confirm, {}, { user: 'first' }))).code).toBe(
      'not-your-seat',
    );
    await engine.decide(confirm, {}, { user: 'second' });
    await handle.result();
    expect(engine.record.tasks.get(open.id)?.outcome).toMatchObject({
      paper: onPaper,
      by: {
        organisation: '371300-government',
        recordedBy: { organisation: '371300-housing', user: 'first', confirmedBy: 'second' },
      },
    });
  });

  it('the workflow tells its head and what is recorded of it', async () => {
    const { task, handle, workflowId } = await begin([CITY_HOUSING]);
    await task();
    await engine.settled();
    const state = await handle.query(recordStateQuery);
    expect(state.head.seq).toBe(engine.record.of(workflowId).length);
    expect(state.recorded).toBe(state.head.seq);
  });
});
