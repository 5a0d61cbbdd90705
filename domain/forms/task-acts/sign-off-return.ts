import { z } from 'zod';
import { returnedToHandler } from '../../sign-off';
import { defineTaskAct, notTheirsToGive, violated } from '../../task-act';
import { prose, yesNo } from '../fields';

/**
 * 退回经办: who must endorse or sign gives the draft back to whoever drafted it. Of a drafter who has left only the API knows: it
 * signs `toAnybody`, and then any handler of the organisation takes the draft up.
 */
export const signOffReturn = defineTaskAct({
  act: 'sign-off-return',
  event: 'task-draft-returned',
  title: '退回经办',
  titleEn: 'Return to the handler',
  clause: 'P1.4',
  form: z.strictObject({
    reason: prose('原因', 2000),
    toAnybody: yesNo('交本单位任一经办人办理（原经办人已离岗的，自动如此）').optional(),
  }),
  may: (task, by) =>
    (task.signOff?.signed ?? []).length === 0 ? violated(NO_DRAFT) : notTheirsToGive(task, by),
  example: () => ({ reason: '样例：依据不足，请补充' }),
  apply: (task, { reason, toAnybody }, by, { at }) => returnedToHandler(task, by, at, reason, toAnybody),
});

const NO_DRAFT = { zh: '没有待审核、签发的拟稿', en: 'There is no draft to return' };
