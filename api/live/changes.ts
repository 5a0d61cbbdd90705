import type { Logger } from 'pino';
import type { RecordedEvent } from '../../domain/events';
import type { Task } from '../../domain/task';
import type { Change } from '../../store/changes';
import type { Store } from '../../store/connect';

/** Something about a task has changed: it was assigned, decided, handed over, or closed. */
export type TaskChange = Extract<Change, { task: Task }>;

/** Changes that a process remembers for whoever was away for a moment. */
const KEPT = 2_000;
const AGAIN_MS = 1_000;

/**
 * What is recorded, for everybody in this process who waits for it or watches: one change stream, opened by the first
 * of them and kept. It only makes things quicker: whoever waits for an event looks for it too, and a page that may have
 * missed something is told to look again.
 */
export class Changes {
  private readonly hearers: ((event: RecordedEvent) => void)[] = [];
  private readonly watchers = new Set<(change: TaskChange) => void>();
  private readonly kept: TaskChange[] = [];
  private close: (() => void) | undefined;
  private again: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: Pick<Store, 'changes'>,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** Is told of every event that is recorded while the stream is open; `listen` opens it. */
  hear(then: (event: RecordedEvent) => void): void {
    this.hearers.push(then);
  }

  /** Opens the stream unless it is open, or has just broken off. */
  listen(): void {
    if (this.close || this.again) return;
    this.close = this.store.changes.listen({
      change: (change) => {
        if ('event' in change) for (const hear of this.hearers) hear(change.event);
        else this.tell(change);
      },
      brokeOff: (error) => this.brokeOff(error),
    });
  }

  /** Hears of every task that changes. @returns what ends it */
  watch(then: (change: TaskChange) => void): () => void {
    this.watchers.add(then);
    this.listen();
    return () => this.watchers.delete(then);
  }

  /** What has changed after this place; nothing if that is no longer known, and whoever asks must look at everything again. */
  since(place: string): TaskChange[] | undefined {
    const at = this.kept.findIndex((change) => change.place === place);
    return at === -1 ? undefined : this.kept.slice(at + 1);
  }

  /** The task as it was when its workflow had recorded this event, or later; nothing if that was not heard. */
  taskAfter(id: string, seq: number): Task | undefined {
    return this.kept.findLast((change) => change.task.id === id && change.seq >= seq)?.task;
  }

  /** For when the process ends. */
  stop(): void {
    clearTimeout(this.again);
    this.again = undefined;
    this.close?.();
    this.close = undefined;
  }

  private tell(change: TaskChange): void {
    this.kept.push(change);
    if (this.kept.length > KEPT) this.kept.shift();
    for (const watcher of this.watchers) watcher(change);
  }

  private brokeOff(error: unknown): void {
    this.log.warn({ err: error }, 'the stream of what is recorded broke off');
    this.stop();
    // Between this stream and the next there may be changes that nobody has heard.
    this.kept.length = 0;
    this.again = setTimeout(() => {
      this.again = undefined;
      if (this.watchers.size > 0) this.listen();
    }, AGAIN_MS).unref();
  }
}
