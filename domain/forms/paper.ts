import { z } from 'zod';
import { defineTask } from '../task';
import type { Json } from '../events';

export interface PaperContext {
  readonly task: string;
  readonly title: string;
  readonly number: string;
  readonly date: string;
  readonly attachment: string;
  readonly form: Json;
}

/** 代录核对: a second person of the recording organisation compares the entry with the paper. */
export const paperConfirmation = defineTask({
  kind: 'paper-confirmation',
  title: '核对代录的纸质决定',
  titleEn: 'Confirm a decision recorded from paper',
  step: 'control',
  clause: 'P1.4',
  personal: true,
  seats: ['*@city', '*@county', '*@subdistrict', '*@neighbourhood', '*@operator', '*@market'],
  form: (_: PaperContext) =>
    z.strictObject({
      confirmed: z.boolean().meta({ title: '与纸质决定一致' }),
      remarks: z.string().max(2000).optional().meta({ title: '说明' }),
    }),
  example: () => ({ confirmed: true }),
});
