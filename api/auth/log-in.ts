import { Problem } from '../../domain/problems';
import type { SessionRow } from '../../store/sessions';
import type { UserRow } from '../../store/users';
import type { Context } from '../context';
import { passwordFits } from './passwords';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Of the user's second factor, if he has one. */
  readonly code?: string | undefined;
}

export interface LoggedIn {
  readonly user: UserRow;
  readonly secondFactor?: SessionRow['secondFactor'];
}

/**
 * Tells who this is, by name and password and, where the user has a second factor, its code.
 * @throws Problem `unauthenticated`, `second-factor-required`, `too-many-requests`
 */
export function logIn(
  { store, loginGuard, secondFactors }: Context,
  { username, password, code }: Credentials,
  address: string | undefined,
): Promise<LoggedIn> {
  return loginGuard.attempt({ username, address }, async () => {
    const user = await store.users.byName(username);
    const fits = await passwordFits(user?.disabled ? undefined : user?.passwordHash, password);
    if (!fits || !user) {
      throw new Problem('unauthenticated', { zh: '用户名或密码错误', en: 'Wrong user name or password' });
    }
    if (!(await secondFactors.isEnrolled(user._id))) return { user };
    if (code === undefined) throw new Problem('second-factor-required');
    if (!(await secondFactors.accepts(user._id, code))) throw wrongCode();
    return { user, secondFactor: 'shown' };
  });
}

export function wrongCode(): Problem {
  return new Problem('unauthenticated', { zh: '动态口令错误或已使用', en: 'The code is wrong or was used' });
}
