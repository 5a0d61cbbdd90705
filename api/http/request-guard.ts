import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Store } from '../../store/connect';
import { TooMany } from './too-many';

/** How many requests one may send. */
export interface RequestLimit {
  /** Of one account; 100 a second by default, more than any person and most programs send. */
  readonly accountPerMinute: number;
  /** Of one address: whole offices are behind one. */
  readonly addressPerMinute: number;
}

export const USUAL_LIMIT: RequestLimit = { accountPerMinute: 6_000, addressPerMinute: 60_000 };

const MINUTE_S = 60;
/** Into so many parts a limit is cut; a process fetches one part at a time from the store. */
const PARTS = 50;
/** Keys that a process remembers; beyond that, those whose minute is over are forgotten. */
const KEPT = 20_000;

/**
 * Keeps one account or address from taking everybody's share, counted in all processes together.
 *
 * A request must not cost a write. So a process takes a part of a limit from the store at once and gives it out itself:
 * the sum never exceeds the limit, and a limit of 6,000 costs at most 50 writes a minute.
 */
export class RequestGuard {
  private readonly accounts: Parts;
  private readonly addresses: Parts;

  constructor({ limits }: Store, { accountPerMinute, addressPerMinute }: RequestLimit) {
    const of = (name: string, points: number): Parts =>
      new Parts(limits.limiter({ name, points, seconds: MINUTE_S }), Math.ceil(points / PARTS));
    this.accounts = of('requests-account', accountPerMinute);
    this.addresses = of('requests-address', addressPerMinute);
  }

  /** @throws TooMany */
  admitAddress(address: string): Promise<void> {
    return this.addresses.take(address);
  }

  /** @throws TooMany */
  admitAccount(user: string): Promise<void> {
    return this.accounts.take(user);
  }
}

/** What a process has taken of one key's limit and may give out. */
interface Part {
  left: number;
  /** The store had nothing left to give. */
  readonly refused: boolean;
  /** When the window of the limit ends, ms. */
  readonly until: number;
}

class Parts {
  private readonly held = new Map<string, Part>();
  private readonly coming = new Map<string, Promise<Part>>();

  constructor(
    private readonly limiter: RateLimiterAbstract,
    private readonly size: number,
  ) {}

  async take(key: string): Promise<void> {
    for (;;) {
      const part = this.heldOf(key) ?? (await this.nextOf(key));
      if (part.refused) throw new TooMany(part.until - Date.now());
      // Many may have waited for the same part: whoever comes too late asks for the next one.
      if (part.left > 0) {
        part.left -= 1;
        return;
      }
    }
  }

  private heldOf(key: string): Part | undefined {
    const part = this.held.get(key);
    return part && part.until > Date.now() && (part.refused || part.left > 0) ? part : undefined;
  }

  private nextOf(key: string): Promise<Part> {
    const coming = this.coming.get(key) ?? this.fetch(key).finally(() => this.coming.delete(key));
    this.coming.set(key, coming);
    return coming;
  }

  private async fetch(key: string): Promise<Part> {
    const part = await this.limiter.consume(key, this.size).then(
      ({ msBeforeNext }) => ({ left: this.size, refused: false, until: Date.now() + msBeforeNext }),
      (reason: unknown) => {
        if (!(reason instanceof RateLimiterRes)) throw reason;
        return { left: 0, refused: true, until: Date.now() + reason.msBeforeNext };
      },
    );
    if (this.held.size >= KEPT) this.forgetOld();
    this.held.set(key, part);
    return part;
  }

  private forgetOld(): void {
    const now = Date.now();
    for (const [key, { until }] of this.held) if (until <= now) this.held.delete(key);
  }
}
