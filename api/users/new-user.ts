import type { UserRow } from '../../store/users';
import { placeOfEmail } from '../../store/users';
import { newPasswordFields } from '../auth/passwords';
import type { Context } from '../context';
import { rightsOf, type UserEntry } from './table';

/** What is entered of somebody; what is `undefined` is not known. */
type Entry = { readonly [Field in keyof UserEntry]: UserEntry[Field] };

/**
 * Somebody who must change the password at the first log-in.
 * @throws Problem `rule-violated` for a password that a guesser tries first
 */
export async function newUserRow(
  { fieldSeal }: Pick<Context, 'fieldSeal'>,
  id: string,
  entry: Entry,
  password: string,
): Promise<UserRow> {
  const { username, displayName, email } = entry;
  return {
    _id: id,
    username,
    ...(await newPasswordFields({ username }, password)),
    ...(displayName === undefined ? {} : { displayName }),
    ...(email === undefined ? {} : { email: fieldSeal.seal(email, placeOfEmail(id)) }),
    ...rightsOf(entry),
    mustChangePassword: true,
    disabled: false,
    sample: false,
    createdAt: new Date(),
  };
}
