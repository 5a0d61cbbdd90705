import { z } from 'zod';
import { principalOf } from '../../actor';
import { defineTaskAct, notTheirsToGive } from '../../task-act';
import { prose } from '../fields';
import { otherPerson, userId } from './fields';

/** 委派: the delegate answers, then it comes back to the delegator for the final word. Two events, one decision. */
export const delegation = defineTaskAct({
  act: 'delegation',
  event: 'task-delegated',
  title: '委派',
  titleEn: 'Delegate',
  clause: 'P1.4',
  form: z.strictObject({ user: userId('委派给'), reason: prose('要求', 2000) }),
  may: notTheirsToGive,
  rules: ({ user }, task, by) => otherPerson(user, task, by),
  example: (_task, { colleague }) =>
    colleague === undefined ? undefined : { user: colleague, reason: '样例：请先提出办理意见' },
  apply: (task, { user }, by) => {
    const delegator = principalOf(by);
    return { ...task, holder: delegator, delegation: { by: delegator, to: user } };
  },
});
