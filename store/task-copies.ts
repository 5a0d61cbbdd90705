import { Schema, type Connection } from 'mongoose';
import type { Actor } from '../domain/actor';

/** 抄送: somebody was given a task to read, and who of them has. Never in a workflow: it decides nothing. */
export interface TaskCopyRow {
  /** One a task and addressee. */
  readonly _id: string;
  readonly task: string;
  readonly organisation: string;
  /** Only for this person of it. */
  readonly user?: string;
  readonly note?: string;
  readonly by: Actor;
  /** RFC 3339, the engine's clock. */
  readonly at: string;
  /** 已阅: who has read it, each once. */
  readonly reads: readonly { readonly user: string; readonly at: string }[];
}

/** Who reads: a person and the organisations that they belong to. */
export interface Reader {
  readonly user: string;
  readonly organisations: readonly string[];
}

const schema = new Schema<TaskCopyRow>(
  {
    _id: String,
    task: { type: String, required: true },
    organisation: { type: String, required: true },
    user: String,
    note: String,
    by: { type: Schema.Types.Mixed, required: true },
    at: { type: String, required: true },
    reads: { type: [{ _id: false, user: String, at: String }], default: [] },
  },
  { versionKey: false },
);
schema.index({ task: 1, at: 1 });
schema.index({ organisation: 1, at: -1 });

/** Copies that one person is shown at most. */
const SHOWN = 200;

export function openTaskCopies(connection: Connection) {
  const model = connection.model<TaskCopyRow>('TaskCopy', schema, 'task-copies');
  return {
    model,
    /** A second copy to the same addressee changes nothing. @returns what stands */
    async add(row: Omit<TaskCopyRow, '_id' | 'reads'>): Promise<TaskCopyRow> {
      const _id = [row.task, row.organisation, row.user ?? ''].join('/');
      await model.collection.updateOne(
        { _id: _id as never },
        { $setOnInsert: { ...row, reads: [] } },
        { upsert: true },
      );
      return (await model.findById(_id).lean<TaskCopyRow>()) ?? { _id, ...row, reads: [] };
    },
    /** At most 200 of a task, in order. */
    ofTask(task: string): Promise<TaskCopyRow[]> {
      return model.find({ task }).sort({ at: 1, _id: 1 }).limit(SHOWN).lean<TaskCopyRow[]>();
    },
    /** The latest 200 given to this reader. */
    to(reader: Reader, unread = false): Promise<TaskCopyRow[]> {
      return model
        .find({ ...addressed(reader), ...(unread ? unreadBy(reader) : {}) })
        .sort({ at: -1, _id: -1 })
        .limit(SHOWN)
        .lean<TaskCopyRow[]>();
    },
    async isFor(task: string, reader: Reader, unread = false): Promise<boolean> {
      const mine = { task, ...addressed(reader), ...(unread ? unreadBy(reader) : {}) };
      return (await model.exists(mine)) !== null;
    },
    /** Each person once; reading again changes nothing. @returns whether there was a copy for them */
    async read(task: string, reader: Reader, at: string): Promise<boolean> {
      const mine = { task, ...addressed(reader) };
      await model.updateMany(
        { ...mine, ...unreadBy(reader) },
        { $push: { reads: { user: reader.user, at } } },
      );
      return (await model.exists(mine)) !== null;
    },
  };
}

function addressed({ user, organisations }: Reader): object {
  return { organisation: { $in: [...organisations] }, $or: [{ user: { $exists: false } }, { user }] };
}

function unreadBy({ user }: Reader): object {
  return { 'reads.user': { $ne: user } };
}
