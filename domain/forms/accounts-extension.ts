import { z } from 'zod';
import type { CivilDate } from '../calendar';
import { refusal, type Refusal } from '../refusal';
import { defineAct, defineTask } from '../task';
import { prose, yesNo } from './fields';

/** 决算延期 (P2.4.3): asked for by the owner, granted once by county finance. */

const step = 'final-accounts' as const;
const clause = 'P2.4.3';

export interface ExtensionContext {
  readonly until: CivilDate;
  readonly extendedUntil: CivilDate;
  readonly state: 'open' | 'asked' | 'decided' | 'approved';
}

/** Small and medium projects may have two months more (财建〔2016〕503号); county finance grants it. */
export const accountsExtension = defineAct({
  act: 'accounts-extension',
  title: '申请延长决算期限',
  titleEn: 'Ask for more time for the final accounts',
  step,
  clause,
  seats: [{ body: 'project-owner', level: 'market' }],
  form: (_: ExtensionContext) => z.strictObject({ reason: prose('理由') }),
  rules: (_, { state }) =>
    state === 'open'
      ? []
      : [
          no(
            'reason',
            '决算已批复，或已申请过一次延期',
            'the accounts are approved, or an extension was asked for before',
          ),
        ],
  example: () => ({ reason: '样例：结算资料尚在核对' }),
});

export const accountsExtensionDecision = defineTask({
  kind: 'accounts-extension-decision',
  title: '决定是否延长决算期限',
  titleEn: 'Decide on more time for the final accounts',
  step,
  clause,
  seats: ['finance@county'],
  form: (_: ExtensionContext & { reason: string }) =>
    z.strictObject({ granted: yesNo('同意延期'), remarks: prose('意见').optional() }),
  rules: (form) =>
    form.granted || form.remarks ? [] : [no('remarks', '不同意的，应说明理由', 'refused: say why')],
  example: () => ({ granted: true }),
});

function no(path: string, message: string, messageEn: string): Refusal {
  return refusal(message, messageEn, { path, clause, basis: '财建〔2016〕503号' });
}
