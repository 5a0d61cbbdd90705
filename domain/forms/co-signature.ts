import { z } from 'zod';
import type { Json } from '../events';
import { refusal } from '../refusal';
import { defineTask } from '../task';
import { prose, yesNo } from './fields';

/** What a co-signer sees of the task that is co-signed. */
export interface CoSignatureContext {
  readonly task: string;
  readonly kind: string;
  readonly title: string;
  readonly question: string;
  /** What the task's own rules look at. */
  readonly about: Json;
  /** 后加签: what has been decided. */
  readonly decided?: Json;
}

/** 加签: signs with the one who decides another task. */
export const coSignature = defineTask({
  kind: 'co-signature',
  title: '加签',
  titleEn: 'Co-sign another’s decision',
  step: 'control',
  clause: 'P1.4',
  personal: true,
  seats: ['*@city', '*@county', '*@subdistrict', '*@neighbourhood', '*@operator', '*@market'],
  form: (_: CoSignatureContext) =>
    z.strictObject({ agrees: yesNo('同意'), opinion: prose('意见', 2000).optional() }),
  rules: ({ agrees, opinion }) =>
    agrees || opinion !== undefined
      ? []
      : [refusal('不同意须说明意见', 'Say why you do not agree', { path: 'opinion', clause: 'P1.4' })],
  example: () => ({ agrees: true }),
});
