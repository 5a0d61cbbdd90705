import { ActivityFailure, ApplicationFailure, CancellationScope, condition } from '@temporalio/workflow';
import { headAfter, link, type ChainHead, type Json, type RecordedEvent } from '../domain/events';
import { SLOT_TAKEN, type Node, type RecordState } from '../domain/node';
import type { Task } from '../domain/task';
import { outside } from './outside';

/** What happened, before it is numbered, dated and linked. */
export type Fact = Omit<RecordedEvent, 'workflowId' | 'seq' | 'at' | 'previous' | 'hash' | 'data'> & {
  data?: unknown;
};

/** Events kept after they were recorded, so that the sweep can ask for them again. */
const KEPT = 64;

/**
 * Keeps one workflow's record.
 *
 * 1. An event is numbered, hashed and queued synchronously, in the handler or step that causes it.
 * 2. It is written by a normal activity only, after the workflow task that caused it was committed: a local
 *    activity would run ahead of the engine, and a decision could stand in the store that the engine never knew.
 * 3. One write at a time; each carries everything queued since the last and the projections as they are now.
 * 4. A slot that is filled with other content stops the workflow (`needs-repair`); nothing is ever overwritten.
 */
export class RecordKeeper {
  private head: ChainHead;
  private recorded = 0;
  private needsRepair: string | undefined;
  private queue: RecordedEvent[] = [];
  private kept: RecordedEvent[] = [];
  private touched = new Map<string, () => Task>();
  private again = false;

  constructor(
    private readonly workflowId: string,
    private readonly origin: string,
    private readonly shared: Pick<RecordedEvent, 'projectId' | 'planYear' | 'county' | 'step' | 'round'>,
    private readonly node: () => Node,
  ) {
    this.head = { seq: 0, hash: origin };
  }

  /** Runs beside the workflow until it ends; a cancelled step still has to record how it ended. */
  start(): void {
    void CancellationScope.nonCancellable(() => this.keep());
  }

  state(): RecordState {
    return {
      head: this.head,
      recorded: this.recorded,
      ...(this.needsRepair === undefined ? {} : { needsRepair: this.needsRepair }),
    };
  }

  /** Queues an event and answers its number. */
  tell(fact: Fact): number {
    const { data, ...rest } = fact;
    const event = link(this.head, {
      workflowId: this.workflowId,
      at: new Date().toISOString(),
      ...this.shared,
      ...rest,
      // A form may hold `undefined` where a field is absent; canonical JSON and the store must see the same.
      ...(data === undefined ? {} : { data: JSON.parse(JSON.stringify(data)) as Json }),
    });
    this.head = headAfter(event);
    this.queue.push(event);
    return event.seq;
  }

  /** The task's projection is written with the next events. */
  touch(id: string, now: () => Task): void {
    this.touched.set(id, now);
  }

  /** Resolves when everything told so far is durable, or rejects if the workflow has stopped for repair. */
  async flushed(): Promise<void> {
    await CancellationScope.nonCancellable(() =>
      condition(
        () => this.needsRepair !== undefined || (this.recorded === this.head.seq && this.queue.length === 0),
      ),
    );
    if (this.needsRepair !== undefined) await condition(() => false);
  }

  /** The sweep found another head in the store. */
  recordAgain(store: { storeSeq: number; storeHash: string }): void {
    if (store.storeSeq > this.head.seq) {
      this.stop(`the store holds event ${store.storeSeq}, this workflow has only ${this.head.seq}`);
      return;
    }
    const missing = this.kept.filter((event) => event.seq > store.storeSeq && event.seq <= this.recorded);
    const first = missing[0];
    if (first && first.seq !== store.storeSeq + 1) {
      this.stop(`events from ${store.storeSeq + 1} are missing in the store and no longer held here`);
      return;
    }
    this.queue = [...missing, ...this.queue];
    this.again = true;
  }

  get stopped(): boolean {
    return this.needsRepair !== undefined;
  }

  private stop(why: string): void {
    this.needsRepair = why;
  }

  private async keep(): Promise<void> {
    for (;;) {
      await condition(() => (this.queue.length > 0 || this.again) && !this.stopped);
      const events = this.queue;
      const touched = this.touched;
      this.queue = [];
      this.touched = new Map();
      this.again = false;
      try {
        await outside.record({
          workflowId: this.workflowId,
          origin: this.origin,
          head: this.head,
          events,
          tasks: [...touched.values()].map((now) => now()),
          node: this.node(),
        });
      } catch (error) {
        if (!isSlotTaken(error)) throw error;
        this.stop(error.cause?.message ?? 'slot taken');
        continue;
      }
      this.recorded = Math.max(this.recorded, events.at(-1)?.seq ?? 0);
      this.kept = [...this.kept, ...events].slice(-KEPT);
    }
  }
}

function isSlotTaken(error: unknown): error is ActivityFailure {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof ApplicationFailure &&
    error.cause.type === SLOT_TAKEN
  );
}
