import { ActivityFailure, ApplicationFailure, CancellationScope, condition } from '@temporalio/workflow';
import { headAfter, link, type ChainHead, type Json, type RecordedEvent } from '../domain/events';
import { RECORD_BEHIND, SLOT_TAKEN, type Node, type Projection, type RecordState } from '../domain/node';
import { headStatement } from '../domain/signing/statements';
import type { Task } from '../domain/task';
import { recorder, signer } from './outside';

/** What happened, before it is numbered, dated and linked. */
export type Fact = Omit<RecordedEvent, 'workflowId' | 'seq' | 'at' | 'previous' | 'hash' | 'data'> & {
  data?: unknown;
};

/** Events kept after they were recorded, so that the sweep can ask for them again. */
const KEPT = 64;

/** What a further run of the workflow goes on from. */
export interface KeptRecord {
  readonly head: ChainHead;
  readonly events: readonly RecordedEvent[];
}

/**
 * Keeps one workflow's record.
 *
 * 1. An event is numbered, hashed and queued synchronously, in the handler or step that causes it.
 * 2. It is written by a normal activity only, after the workflow task that caused it was committed: a local
 *    activity would run ahead of the engine, and a decision could stand in the store that the engine never knew.
 * 3. One write at a time; each carries everything queued since the last and the projections as they are now.
 * 4. A slot that is filled with other content stops the workflow (`needs-repair`); nothing is ever overwritten.
 * 5. A store that has lost its last events gets them again, with every projection, as long as they are still held
 *    here; the sweep says so, or the next write finds out.
 */
export class RecordKeeper {
  private head: ChainHead;
  private recorded = 0;
  private needsRepair: string | undefined;
  private queue: RecordedEvent[] = [];
  private kept: RecordedEvent[] = [];
  private touched = new Map<string, () => Task>();
  private readonly tasks = new Map<string, () => Task>();
  private again = false;
  private toldAt = '';
  private writing = false;

  constructor(
    private readonly workflowId: string,
    private readonly origin: string,
    private readonly shared: Pick<RecordedEvent, 'projectId' | 'planYear' | 'county' | 'step' | 'round'>,
    private readonly node: () => Node,
    before?: KeptRecord,
  ) {
    this.head = before?.head ?? { seq: 0, hash: origin };
    this.recorded = this.head.seq;
    this.kept = [...(before?.events ?? [])];
  }

  /** Runs beside the workflow until it ends; a cancelled step still has to record how it ended. */
  start(): void {
    void CancellationScope.nonCancellable(() => this.write());
  }

  state(): RecordState {
    return {
      head: this.head,
      recorded: this.recorded,
      ...(this.needsRepair === undefined ? {} : { needsRepair: this.needsRepair }),
    };
  }

  /** The answer to whoever compares the store with this workflow; reads only, as a query must. */
  projected(node: Node, tasks: readonly Task[]): Projection {
    const { head, needsRepair } = this;
    return {
      head,
      settled: this.settled,
      ...(needsRepair === undefined ? {} : { needsRepair }),
      node,
      tasks,
    };
  }

  /** Whether everything that was told, and everything shown, is durable. */
  get settled(): boolean {
    const waiting = this.queue.length > 0 || this.again || this.writing;
    return !waiting && this.recorded === this.head.seq;
  }

  /** For a further run, which begins when everything is durable. */
  keep(): KeptRecord {
    return { head: this.head, events: this.kept };
  }

  /** Queues an event and answers its number. */
  tell(fact: Fact, at = new Date().toISOString()): number {
    const { data, ...rest } = fact;
    const event = link(this.head, {
      workflowId: this.workflowId,
      at,
      ...this.shared,
      ...rest,
      // A form may hold `undefined` where a field is absent; canonical JSON and the store must see the same.
      ...(data === undefined ? {} : { data: JSON.parse(JSON.stringify(data)) as Json }),
    });
    this.head = headAfter(event);
    this.toldAt = at;
    this.queue.push(event);
    return event.seq;
  }

  /**
   * Queues the last event of the chain, over which a worker has signed the head before it, and resolves when it is
   * durable: whoever shortens or lengthens the record is found even when the engine's history has expired.
   */
  async close(fact: Fact): Promise<void> {
    // Read before signing: what a local activity leaves as now depends on how long it took.
    let at = new Date().toISOString();
    for (;;) {
      const { head } = this;
      const [signature] = await signer.sign([headStatement(this.workflowId, head, at)]);
      if (this.head.seq === head.seq && signature) {
        this.tell({ ...fact, signature }, at);
        break;
      }
      // Something was told meanwhile; what is signed is the end or nothing.
      at = this.toldAt;
    }
    await this.flushed();
  }

  /** The task's projection has changed, and is written with whatever else there is. */
  touch(id: string, now: () => Task): void {
    this.touched.set(id, now);
    this.tasks.set(id, now);
    this.again = true;
  }

  /** A task as an earlier run has written it: only who asks for everything gets it again. */
  know(id: string, now: () => Task): void {
    this.tasks.set(id, now);
  }

  /** The workflow's own projection has changed, with or without an event. */
  renew(): void {
    this.again = true;
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

  /** Resolves when this event is durable, or when the workflow has stopped for repair. */
  async written(seq: number): Promise<void> {
    await CancellationScope.nonCancellable(() => condition(() => this.stopped || this.recorded >= seq));
  }

  /** The store's head is not where this workflow left it: the sweep found it, or a write did. */
  recordAgain(store: { storeSeq: number; storeHash: string }): void {
    if (store.storeSeq > this.head.seq) {
      this.stop(`the store holds event ${store.storeSeq}, this workflow has only ${this.head.seq}`);
      return;
    }
    if (this.hashAt(store.storeSeq) !== undefined && this.hashAt(store.storeSeq) !== store.storeHash) {
      this.stop(`event ${store.storeSeq} is another in the store`);
      return;
    }
    const missing = this.kept.filter((event) => event.seq > store.storeSeq && event.seq <= this.recorded);
    if (this.recorded > store.storeSeq && missing[0]?.seq !== store.storeSeq + 1) {
      this.stop(`events from ${store.storeSeq + 1} are missing in the store and no longer held here`);
      return;
    }
    this.queue = inOrder([...missing, ...this.queue]);
    this.touched = new Map(this.tasks);
    this.again = true;
  }

  /** People have looked into why it stopped: it tries once more, and stops again if the store still differs. */
  tryAgain(): void {
    this.needsRepair = undefined;
    this.again = true;
  }

  private hashAt(seq: number): string | undefined {
    if (seq === this.head.seq) return this.head.hash;
    return [...this.kept, ...this.queue].find((event) => event.seq === seq)?.hash;
  }

  get stopped(): boolean {
    return this.needsRepair !== undefined;
  }

  private stop(why: string): void {
    this.needsRepair = why;
  }

  private async write(): Promise<void> {
    for (;;) {
      await condition(() => (this.queue.length > 0 || this.again) && !this.stopped);
      const events = this.queue;
      const last = events.at(-1);
      const touched = this.touched;
      this.queue = [];
      this.touched = new Map();
      this.again = false;
      this.writing = true;
      try {
        await recorder.record({
          workflowId: this.workflowId,
          origin: this.origin,
          head: last ? headAfter(last) : this.head,
          events,
          tasks: [...touched.values()].map((now) => now()),
          node: this.node(),
        });
      } catch (error) {
        const found = foundByStore(error);
        if (!found) throw error;
        this.queue = inOrder([...events, ...this.queue]);
        if (found.type === RECORD_BEHIND) this.recordAgain(found.store);
        else this.stop(found.message);
        continue;
      } finally {
        this.writing = false;
      }
      this.recorded = Math.max(this.recorded, events.at(-1)?.seq ?? 0);
      this.kept = inOrder([...this.kept, ...events]).slice(-KEPT);
    }
  }
}

/** By number, each once: what is asked for again may be queued already. */
function inOrder(events: readonly RecordedEvent[]): RecordedEvent[] {
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

type Found =
  | { type: typeof SLOT_TAKEN; message: string }
  | { type: typeof RECORD_BEHIND; store: { storeSeq: number; storeHash: string } };

/** What the store holds instead of what it should, where that is why the write failed. */
function foundByStore(error: unknown): Found | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure)) return undefined;
  if (cause.type === SLOT_TAKEN) return { type: SLOT_TAKEN, message: cause.message };
  if (cause.type !== RECORD_BEHIND) return undefined;
  const head = cause.details?.[0] as ChainHead;
  return { type: RECORD_BEHIND, store: { storeSeq: head.seq, storeHash: head.hash } };
}
