import type { ErrorSchema } from '@rjsf/utils';
import { isRefused } from '../api/client';

/** What the API has refused, where it belongs: `funding.2.amountFen` → the third amount. */
export function errorsOf(error: unknown): ErrorSchema | undefined {
  if (!isRefused(error)) return undefined;
  const { errors = [], violations = [] } = error.problem;
  const schema: Record<string, unknown> = {};
  for (const { path, message } of [...errors, ...violations]) {
    if (!path) continue;
    let at = schema;
    for (const part of path.split('.')) at = (at[part] ??= {}) as Record<string, unknown>;
    at['__errors'] = [...((at['__errors'] as string[] | undefined) ?? []), message];
  }
  return Object.keys(schema).length === 0 ? undefined : (schema as ErrorSchema);
}
