import { z } from 'zod';
import { attachment, date, line, prose } from '../../domain/forms/fields';
import { holdsPersonalNumber } from '../../domain/personal-data';
import { NO_NUMBERS } from '../http/fields';

/** What every completion may carry beside the form's own fields. */
export const envelope = z.object({
  lateReason: prose('逾期原因', 2000)
    .refine((text) => !holdsPersonalNumber(text), NO_NUMBERS)
    .optional(),
  paper: z
    .strictObject({ number: line('文号', 100), date: date('文件日期'), attachment: attachment('扫描件') })
    .meta({ title: '纸质决定' })
    .optional(),
});
export type Envelope = z.infer<typeof envelope>;

/** A completion as it is sent: the envelope, and whatever the task's own form asks for at top level. */
export const completionBody = envelope.loose().meta({
  id: 'Completion',
  description: 'The fields of the task’s `form` (GET /tasks/{id}) at top level, and these',
  example: { lateReason: '样例：材料补正延误' },
});

/** Takes a completion apart: what is the envelope's, and what is left for the kind's form. */
export function splitCompletion(body: Envelope & Record<string, unknown>): {
  envelope: Envelope;
  form: Record<string, unknown>;
} {
  const { lateReason, paper, ...form } = body;
  return {
    envelope: { ...(lateReason === undefined ? {} : { lateReason }), ...(paper ? { paper } : {}) },
    form,
  };
}
