import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Problem } from '../../domain/problems';

/** Failed log-ins of one name before it is locked, and for how long. */
const FAILURES = 10;
const LOCKED_S = 15 * 60;

/** Locks a user name after repeated failures; only failures count, so that offices behind one address can log in. */
export class LoginGuard {
  private readonly failures = new RateLimiterMemory({ points: FAILURES, duration: LOCKED_S });

  /** @throws Problem `too-many-requests` */
  async mayTry(username: string): Promise<void> {
    const spent = await this.failures.get(username);
    if (spent && spent.consumedPoints >= FAILURES) {
      throw new Problem('too-many-requests', {
        zh: '登录失败次数过多，请 15 分钟后再试',
        en: 'Too many failed log-ins; try again in 15 minutes',
      });
    }
  }

  async failed(username: string): Promise<void> {
    await this.failures.penalty(username);
  }

  async succeeded(username: string): Promise<void> {
    await this.failures.delete(username);
  }
}
