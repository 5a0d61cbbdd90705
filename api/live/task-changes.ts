import type { Logger } from 'pino';
import type { Store } from '../../store/connect';
import type { Task } from '../../domain/task';

/** Something about a task has changed: it was assigned, decided, handed over, or closed. */
export interface TaskChange {
  /** Its place in the store's stream of changes, the same for every process. */
  readonly id: string;
  readonly task: Task;
}

/** Changes that a process remembers for whoever was away for a moment. */
const KEPT = 2_000;
const AGAIN_MS = 1_000;

/**
 * What changes of the tasks, for everybody who watches: one change stream a process, however many watch, and none while
 * nobody does.
 */
export class TaskChanges {
  private readonly watchers = new Set<(change: TaskChange) => void>();
  private readonly kept: TaskChange[] = [];
  private stream: ReturnType<Store['tasks']['changes']> | undefined;
  private again: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: Pick<Store, 'tasks'>,
    private readonly log: Logger,
  ) {}

  /** @returns what ends it */
  watch(then: (change: TaskChange) => void): () => void {
    this.watchers.add(then);
    this.open();
    return () => {
      this.watchers.delete(then);
      if (this.watchers.size === 0) this.close();
    };
  }

  /** What has changed after this place; nothing if that is no longer known, and whoever asks must look at everything again. */
  since(id: string): TaskChange[] | undefined {
    const at = this.kept.findIndex((change) => change.id === id);
    return at === -1 ? undefined : this.kept.slice(at + 1);
  }

  private open(): void {
    if (this.stream || this.watchers.size === 0) return;
    const stream = this.store.tasks.changes();
    this.stream = stream;
    stream.on('change', (change: { _id: unknown; fullDocument?: { _id: string } & Omit<Task, 'id'> }) => {
      const { fullDocument } = change;
      if (!fullDocument) return;
      const { _id, ...rest } = fullDocument;
      const { _data } = change._id as { _data: string };
      this.tell({ id: _data, task: { id: _id, ...rest } });
    });
    stream.on('error', (error: unknown) => {
      this.log.warn({ err: error }, 'the stream of changed tasks broke off');
      this.close();
      // What happens meanwhile is missed: whoever comes back with an old place is told to look again.
      this.again = setTimeout(() => this.open(), AGAIN_MS).unref();
    });
  }

  private tell(change: TaskChange): void {
    this.kept.push(change);
    if (this.kept.length > KEPT) this.kept.shift();
    for (const watcher of this.watchers) watcher(change);
  }

  private close(): void {
    clearTimeout(this.again);
    const { stream } = this;
    this.stream = undefined;
    // Between this stream and the next there may be changes that nobody has seen.
    this.kept.length = 0;
    stream?.close().catch(() => undefined);
  }
}
