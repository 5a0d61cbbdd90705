import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../../domain/problems';

/** What anybody may send without a log-in, per address and hour. */
const PER_HOUR = 60;

/** Keeps one address from flooding a public notice. */
export class VisitorGuard {
  private readonly sent = new RateLimiterMemory({ points: PER_HOUR, duration: 3_600 });

  /** @throws Problem `too-many-requests` */
  async maySend(address: string | undefined): Promise<void> {
    try {
      await this.sent.consume(address ?? 'unknown');
    } catch (error) {
      if (error instanceof RateLimiterRes) throw new Problem('too-many-requests');
      throw error;
    }
  }
}
