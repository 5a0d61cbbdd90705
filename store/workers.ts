import { Schema, type Connection } from 'mongoose';

/** A worker's sign of life. The engine lists for a minute who has asked for work, whatever became of them since. */
interface WorkerRow {
  /** As the worker calls itself to the engine: `pid@host`. */
  readonly _id: string;
  /** The store's clock. */
  readonly at: Date;
  /** When nobody needs to know of it any more. */
  readonly expiresAt: Date;
}

const KEPT_MS = 86_400_000;

const schema = new Schema<WorkerRow>(
  { _id: String, at: { type: Date, required: true }, expiresAt: { type: Date, required: true } },
  { versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export function openWorkers(connection: Connection) {
  const model = connection.model<WorkerRow>('Worker', schema, 'workers');
  return {
    model,
    /** This worker lives. */
    async beat(identity: string): Promise<void> {
      const expiresAt = new Date(Date.now() + KEPT_MS);
      await model.updateOne(
        { _id: identity },
        { $currentDate: { at: true }, $set: { expiresAt } },
        { upsert: true },
      );
    },
    /** This worker has ended in good order. */
    async gone(identity: string): Promise<void> {
      await model.updateOne({ _id: identity }, { $set: { at: new Date(0) } });
    },
    /** Of those who ever gave a sign of life, who has given none for so long; by the store's clock only. */
    async silentFor(ms: number): Promise<Set<string>> {
      const rows = await model
        .find({ $expr: { $lt: ['$at', { $subtract: ['$$NOW', ms] }] } }, { _id: 1 })
        .lean<{ _id: string }[]>();
      return new Set(rows.map(({ _id }) => _id));
    },
  };
}
