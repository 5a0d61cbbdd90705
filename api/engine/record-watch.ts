import { Problem } from '../../domain/problems';

/** Reads what a majority of the store has under these keys; absent where there is nothing yet. */
export type Read<Found> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Found>>;

export interface Awaited<Found> {
  readonly key: string;
  /** Whether it is what is awaited; by default whatever is there. */
  readonly enough?: (found: Found) => boolean;
  /** Ms since 1970, the machine's clock. */
  readonly until: number;
  /** Nobody waits any more. */
  readonly signal?: AbortSignal;
}

interface Waiter<Found> extends Awaited<Found> {
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
}

/** Pause between two looks, ms: short beside the 10–20 ms that recording takes. */
const PAUSE_MS = 3;

/**
 * Waits until the record shows something, so that a 200 means: durable in engine and store, and visible.
 *
 * One read serves everybody who waits in this process, so that sixteen clients cost no more reads than one.
 */
export class RecordWatch<Found> {
  private waiting: Waiter<Found>[] = [];
  private looking = false;

  constructor(private readonly read: Read<Found>) {}

  /** @throws Problem `engine-unavailable` if the record does not get there in time; the decision itself stands */
  shows(awaited: Awaited<Found>): Promise<Found> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...awaited, resolve, reject });
      if (!this.looking) void this.look();
    });
  }

  private async look(): Promise<void> {
    this.looking = true;
    while (this.waiting.length > 0) {
      try {
        const found = await this.read([...new Set(this.waiting.map(({ key }) => key))]);
        this.settle(found);
      } catch (error) {
        const failed = this.waiting;
        this.waiting = [];
        for (const waiter of failed) waiter.reject(error);
      }
      if (this.waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.looking = false;
  }

  private settle(all: ReadonlyMap<string, Found>): void {
    const now = Date.now();
    this.waiting = this.waiting.filter(({ key, enough, until, signal, resolve, reject }) => {
      const found = all.get(key);
      if (found !== undefined && (enough?.(found) ?? true)) resolve(found);
      else if (signal?.aborted || until < now) reject(new Problem('engine-unavailable'));
      else return true;
      return false;
    });
  }
}
