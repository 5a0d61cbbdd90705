import { link, type RecordedEvent } from '../../domain/events';
import { allChoices, choiceOf } from '../../domain/notification/choice';
import { ofQuestion } from '../../domain/notification/beside-tasks';
import { NOTIFICATION_KINDS, notificationsOf } from '../../domain/notification/notification';
import { digestText, textOf } from '../../domain/notification/texts';
import { MOST_ATTEMPTS, nextDigest, pauseAfter } from '../../domain/notification/timing';
import type { Task } from '../../domain/task';
import { holidayCalendar } from '../../policy/holidays';
import { ORIGIN, task } from '../store/sample-record';

const STEP = 'project/371302-2027-0001/public-notice/1';
const TASK = `${STEP.replaceAll('/', '.')}.1`;

function event(type: string, rest: Partial<RecordedEvent> = {}): RecordedEvent {
  const at = '2027-01-04T01:00:00.000Z';
  return link(
    { seq: 6, hash: ORIGIN },
    { workflowId: STEP, at, type, projectId: '371302-2027-0001', ...rest },
  );
}

describe('what people must hear', () => {
  test('of a task, whoever must do it and whoever may enter it from paper, but not who submitted it', () => {
    const one = task(STEP, 1, { paperBy: '371302-housing', notBy: ['u1'], role: 'signatory' });
    const [told, ...others] = notificationsOf([event('task-assigned', { taskId: TASK })], { tasks: [one] });
    expect(others).toEqual([]);
    expect(told).toMatchObject({
      id: 'project.371302-2027-0001.public-notice.1.e7',
      kind: 'task-assigned',
      to: { organisations: ['371302-s1', '371302-housing'], role: 'signatory', notUsers: ['u1'] },
      about: { projectId: '371302-2027-0001', task: { id: TASK, title: '张贴公示', due: '2027-01-11' } },
    });
  });

  test('nothing that anybody entered: neither a reason nor a form leaves the record', () => {
    const secret = '样例：不应外传的内容';
    const one = task(STEP, 1, { context: { secret }, closedBecause: secret });
    const events = [
      event('task-closed', { taskId: TASK, reason: secret, data: { form: secret } }),
      event('project-suspended', { reason: secret }),
      event('project-ended', { reason: secret, data: { end: 'withdrawn', secret } }),
    ];
    const told = notificationsOf(events, { tasks: [one] });
    expect(told.map(({ kind }) => kind)).toEqual(['task-closed', 'project-changed', 'project-changed']);
    const texts = told.map(({ kind, about }) => textOf(kind, about));
    expect(JSON.stringify([told, texts])).not.toContain(secret);
  });

  test('of a vacant seat the system administrator; of a completed task nobody', () => {
    const vacant = event('seat-vacant', { data: { seat: 'finance@county', county: '371302' } });
    const done = event('task-completed', { taskId: TASK });
    const told = notificationsOf([vacant, done], { tasks: [task(STEP, 1)] });
    expect(told).toMatchObject([{ kind: 'seat-vacant', to: { administrators: 'system' } }]);
    expect(textOf('seat-vacant', told[0]?.about ?? {}).subject).toContain('finance@county');
  });

  test('of a task that somebody has, that person; of one that is delegated, the delegate; that it is late, all', () => {
    const toldOf = (type: string, change: Partial<Task>) =>
      notificationsOf([event(type, { taskId: TASK })], { tasks: [task(STEP, 1, change)] })[0];
    const held = { holder: 'u1' };
    const delegated = { holder: 'u1', delegation: { by: 'u1', to: 'u2' } };
    expect(toldOf('task-urged', held)).toMatchObject({ kind: 'task-reminded', to: { user: 'u1' } });
    expect(toldOf('task-delegated', delegated)).toMatchObject({
      kind: 'task-handed-over',
      to: { user: 'u2' },
    });
    const answer = { form: {}, at: '2027-01-04T01:00:00.000Z' };
    const answered = { holder: 'u1', delegation: { by: 'u1', to: 'u2', answer } };
    for (const [type, change] of [
      ['task-delegate-answered', answered],
      ['task-decision-given-back', held],
    ] as const) {
      expect(toldOf(type, change)).toMatchObject({ kind: 'task-came-back', to: { user: 'u1' } });
    }
    expect(toldOf('task-overdue', delegated)?.to).not.toHaveProperty('user');
  });

  test('of a hand-over, the successor who has it now; in another’s task only when it is their turn', () => {
    const handed = event('task-handed-over', {
      taskId: TASK,
      data: { form: { user: 'u2', reason: '样例' } },
    });
    const told = (holder: string) => notificationsOf([handed], { tasks: [task(STEP, 1, { holder })] });
    expect(told('u2')).toMatchObject([{ kind: 'task-handed-over', to: { user: 'u2' } }]);
    expect(told('u3')).toEqual([]);
  });

  test('of a question whoever has the task, of one of their own those with a copy; never who asks, nor what', () => {
    const said = {
      id: 'c1',
      at: '2027-01-04T01:00:00.000Z',
      by: { user: 'u9', organisation: '371302-housing' },
    };
    const one = task(STEP, 1, { holder: 'u1' });
    expect(ofQuestion(one, said, ['371302-finance'])).toMatchObject({
      kind: 'task-asked',
      to: { organisations: ['371302-s1'], notUsers: ['u9'], user: 'u1' },
    });
    const own = { ...said, by: { user: 'u1', organisation: '371302-s1' } };
    expect(ofQuestion(one, own, ['371302-finance']).to).toEqual({
      organisations: ['371302-s1', '371302-finance'],
      notUsers: ['u1'],
    });
  });

  test('of a task that stays undone, the superior organisation; where nobody holds its seat, the system administrator', () => {
    const to = (escalated: Task['escalated']) =>
      notificationsOf([event('task-escalated', { taskId: TASK })], {
        tasks: [task(STEP, 1, { ...(escalated ? { escalated } : {}), role: 'signatory', holder: 'u1' })],
      })[0]?.to;
    expect(to({ on: '2027-01-18', to: ['371302-housing'] })).toEqual({ organisations: ['371302-housing'] });
    expect(to({ on: '2027-01-18', to: [] })).toEqual({ administrators: 'system' });
  });

  test('in the words of an office, with the round of a step that was done before', () => {
    const about = { projectId: '371302-2027-0001', step: 'public-notice', round: 2 } as const;
    const text = textOf('task-overdue', {
      ...about,
      task: { id: TASK, title: '张贴公示', due: '2027-01-11' },
    });
    expect(text.subject).toBe('已逾期：张贴公示（371302-2027-0001）');
    expect(text.body).toContain('所在步骤：公示（第 2 轮）');
    expect(text.body).toContain('办理期限：2027-01-11');
    const day = digestText('2027-01-05', [
      { kind: 'task-assigned', about },
      { kind: 'project-changed', about },
    ]);
    expect(day.subject).toBe('2027-01-05 待办摘要：2 条');
  });

  test('in the application of everything, unless somebody chooses otherwise', () => {
    const kinds = Object.keys(NOTIFICATION_KINDS) as (keyof typeof NOTIFICATION_KINDS)[];
    expect(kinds.filter((kind) => !choiceOf({}, kind).inApp)).toEqual([]);
    const chosen = { 'task-assigned': { inApp: false, email: 'off' } } as const;
    expect(allChoices(chosen)).toMatchObject({ ...chosen, 'task-overdue': { email: 'at-once' } });
  });
});

describe('the daily digest', () => {
  const at = (text: string) => nextDigest(holidayCalendar, Date.parse(text));

  test.each([
    ['before half past eight goes out the same day', '2026-03-02T08:00:00+08:00', '2026-03-02'],
    ['after it the next day', '2026-03-02T08:30:00+08:00', '2026-03-03'],
    ['just before it the next day, because it may be on its way', '2026-03-02T08:29:30+08:00', '2026-03-03'],
    ['on a Friday after it on Monday', '2026-03-06T12:00:00+08:00', '2026-03-09'],
    ['before the National Day on the working day after', '2026-09-30T12:00:00+08:00', '2026-10-08'],
  ])('%s', (_, now, date) => {
    expect(at(now).date).toBe(date);
    expect(new Date(at(now).at).toISOString()).toBe(`${date}T00:30:00.000Z`);
  });
});

test('pauses double up to six hours, differ by chance, and last longer than a night and less than two days', () => {
  expect([pauseAfter(1, 0.5), pauseAfter(2, 0.5), pauseAfter(14, 0.5)]).toEqual([30_000, 60_000, 21_600_000]);
  expect([pauseAfter(3, 0), pauseAfter(3, 1)]).toEqual([96_000, 144_000]);
  const pauses = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, n) => pauseAfter(n + 1, 0.5));
  const hours = pauses.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
  expect(hours).toBeGreaterThan(24);
  expect(hours).toBeLessThan(48);
});
