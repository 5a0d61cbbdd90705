import { z } from 'zod';
import type { CivilDate } from '../../calendar';
import { defineTaskAct, notTheirs, violated } from '../../task-act';
import type { Task } from '../../task';
import { prose } from '../fields';

/** The supplements are there: the clock runs again, the due date moves by what stood still. */
export const clockResumption = defineTaskAct({
  act: 'clock-resumption',
  event: 'task-clock-resumed',
  title: '恢复计时',
  titleEn: 'Resume the clock',
  clause: 'P1.4',
  form: z.strictObject({ reason: prose('说明', 2000).optional() }),
  may: (task, by) => (task.clockStopped ? notTheirs(task, by) : violated(RUNS)),
  example: () => ({ reason: '样例：材料已补齐' }),
  apply: (task, _form, _by, { today }) => resumed(task, today),
});

const RUNS = { zh: '计时未中止', en: 'The clock is running' };

/** Stopped and resumed on one day, nothing stood still. */
export function resumed({ clockStopped, ...task }: Task, today: CivilDate): Task {
  if (!clockStopped || clockStopped.on === today) return task;
  const standstills = [...(task.standstills ?? []), { from: clockStopped.on, to: today }];
  return { ...task, standstills };
}
