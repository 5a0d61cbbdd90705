import type { Connection, mongo } from 'mongoose';
import type { RecordedEvent } from '../domain/events';
import type { Task } from '../domain/task';
import { eventOf, type EventRow } from './events';
import { taskOf, type TaskRow } from './tasks';

/** Something that `writeBatch` has made durable. */
export type Change =
  | { readonly event: RecordedEvent }
  | {
      /** As it is from this change on. */
      readonly task: Task;
      /** Number of its workflow's last event then. */
      readonly seq: number;
      /** Its place in the store's stream of changes, the same for every process. */
      readonly place: string;
    };

export interface Listener {
  readonly change: (change: Change) => void;
  /** The stream has ended: what happens from now on is missed. */
  readonly brokeOff: (error: unknown) => void;
}

const IN = ['events', 'tasks'];
const KINDS = ['insert', 'update', 'replace'];

export function openChanges(connection: Connection) {
  return {
    /**
     * What is recorded from now on, in the order in which a majority has it. Of one batch the tasks come before the
     * events: whoever hears of an event has heard what became of its tasks.
     * @returns what ends it
     */
    listen({ change, brokeOff }: Listener): () => void {
      const written = { $match: { 'ns.coll': { $in: IN }, operationType: { $in: KINDS } } };
      const stream = connection.getClient().db(connection.name).watch([written], {
        fullDocument: 'updateLookup',
      });
      stream.on('change', (one: mongo.ChangeStreamDocument) => {
        if (!('fullDocument' in one) || !one.fullDocument) return;
        const { coll } = one.ns;
        if (coll === 'events') change({ event: eventOf(one.fullDocument as unknown as EventRow) });
        else change(taskChange(one._id, one.fullDocument as unknown as TaskRow));
      });
      stream.on('error', brokeOff);
      return () => void stream.close().catch(() => undefined);
    },
  };
}

function taskChange(id: unknown, row: TaskRow): Change {
  return { task: taskOf(row), seq: row.seq, place: (id as { _data: string })._data };
}
