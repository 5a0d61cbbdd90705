import { z } from 'zod';
import { plusDays } from '../../calendar';
import { SUSPENDED } from '../../desk-rules';
import { refusal } from '../../refusal';
import { defineTaskAct, notTheirsToGive, violated } from '../../task-act';
import { date, prose } from '../fields';

/** Calendar days that a clock may stand still; then it runs again by itself. */
const LONGEST = 90;

/** 补正: the task's own clock stands still until what is missing is there, at the longest until the day named. */
export const clockSuspension = defineTaskAct({
  act: 'clock-suspension',
  event: 'task-clock-stopped',
  title: '补正中止计时',
  titleEn: 'Stop the clock for supplements',
  clause: 'P1.4',
  form: z.strictObject({ until: date('补正至'), reason: prose('需要补正的全部内容', 4000) }),
  may: (task, by) => {
    const notTheirs = notTheirsToGive(task, by);
    if (notTheirs) return notTheirs;
    if (task.suspended) return violated(SUSPENDED);
    if (!task.due) return violated(NO_CLOCK);
    if (task.overdue) return violated(OVERDUE);
    return (task.standstills ?? []).length > 0 ? violated(ONCE) : undefined;
  },
  rules: ({ until }, _task, _by, { today }) =>
    until > today && until <= plusDays(today, LONGEST)
      ? []
      : [
          refusal(`补正期限应在今日之后、${LONGEST} 日之内`, `After today, within ${LONGEST} days`, {
            path: 'until',
          }),
        ],
  example: (_task, { today }) => ({ until: plusDays(today, 7), reason: '样例：缺施工图' }),
  apply: (task, { until, reason }, _by, { today }) => ({
    ...task,
    clockStopped: { on: today, until, reason },
  }),
});

const OVERDUE = { zh: '已超过办理期限，不能再中止计时', en: 'The period has ended; no clock can be stopped' };
const NO_CLOCK = { zh: '该待办没有办理期限', en: 'The task has no due date' };
const ONCE = {
  zh: '需要补正的内容应当一次告知（行政许可法 32）',
  en: 'What is missing is told once, all of it',
};
