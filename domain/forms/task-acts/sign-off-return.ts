import { z } from 'zod';
import { returnedToHandler } from '../../sign-off';
import { defineTaskAct, notTheirsToGive, violated } from '../../task-act';
import { prose } from '../fields';

/** 退回经办: who must endorse or sign gives the draft back to whoever drafted it. */
export const signOffReturn = defineTaskAct({
  act: 'sign-off-return',
  event: 'task-draft-returned',
  title: '退回经办',
  titleEn: 'Return to the handler',
  clause: 'P1.4',
  form: z.strictObject({ reason: prose('原因', 2000) }),
  may: (task, by) =>
    (task.signOff?.signed ?? []).length === 0 ? violated(NO_DRAFT) : notTheirsToGive(task, by),
  example: () => ({ reason: '样例：依据不足，请补充' }),
  apply: (task, { reason }, by, { at }) => returnedToHandler(task, by, at, reason),
});

const NO_DRAFT = { zh: '没有待审核、签发的拟稿', en: 'There is no draft to return' };
