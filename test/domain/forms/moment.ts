import { startOfDay } from '../../../domain/calendar';
import type { Moment, TaskKind } from '../../../domain/task';
import type { Refusal } from '../../../domain/refusal';
import { holidayCalendar } from '../../../policy/holidays';

/** Ten in the morning of this day, in Shanghai. */
export function on(today: string): Moment {
  return { now: startOfDay(today) + 10 * 3_600_000, today, calendar: holidayCalendar };
}

/** Of a task or of an act. */
type Asks<C, F extends Record<string, unknown>> = Pick<TaskKind<C, F>, 'form' | 'rules' | 'example'>;

/** What the form and then the rules have against it: paths of the form's issues, or refusals. */
export function against<C, F extends Record<string, unknown>>(
  kind: Asks<C, F>,
  context: unknown,
  form: unknown,
  at: Moment = on('2026-11-23'),
): { issues: string[]; refusals: Refusal[] } {
  const parsed = kind.form(context as C).safeParse(form);
  if (!parsed.success) return { issues: parsed.error.issues.map(({ path }) => path.join('.')), refusals: [] };
  return { issues: [], refusals: kind.rules?.(form as F, context as C, at) ?? [] };
}

/** The kind's own example, as it is sent: JSON. */
export function exampleOf<C, F extends Record<string, unknown>>(
  kind: Asks<C, F>,
  context: unknown,
  at: Moment = on('2026-11-23'),
): F {
  return JSON.parse(JSON.stringify(kind.example(context as C, at))) as F;
}

export const ACCEPTED = { issues: [], refusals: [] };
