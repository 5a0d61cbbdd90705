import { z } from 'zod';
import { principalOf } from '../../actor';
import { awaitedUser } from '../../holding';
import { defineTaskAct, notTheirs, violated } from '../../task-act';

/** 领取: from now on only this person decides it. */
export const claim = defineTaskAct({
  act: 'claim',
  event: 'task-claimed',
  title: '领取',
  titleEn: 'Claim',
  clause: 'P1.4',
  form: z.strictObject({}),
  may: (task, by) =>
    notTheirs(task, by) ??
    (awaitedUser(task) === principalOf(by)
      ? violated({ zh: '已由您领取', en: 'You have it already' })
      : undefined),
  example: () => ({}),
  apply: (task, _form, by) => ({ ...task, holder: principalOf(by) }),
});
