import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { pauseAfter } from '../../domain/notification/timing';
import { holidayCalendar } from '../../policy/holidays';
import { keepDoing, type Kept } from '../periodic';
import { attempt, type Delivery } from './deliver';
import { passOn, type Ways } from './pass-on';

const DUTY = 'deliverer';
/** Longer than the pauses between renewals even where a server is slow; after it another worker goes on. */
const LEASE_MS = 30_000;
const BATCH = 100;
const AT_ONCE = 8;

type Log = Pick<Logger, 'info' | 'warn'>;

/**
 * Passes on what the record tells and sends what is due. One worker at a time does it, by a lease; two that both believe
 * to have it do no harm, because each row is taken before it is sent.
 */
export class Deliverer {
  private readonly holder = randomUUID();

  constructor(
    private readonly delivery: Delivery,
    private readonly ways: Ways,
    private readonly log: Log,
    private readonly chance: () => number = Math.random,
  ) {}

  /** One round, if the duty is ours. @returns whether there was something to do */
  async round(stop?: AbortSignal): Promise<boolean> {
    if (!(await this.holds())) return false;
    const passedOn = await this.passOnWaiting();
    const sent = await this.sendDue(stop);
    return passedOn + sent > 0;
  }

  async release(): Promise<void> {
    await this.delivery.store.leases.release(DUTY, this.holder);
  }

  private holds(): Promise<boolean> {
    return this.delivery.store.leases.hold(DUTY, this.holder, new Date(), LEASE_MS);
  }

  private async passOnWaiting(): Promise<number> {
    const { store, now } = this.delivery;
    const waiting = await store.notifications.waiting(BATCH);
    if (waiting.length === 0) return 0;
    const calendar = await store.calendars.onTopOf(holidayCalendar);
    await passOn(store, waiting, { calendar, now: now(), ways: this.ways });
    return waiting.length;
  }

  private async sendDue(stop?: AbortSignal): Promise<number> {
    let sent = 0;
    const sendOne = async (): Promise<boolean> => {
      const more = !stop?.aborted && (await this.sendNext());
      if (more) sent += 1;
      return more;
    };
    const sender = async (): Promise<void> => {
      while (sent < BATCH && (await sendOne()));
    };
    const renewing = setInterval(() => void this.holds().catch(() => undefined), LEASE_MS / 3).unref();
    try {
      // Most of the time nothing is due: one look is enough to know.
      await sendOne();
      if (sent > 0) await Promise.all(Array.from({ length: AT_ONCE }, sender));
    } finally {
      clearInterval(renewing);
    }
    return sent;
  }

  private async sendNext(): Promise<boolean> {
    const { store, now } = this.delivery;
    const row = await store.outbox.take(new Date(now()), (attempts) => pauseAfter(attempts, this.chance()));
    if (!row) return false;
    const { state, lastError } = await attempt(this.delivery, row);
    await store.outbox.ended(row, state, new Date(now()), lastError);
    const { _id: id, attempts } = row;
    if (state === 'dead') this.log.warn({ id, attempts, lastError }, 'a message could not be delivered');
    return true;
  }
}

/** Delivers until stopped: at once while there is something to do, otherwise every second. */
export function keepDelivering(
  deliverer: Pick<Deliverer, 'round' | 'release'>,
  log: Log,
  everyMs = 1_000,
): Kept {
  const kept = keepDoing(
    (signal) => deliverer.round(signal),
    everyMs,
    ({ message }) => log.warn({ reason: message }, 'no messages delivered for now'),
  );
  return {
    async stop() {
      await kept.stop();
      await deliverer.release().catch(() => undefined);
    },
  };
}
