import { resolve } from 'node:path';
import { addWorkingDays, civilDate, isWorkingDay, plusDays, startOfDay } from '../../domain/calendar';
import type { RecordedEvent } from '../../domain/events';
import type { Task } from '../../domain/task';
import { sinceMidnight } from '../../domain/working-hours';
import { policyMovedSignal, resumeSignal, suspendSignal, turnBackSignal } from '../../workflows/messages';
import { startEngine, type Engine } from './engine';
import { sampleOrganisations, stepStart } from './sample';

const COUNTY_FINANCE = { body: 'finance', level: 'county' } as const;
const CITY_HOUSING = { body: 'housing', level: 'city' } as const;
const [A, B] = ['371302-finance-1', '371302-finance-2'] as const;
const context = { act: 'withdrawal', title: '撤回', reason: '样例', form: {}, by: '371302-housing' };

describe('the clock of a task', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'desk.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());
  afterEach(async () => {
    for (const { workflowId } of engine.openTasks()) {
      await engine
        .handle(workflowId)
        .cancel()
        .catch(() => undefined);
    }
    await engine.settled();
  });

  const begin = async (seat: object = COUNTY_FINANCE, round = 1) => {
    const workflowId = `project/371302-2028-0004/consent/${(n += 1)}`;
    const handle = await engine.start('consent', workflowId, [
      stepStart('control', { seats: [seat], context, notBy: [] }, { round }),
    ]);
    const task = await engine.task('control-consent', { workflowId });
    return { workflowId, handle, task };
  };
  const now = (task: Task): Task => engine.record.tasks.get(task.id) ?? task;
  const due = (task: Task): string => now(task).due?.date ?? '';
  const of = (task: Task, ...types: string[]): RecordedEvent[] =>
    engine.record
      .of(task.workflowId)
      .filter(({ type, taskId }) => taskId === task.id && types.includes(type));
  const after = (date: string, days: number): string =>
    addWorkingDays(engine.briefing.calendar, date, days).date;
  const before = (date: string): string => {
    let day = plusDays(date, -1);
    while (!isWorkingDay(engine.briefing.calendar, day)) day = plusDays(day, -1);
    return day;
  };
  const at = (date: string, time: string): number => startOfDay(date) + sinceMidnight(time);
  /** Within a minute: an engine takes a moment. */
  const moments = (events: readonly RecordedEvent[]): number[] =>
    events.map((event) => Math.floor(Date.parse(event.at) / 60_000) * 60_000);
  const reminders = (task: Task) => moments(of(task, 'task-reminded'));
  const expected = (date: string): number[] =>
    [before(date), date, after(date, 3)].map((day) => at(day, '09:00'));

  it('P1.4: reminds before, on and after the due date, when offices open, and escalates once to the same bureau of the city', async () => {
    const { task } = await begin();
    const date = due(task);
    await engine.advance('60d');
    expect(reminders(task)).toEqual(expected(date));
    expect(of(task, 'task-reminded').map(({ data }) => data)).toMatchObject([
      { daysBefore: 1 },
      { daysBefore: 0 },
      { daysBefore: -3 },
    ]);
    const escalated = of(task, 'task-escalated');
    expect(moments(escalated)).toEqual([at(after(date, 5), '09:00')]);
    expect(escalated[0]?.data).toMatchObject({
      due: date,
      basis: task.due?.basis,
      workingDaysLate: 5,
      superior: 'finance@city',
      to: ['371300-finance'],
    });
    // Nothing decides itself: late, reminded and escalated, it still waits for a person.
    expect(now(task)).toMatchObject({ status: 'open', overdue: true, escalated: { to: ['371300-finance'] } });
    expect(now(task).outcome).toBeUndefined();
  });

  it('P1.4: nothing rings outside working hours, and nothing on a day off', async () => {
    const tasks = await Promise.all([begin(), begin(CITY_HOUSING)]);
    await engine.advance('45d');
    const rung = tasks.flatMap(({ task }) => of(task, 'task-reminded', 'task-escalated'));
    expect(rung.length).toBeGreaterThan(6);
    for (const event of rung) {
      const moment = Date.parse(event.at);
      const hour = (moment - startOfDay(civilDate(moment))) / 3_600_000;
      expect([isWorkingDay(engine.briefing.calendar, civilDate(moment)), hour >= 9, hour < 17]).toEqual([
        true,
        true,
        true,
      ]);
    }
  });

  it('a task of the city has no superior by the policy: it is reminded, never escalated', async () => {
    const { task } = await begin(CITY_HOUSING);
    await engine.advance('60d');
    expect(of(task, 'task-overdue')).toHaveLength(1);
    expect(of(task, 'task-escalated')).toEqual([]);
  });

  it('where the city has no such bureau the next superior of the list learns of it', async () => {
    const { organisations } = engine.briefing;
    const gone = organisations.findIndex(({ id }) => id === '371300-finance');
    const [finance] = organisations.splice(gone, 1);
    const { task } = await begin();
    await engine.advance('60d');
    if (finance) organisations.splice(gone, 0, finance);
    expect(now(task).escalated?.to).toEqual(['371300-housing']);
  });

  it('a decision in time rings nothing more', async () => {
    const { task } = await begin();
    await engine.decide(task);
    await engine.advance('60d');
    expect(of(task, 'task-reminded', 'task-overdue', 'task-escalated')).toEqual([]);
  });

  describe('is set anew', () => {
    it('after a return: the next round’s task is reminded and escalated, the first one’s never again', async () => {
      const { task, handle } = await begin();
      await handle.signal(turnBackSignal, { reason: '样例：退回', at: new Date().toISOString() });
      await handle.cancel();
      await engine.eventually(() => now(task).status === 'closed', 'the closed task');
      const { task: again } = await begin(COUNTY_FINANCE, 2);
      const date = due(again);
      await engine.advance('60d');
      expect(of(task, 'task-reminded', 'task-escalated')).toEqual([]);
      expect(reminders(again)).toEqual(expected(date));
      expect(of(again, 'task-escalated')).toHaveLength(1);
    });

    it('after a transfer, a delegation and a retreat from it', async () => {
      const { task } = await begin();
      await engine.actOn(task, 'transfer', { user: B, reason: '样例' }, { user: A });
      await engine.actOn(task, 'delegation', { user: A, reason: '样例' }, { user: B });
      const date = due(task);
      await engine.advance('60d');
      expect(reminders(task)).toEqual(expected(date));
      expect(of(task, 'task-escalated')).toHaveLength(1);
    });

    it('after a suspension: nothing rings while it lasts, and everything at the due date that it moves', async () => {
      const { task, handle } = await begin();
      const date = due(task);
      await engine.advanceTo(date, '12:00');
      const today = await engine.today();
      await handle.signal(suspendSignal, { reason: '样例', at: `${today}T12:00:00+08:00` });
      await engine.advance('30d');
      expect(reminders(task)).toEqual(expected(date).slice(0, 2));
      expect(of(task, 'task-overdue')).toEqual([]);
      let morning = plusDays(await engine.today(), 1);
      while (!isWorkingDay(engine.briefing.calendar, morning)) morning = plusDays(morning, 1);
      await engine.advanceTo(morning, '08:00');
      await handle.signal(resumeSignal, { reason: '样例', at: `${morning}T08:00:00+08:00` });
      await engine.settled();
      const moved = due(task);
      expect(moved > date).toBe(true);
      await engine.advance('60d');
      expect(reminders(task).slice(2)).toEqual(expected(moved));
      expect(moments(of(task, 'task-escalated'))).toEqual([at(after(moved, 5), '09:00')]);
    });

    it('after a suspension of what was overdue already: reminder and escalation that were missed are told once each', async () => {
      const { task, handle } = await begin();
      const late = after(due(task), 1);
      await engine.advanceTo(late, '12:00');
      await handle.signal(suspendSignal, { reason: '样例', at: `${late}T12:00:00+08:00` });
      await engine.advance('30d');
      expect(of(task, 'task-escalated')).toEqual([]);
      let evening = await engine.today();
      while (!isWorkingDay(engine.briefing.calendar, evening)) evening = plusDays(evening, 1);
      await engine.advanceTo(evening, '20:00');
      await handle.signal(resumeSignal, { reason: '样例', at: `${evening}T20:00:00+08:00` });
      await engine.advance('20d');
      const next = at(after(evening, 1), '09:00');
      expect(reminders(task).slice(2)).toEqual([next]);
      expect(moments(of(task, 'task-escalated'))).toEqual([next]);
    });

    it('after its own clock was stopped and resumed, and after it ran out', async () => {
      for (const resumes of [true, false]) {
        const { task } = await begin();
        const date = due(task);
        const until = plusDays(await engine.today(), 20);
        await engine.actOn(task, 'clock-suspension', { until, reason: '样例：补正' }, { user: A });
        await engine.advance('10d');
        expect(reminders(task)).toEqual([]);
        if (resumes) await engine.actOn(task, 'clock-resumption', {}, { user: A });
        else await engine.advance('11d');
        const moved = due(task);
        expect(moved > date).toBe(true);
        await engine.advance('40d');
        expect(reminders(task)).toEqual(expected(moved));
        expect(of(task, 'task-escalated')).toHaveLength(1);
      }
    });

    it('after a new holiday list: reminders and escalation follow the working days', async () => {
      const { task, handle } = await begin();
      const date = due(task);
      const year = date.slice(0, 4);
      const usual = engine.briefing.calendar;
      const list = usual.years[year] ?? { off: [], work: [] };
      // Everything from the day before the due date is off for three weeks.
      const off = Array.from({ length: 21 }, (_, i) => plusDays(before(date), i));
      Object.assign(engine.briefing, {
        calendar: { years: { ...usual.years, [year]: { off: [...list.off, ...off], work: list.work } } },
      });
      await handle.signal('briefingChanged');
      await engine.eventually(() => due(task) > (off.at(-1) ?? ''), 'a later due date');
      const moved = due(task);
      const due3 = expected(moved);
      const escalated = at(after(moved, 5), '09:00');
      await engine.advance('70d');
      expect(reminders(task)).toEqual(due3);
      expect(moments(of(task, 'task-escalated'))).toEqual([escalated]);
      Object.assign(engine.briefing, { calendar: usual });
    });

    it('after the project was moved to another policy, by what that one says', async () => {
      const { task, handle } = await begin();
      const date = due(task);
      const { policy } = stepStart('control', {});
      const moved = { ...policy, version: '2099.1', reminders: { ...policy.reminders, task: [0] } };
      await handle.signal(policyMovedSignal, { policy: moved, reason: '样例' });
      await engine.settled();
      await engine.advance('60d');
      expect(reminders(task)).toEqual([at(date, '09:00')]);
      expect(of(task, 'task-escalated')).toHaveLength(1);
    });

    it('after a new holiday list that moves an overdue task into time again', async () => {
      const { task, handle } = await begin();
      const date = due(task);
      await engine.advanceTo(after(date, 6), '12:00');
      expect(now(task)).toMatchObject({ overdue: true, escalated: { to: ['371300-finance'] } });
      const usual = engine.briefing.calendar;
      const year = date.slice(0, 4);
      const list = usual.years[year] ?? { off: [], work: [] };
      const off = Array.from({ length: 28 }, (_, i) => plusDays(date, i));
      Object.assign(engine.briefing, {
        calendar: { years: { ...usual.years, [year]: { off: [...list.off, ...off], work: list.work } } },
      });
      await handle.signal('briefingChanged');
      await engine.settled();
      await engine.eventually(() => !now(task).overdue, 'it is in time again');
      expect(now(task).escalated).toBeUndefined();
      const moved = due(task);
      // The working day before it was before the holiday, and is over.
      const again = expected(moved).slice(1);
      await engine.advance('60d');
      expect(reminders(task).slice(3)).toEqual(again);
      expect(of(task, 'task-overdue')).toHaveLength(2);
      expect(of(task, 'task-escalated')).toHaveLength(2);
      Object.assign(engine.briefing, { calendar: usual });
    });
  });

  it('one timer serves all tasks of a desk: five cost no more than one', async () => {
    const timersOf = async (seats: number): Promise<number> => {
      const workflowId = `project/371302-2028-0005/consent/${seats}`;
      const bodies = [
        'finance',
        'housing',
        'development-and-reform',
        'natural-resources-and-planning',
        'audit',
      ];
      const handle = await engine.start('consent', workflowId, [
        stepStart('control', {
          seats: bodies.slice(0, seats).map((body) => ({ body, level: 'county' })),
          context,
          notBy: [],
        }),
      ]);
      await engine.eventually(
        () =>
          engine.openTasks('control-consent').filter((one) => one.workflowId === workflowId).length === seats,
        'the tasks',
      );
      await engine.advance('30d');
      const { events } = await handle.fetchHistory();
      return (events ?? []).filter(({ timerStartedEventAttributes }) => timerStartedEventAttributes).length;
    };
    const one = await timersOf(1);
    expect(await timersOf(5)).toBe(one);
  });
});
