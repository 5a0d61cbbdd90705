import type { z } from 'zod';
import type { Json } from '../../domain/events';
import type { Language } from '../http/language';
import { parse } from '../http/validation';

/**
 * Holds a form against its kind's schema and answers it as it was sent: what was sent is what is recorded.
 * The workflow asks the same schema again; here it is asked first so that the answer has paths and the caller's language.
 * @throws InvalidRequest
 */
export function checkForm(schema: z.ZodType, form: unknown, language: Language): Json {
  parse(schema, form, language);
  return form as Json;
}
