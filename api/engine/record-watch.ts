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

/**
 * Waits until the record shows something, so that a 200 means: durable in engine and store, and visible.
 *
 * It is told what is recorded (`heard`), and looks from time to time for what nobody has told it. One look serves
 * everybody who waits in this process.
 */
export class RecordWatch<Found> {
  private waiting: Waiter<Found>[] = [];
  private next: NodeJS.Timeout | undefined;

  /** @param everyMs pause between two looks, ms: what has not been heard is seen so late */
  constructor(
    private readonly read: Read<Found>,
    private readonly everyMs: number,
  ) {}

  /** @throws Problem `engine-unavailable` if the record does not get there in time; the decision itself stands */
  shows(awaited: Awaited<Found>): Promise<Found> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...awaited, resolve, reject });
      this.lookLater();
    });
  }

  /** This has been recorded, whether or not anybody waits for it. */
  heard(key: string, found: Found): void {
    if (this.isAwaited(key)) this.settle(new Map([[key, found]]));
  }

  /** There is reason to believe that it is there by now: looks, if anybody still waits for it. */
  lookFor(key: string): void {
    if (this.isAwaited(key)) void this.look();
  }

  private isAwaited(key: string): boolean {
    return this.waiting.some((waiter) => waiter.key === key);
  }

  private lookLater(): void {
    this.next ??= setTimeout(() => void this.look(), this.everyMs);
  }

  private async look(): Promise<void> {
    const keys = [...new Set(this.waiting.map(({ key }) => key))];
    try {
      this.settle(keys.length === 0 ? new Map() : await this.read(keys));
    } catch (error) {
      const failed = this.waiting;
      this.waiting = [];
      for (const waiter of failed) waiter.reject(error);
    }
    clearTimeout(this.next);
    this.next = undefined;
    if (this.waiting.length > 0) this.lookLater();
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
