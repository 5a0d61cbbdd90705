import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Store } from '../../store/connect';
import { keepDoing, type Kept } from '../periodic';
import type { Difference } from './differences';
import { reconcile, type Reconciled } from './reconcile';

const DUTY = 'reconcile';
/** In Asia/Shanghai: when nobody is at work. */
const NIGHT = { from: 2, to: 6 };
const HOUR_MS = 3_600_000;
/** While it is done: renewed as it goes on, so that after a worker's death another begins anew. */
const WORKING_MS = 10 * 60_000;
/** Once it is done, nobody does it again before the next night. */
const DONE_MS = 18 * HOUR_MS;

/**
 * Compares everything that is open with the store, and raises an alert for each workflow that differs; an alert ends when
 * a later comparison finds its workflow well.
 */
export class NightlyReconcile {
  private readonly holder = randomUUID();
  private doneUntil = 0;

  constructor(
    private readonly store: Store,
    private readonly client: Client,
    private readonly log: Pick<Logger, 'info' | 'error'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Compares, if it is night, if this night nobody has yet, and if no other worker is at it. */
  async round(signal?: AbortSignal): Promise<Reconciled | undefined> {
    if (!isNight(this.now()) || this.now() < this.doneUntil || !(await this.holds(WORKING_MS))) {
      return undefined;
    }
    const renewing = setInterval(() => void this.holds(WORKING_MS).catch(() => undefined), WORKING_MS / 3);
    try {
      return await this.compareAll(signal);
    } finally {
      clearInterval(renewing);
    }
  }

  private async compareAll(signal: AbortSignal | undefined): Promise<Reconciled> {
    const standing = await this.store.alerts.standing(10_000, ['projection-differs']);
    const options = {
      seen: (id: string, found: readonly Difference[]) => this.note(id, found),
      ...(signal ? { signal } : {}),
    };
    const all = await reconcile(this.store, this.client, options);
    // What has ended meanwhile is not open any more, and is looked at once again.
    const workflowIds = standing.map(({ workflowId }) => workflowId);
    await reconcile(this.store, this.client, { ...options, workflowIds });
    if (signal?.aborted) return all;
    this.doneUntil = this.now() + DONE_MS;
    await this.holds(DONE_MS);
    const { compared, differences, unanswered } = all;
    const figures = { compared, differences: differences.length, unanswered: unanswered.length };
    this.log.info(figures, 'compared what is open with the store');
    return all;
  }

  private async note(workflowId: string, differences: readonly Difference[]): Promise<void> {
    const now = new Date(this.now());
    const [first, ...others] = differences;
    if (!first) return this.store.alerts.mend(workflowId, now, ['projection-differs']);
    const more = others.length === 0 ? '' : `; and ${others.length} more`;
    const detail = `${first.taskId ?? first.what}: ${first.detail}${more}`;
    const isNew = await this.store.alerts.raise('projection-differs', workflowId, detail, now);
    if (isNew) this.log.error({ workflowId, detail }, 'the store shows something else than the workflow');
  }

  private holds(ms: number): Promise<boolean> {
    return this.store.leases.hold(DUTY, this.holder, new Date(this.now()), ms);
  }
}

function isNight(now: number): boolean {
  // Shanghai has kept UTC+8 all year since 1991.
  const hour = new Date(now + 8 * HOUR_MS).getUTCHours();
  return hour >= NIGHT.from && hour < NIGHT.to;
}

/** Looks every five minutes whether it is time, until stopped. */
export function keepReconciling(
  nightly: NightlyReconcile,
  log: Pick<Logger, 'warn'>,
  everyMs = 300_000,
): Kept {
  const round = async (signal: AbortSignal): Promise<void> => void (await nightly.round(signal));
  return keepDoing(round, everyMs, ({ message }) =>
    log.warn({ reason: message }, 'not compared tonight yet'),
  );
}
