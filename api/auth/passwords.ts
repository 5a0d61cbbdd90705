import { hash, verify } from '@node-rs/argon2';
import { passwordRefusals, reusedPassword, REMEMBERED_PASSWORDS } from '../../domain/password';
import { Problem } from '../../domain/problems';
import type { UserRow } from '../../store/users';

/** Argon2id with the library's parameters (19 MiB, two passes: OWASP's), in the PHC format. */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

let nobody: Promise<string> | undefined;

/** Whether the password fits. Without a hash (no such user) it takes just as long and never does. */
export async function passwordFits(passwordHash: string | undefined, password: string): Promise<boolean> {
  nobody ??= hash('nobody has this password');
  const usable = passwordHash?.startsWith('$argon2') ? passwordHash : undefined;
  const fits = await verify(usable ?? (await nobody), password).catch(() => false);
  return fits && usable !== undefined;
}

/** What of a user's row changes with a password. */
export type PasswordFields = Pick<UserRow, 'passwordHash' | 'formerPasswords'>;

/**
 * The fields of a user's new password.
 * @throws Problem `rule-violated` for a common one, one with the user's name in it, and one of the last five
 */
export async function newPasswordFields(
  { username, passwordHash, formerPasswords = [] }: Pick<UserRow, 'username'> & Partial<PasswordFields>,
  password: string,
): Promise<PasswordFields> {
  const refusals = passwordRefusals(password, username);
  if (refusals.length > 0) throw Problem.refused(refusals);
  const known = [...(passwordHash === undefined ? [] : [passwordHash]), ...formerPasswords];
  const reused = await Promise.all(known.map((one) => passwordFits(one, password)));
  if (reused.includes(true)) throw Problem.refused([reusedPassword()]);
  return {
    passwordHash: await hashPassword(password),
    formerPasswords: known.slice(0, REMEMBERED_PASSWORDS - 1),
  };
}
