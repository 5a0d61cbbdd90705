import { z } from 'zod';
import { personsOf, principalOf } from '../../actor';
import { defineTaskAct, violated } from '../../task-act';
import { prose } from '../fields';

/**
 * 撤回: whoever decided takes the decision back, as long as nothing has been built on it: only while the step still
 * waits for the others' answers of the same assembly.
 */
export const retraction = defineTaskAct({
  act: 'retraction',
  event: 'task-retracted',
  title: '撤回',
  titleEn: 'Retract',
  clause: 'P1.4',
  ofDecided: true,
  form: z.strictObject({ reason: prose('原因', 2000) }),
  may: (task, by) => {
    const { outcome, together, coSigning, countsFor } = task;
    if (!outcome || together === undefined) return violated(BUILT_ON);
    if (outcome.sameAs !== undefined || countsFor) return violated(ONE_FOR_SEVERAL);
    if (!personsOf(outcome.by).includes(principalOf(by))) return { code: 'not-your-seat', ...ANOTHER };
    return outcome.paper || coSigning ? violated(OTHERS_IN_IT) : undefined;
  },
  example: () => ({ reason: '样例：意见有误' }),
  apply: ({ outcome: _, ...task }, _form, by) => ({ ...task, status: 'open', holder: principalOf(by) }),
});

const BUILT_ON = {
  zh: '后续环节已据此进行，不能撤回',
  en: 'It has been built on; it can no longer be retracted',
};
const ONE_FOR_SEVERAL = {
  zh: '该决定同时作为本单位其他席位的意见，不能撤回',
  en: 'It counts for another seat of the organisation as well; it can no longer be retracted',
};
const ANOTHER = { zh: '只有作出决定的人可以撤回', en: 'Only whoever decided can retract it' };
const OTHERS_IN_IT = {
  zh: '经加签或纸质核对的决定不能撤回',
  en: 'A decision that others have signed or confirmed is not retracted',
};
