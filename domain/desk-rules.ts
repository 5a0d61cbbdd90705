import { refusal, type Refusal } from './refusal';
import type { Due } from './task';

/** What the desk refuses whatever the kind of task. */

export const SUSPENDED = {
  zh: '项目已暂停，恢复后方可办理',
  en: 'The project is suspended; it must be resumed first',
};

export const OWN_SUBMISSION = {
  zh: '本人提交的事项须由本单位其他人员办理',
  en: 'Nobody decides on what they submitted; another person of your organisation must',
};

export const SECOND_PERSON = {
  zh: '纸质决定已录入，待第二人核对',
  en: 'The paper decision has been entered and awaits its second person',
};

export const PAPER_NOT_NEEDED: Refusal = refusal(
  '本单位可直接办理，不需要按纸质决定代录',
  'Your organisation decides this itself; there is nothing to record from paper',
  { path: 'paper' },
);

/** A maximum that has passed never refuses the act, but the reason is asked for and stands in the record. */
export function lateReasonMissing(due: Due | undefined): Refusal {
  return refusal(
    `已超过办理期限（${due?.date ?? ''}），请填写逾期原因 lateReason`,
    `The period ended on ${due?.date ?? ''}; give the reason for the delay in lateReason`,
    {
      path: 'lateReason',
      ...(due?.basis === undefined ? {} : { basis: due.basis }),
      ...(due?.clause === undefined ? {} : { clause: due.clause }),
    },
  );
}
