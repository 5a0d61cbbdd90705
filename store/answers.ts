import { Schema, type Connection } from 'mongoose';
import type { Json } from '../domain/events';

/**
 * First answers of requests that no workflow remembers, by idempotency key, for 24 hours.
 *
 * A request takes its key first (`take`), then acts, then leaves its answer (`keep`) or gives the key back
 * (`giveBack`): two simultaneous requests with one key act once.
 */
export interface AnswerRow {
  /** SHA-256 over user and key. */
  readonly _id: string;
  readonly bodyHash: string;
  /** Absent while the first request is still being worked on. */
  readonly answer?: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body: Json;
  };
  readonly at: Date;
}

const DAY_S = 24 * 3600;

const schema = new Schema<AnswerRow>(
  {
    _id: String,
    bodyHash: { type: String, required: true },
    answer: Schema.Types.Mixed,
    at: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
schema.index({ at: 1 }, { expireAfterSeconds: DAY_S });

export function openAnswers(connection: Connection) {
  const model = connection.model<AnswerRow>('Answer', schema, 'answers');
  return {
    model,
    /** Takes the key; what was there before is returned instead, untouched. */
    async take(key: string, bodyHash: string, now: Date): Promise<AnswerRow | undefined> {
      const before = await model
        .findOneAndUpdate({ _id: key }, { $setOnInsert: { bodyHash, at: now } }, { upsert: true, new: false })
        .lean<AnswerRow>();
      return before ?? undefined;
    },
    async keep(key: string, answer: NonNullable<AnswerRow['answer']>): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { answer } });
    },
    async giveBack(key: string): Promise<void> {
      await model.deleteOne({ _id: key, answer: { $exists: false } });
    },
  };
}
export type Answers = ReturnType<typeof openAnswers>;
