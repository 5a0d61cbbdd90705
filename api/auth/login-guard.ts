import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { Problem } from '../../domain/problems';
import type { Store } from '../../store/connect';
import { countedAddress } from '../http/address';
import { takePoints } from '../http/too-many';

const LOCKED_S = 15 * 60;
/** Failed log-ins of one name before it is locked. */
const PER_ACCOUNT = 10;
/** And of one address: whole offices are behind one. */
const PER_ADDRESS = 100;
/** A failed log-in takes at least this long, ms: how long it really took says nothing of the name. */
const FAILURE_MS = 300;

const LOCKED = {
  zh: '登录失败次数过多，请 15 分钟后再试',
  en: 'Too many failed log-ins; try again in 15 minutes',
};

/** One who tries to log in. */
export interface Attempt {
  readonly username: string;
  readonly address: string | undefined;
}

/**
 * Locks a user name and an address after repeated failures, in all processes at once. Names that do not exist are
 * locked likewise. An attempt is counted before the password is looked at, so that many at once do not slip through.
 */
export class LoginGuard {
  private readonly accounts: RateLimiterAbstract;
  private readonly addresses: RateLimiterAbstract;

  constructor({ limits }: Store) {
    this.accounts = limits.limiter({ name: 'login-account', points: PER_ACCOUNT, seconds: LOCKED_S });
    this.addresses = limits.limiter({ name: 'login-address', points: PER_ADDRESS, seconds: LOCKED_S });
  }

  /** The security administrator has seen to it: the name may be tried again. */
  async unlock(username: string): Promise<void> {
    await this.accounts.delete(accountKey(username));
  }

  /**
   * Does what tells whether the one who tries is who he says. What it throws counts as a failure, and takes time.
   * @throws TooMany
   */
  async attempt<T>(who: Attempt, prove: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const [account, address] = [accountKey(who.username), countedAddress(who.address)];
    try {
      await takePoints(
        [
          { from: this.accounts, key: account },
          { from: this.addresses, key: address },
        ],
        LOCKED,
      );
      const proved = await prove();
      await Promise.all([this.accounts.delete(account), this.addresses.reward(address)]);
      return proved;
    } catch (error) {
      // The password was right, and the code is still to come: neither a failure nor a success.
      if (error instanceof Problem && error.code === 'second-factor-required') {
        await Promise.all([this.accounts.reward(account), this.addresses.reward(address)]);
      }
      if (error instanceof Problem) await pause(Math.max(0, FAILURE_MS - (performance.now() - began)));
      throw error;
    }
  }
}

/** People type passwords where the name belongs: what they typed is not kept. */
function accountKey(username: string): string {
  return createHash('sha256').update(username).digest('base64url');
}
