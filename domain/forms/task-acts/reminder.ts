import { z } from 'zod';
import { principalOf } from '../../actor';
import { awaitedUser, CLOCK_STOPPED } from '../../holding';
import { SUSPENDED } from '../../desk-rules';
import { refusal } from '../../refusal';
import { defineTaskAct, violated } from '../../task-act';
import { prose } from '../fields';

/** 催办: tells whoever has it that others wait; as often on one day as policy allows, whoever urges. */
export const reminder = defineTaskAct({
  act: 'reminder',
  event: 'task-urged',
  title: '催办',
  titleEn: 'Urge',
  clause: 'P1.4',
  byAnybody: true,
  form: z.strictObject({ reason: prose('说明', 500).optional() }),
  may: (task, by) => {
    if (awaitedUser(task) === principalOf(by)) return violated(ONESELF);
    if (task.suspended) return violated(SUSPENDED);
    return task.clockStopped ? violated(CLOCK_STOPPED) : undefined;
  },
  rules: (_form, { urged }, _by, { today, urgesADay }) =>
    urged?.on === today && urged.times >= urgesADay
      ? [
          refusal(`每日至多催办 ${urgesADay} 次`, `A task is urged ${urgesADay} times a day at most`, {
            clause: 'P1.4',
          }),
        ]
      : [],
  example: () => ({ reason: '样例：后续环节等待' }),
  apply: (task, _form, _by, { today }) => ({
    ...task,
    urged: { on: today, times: task.urged?.on === today ? task.urged.times + 1 : 1 },
  }),
});

const ONESELF = { zh: '该待办由您办理', en: 'It waits for you' };
