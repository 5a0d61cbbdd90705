import { Problem } from '../../domain/problems';

/** Reads the last recorded event's number of each workflow, as a majority of the store has it. */
export type ReadHeads = (workflowIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;

interface Waiter {
  readonly workflowId: string;
  readonly seq: number;
  readonly until: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Pause between two looks, ms: short beside the 10–20 ms that recording takes. */
const PAUSE_MS = 3;

/**
 * Waits until the record has reached an event, so that a 200 means: durable in engine and store, and visible.
 *
 * One read serves everybody who waits in this process, so that sixteen clients cost no more reads than one.
 */
export class HeadWatch {
  private waiting: Waiter[] = [];
  private looking = false;

  constructor(private readonly read: ReadHeads) {}

  /**
   * @param until ms since 1970, the machine's clock
   * @throws Problem `engine-unavailable` if the record does not get there until then; the decision itself stands
   */
  reached(workflowId: string, seq: number, until: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ workflowId, seq, until, resolve, reject });
      if (!this.looking) void this.look();
    });
  }

  private async look(): Promise<void> {
    this.looking = true;
    while (this.waiting.length > 0) {
      try {
        const heads = await this.read([...new Set(this.waiting.map(({ workflowId }) => workflowId))]);
        this.settle(heads);
      } catch (error) {
        const failed = this.waiting;
        this.waiting = [];
        for (const waiter of failed) waiter.reject(error);
      }
      if (this.waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.looking = false;
  }

  private settle(heads: ReadonlyMap<string, number>): void {
    const now = Date.now();
    this.waiting = this.waiting.filter((waiter) => {
      if ((heads.get(waiter.workflowId) ?? 0) >= waiter.seq) waiter.resolve();
      else if (waiter.until < now) waiter.reject(new Problem('engine-unavailable'));
      else return true;
      return false;
    });
  }
}
