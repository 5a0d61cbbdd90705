import { z } from 'zod';
import { defineTask, SAMPLE_ATTACHMENT } from '../task';
import { attachment, prose, yesNo } from './fields';

/** Findings on money that the works left open: they do not block acceptance, but the project's end (P2.3.4). */

const step = 'final-accounts' as const;

export interface FindingClosingContext {
  readonly finding: string;
  readonly title: string;
  readonly found: string;
  /** What the one found has done since. */
  readonly remedies: readonly string[];
}

/** P2.3.4: a finding on money does not block acceptance, but the project's end: its finder closes it. */
export const moneyFindingClosing = defineTask({
  kind: 'money-finding-closing',
  title: '销号资金问题',
  titleEn: 'Close a finding on money',
  step,
  clause: 'P2.3.4',
  seats: ['*@city', '*@county', '*@market'],
  form: (_: FindingClosingContext) =>
    z.strictObject({ closed: yesNo('已整改到位，予以销号'), opinion: prose('核查意见') }),
  example: () => ({ closed: true, opinion: '样例：已核查整改凭证' }),
});

export const moneyFindingRemedy = defineTask({
  kind: 'money-finding-remedy',
  title: '整改资金问题',
  titleEn: 'Put a finding on money right',
  step,
  clause: 'P2.3.4',
  seats: ['*@city', '*@county', '*@market', '*@operator'],
  form: (_: FindingClosingContext & { opinion: string }) =>
    z.strictObject({ remedy: prose('整改情况'), evidence: attachment('整改凭证') }),
  example: () => ({ remedy: '样例：已退回多付款项', evidence: SAMPLE_ATTACHMENT }),
});
