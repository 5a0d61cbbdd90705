import type { z } from 'zod';
import { InvalidRequest, type FieldError } from './invalid';
import { zodMessages, type Language, type Said } from './language';

/**
 * Asks a schema, and says everything that does not fit, in the caller's language.
 * @throws InvalidRequest
 */
export function parse<Output>(schema: z.ZodType<Output>, value: unknown, language: Language): Output {
  const parsed = schema.safeParse(value, { error: zodMessages(language) });
  if (parsed.success) return parsed.data;
  throw new InvalidRequest(fieldErrors(parsed.error.issues));
}

/** Who has so many to mend begins with these; an answer is never larger than what was asked. */
const MOST_ERRORS = 100;
const LONGEST_PATH = 200;

/** `['funding', 2, 'amountFen']` → `funding.2.amountFen`; an unknown field is named itself, not its parent. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  return issues
    .flatMap(errorsOf)
    .slice(0, MOST_ERRORS)
    .map(({ path, message }) => ({ path: path.slice(0, LONGEST_PATH), message }));
}

function errorsOf(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: UNKNOWN_FIELD }));
  }
  return [{ path: path.join('.'), message: issue.message }];
}

export const UNKNOWN_FIELD: Said = { zh: '没有这个字段', en: 'There is no such field' };
