import type { Store } from '../../store/connect';

/** The fields of answers, forms and events that hold a user's id. */
const PERSON = new Set('user for by to holder confirmedBy successor standIn standInFor namedBy'.split(' '));

/**
 * What everybody is called whom an answer names by id: whoever may read the answer may know who acted in it.
 * @param answer plain JSON; whatever in those fields is no user's id has no name
 */
export async function peopleNamedIn(
  { users }: Pick<Store, 'users'>,
  answer: unknown,
): Promise<Record<string, string>> {
  const ids = new Set<string>();
  collect(answer, ids);
  return ids.size === 0 ? {} : users.namesOf([...ids]);
}

function collect(value: unknown, ids: Set<string>): void {
  if (value === null || typeof value !== 'object') return;
  for (const [field, inner] of Object.entries(value)) {
    if (typeof inner !== 'string') collect(inner, ids);
    else if (PERSON.has(field)) ids.add(inner);
  }
}
