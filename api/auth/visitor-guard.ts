import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Store } from '../../store/connect';
import { countedAddress } from '../http/address';
import { takePoints } from '../http/too-many';

/** What anybody may send without a log-in, per address and hour. */
const PER_HOUR = 60;

/** Keeps one address from flooding a public notice. */
export class VisitorGuard {
  private readonly sent: RateLimiterAbstract;

  constructor({ limits }: Store) {
    this.sent = limits.limiter({ name: 'visitor', points: PER_HOUR, seconds: 3_600 });
  }

  /** @throws TooMany */
  async maySend(address: string | undefined): Promise<void> {
    await takePoints([{ from: this.sent, key: countedAddress(address) }]);
  }
}
