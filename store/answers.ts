import { randomUUID } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import { together } from './together';

/**
 * First answers of requests that no workflow remembers, by idempotency key, for 24 hours.
 *
 * A request takes its key first (`take`), then acts, then leaves its answer (`keep`) or gives the key back
 * (`giveBack`): two simultaneous requests with one key act once. What a request has reserved on the way (a project's
 * number) is noted, so that whoever goes on after a crash or a 503 does the same thing and not another.
 */
export interface AnswerRow {
  /** SHA-256 over user and key. */
  readonly _id: string;
  readonly bodyHash: string;
  /** Absent while the request is still being worked on. */
  readonly answer?: FirstAnswer;
  readonly memo?: unknown;
  /** Until then the request that took the key is taken to be alive. */
  readonly busyUntil: Date;
  /** The attempt that works on it: one that was held up and has lost it changes nothing any more. */
  readonly holder?: string;
  readonly at: Date;
}

export interface FirstAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** `mine`: go on, with what an earlier attempt has noted. Otherwise the row of the request that came first. */
export type Taken =
  | { readonly mine: true; readonly memo: unknown; readonly holder: string }
  | { readonly mine: false; readonly row: AnswerRow };

const DAY_S = 24 * 3600;
/** Longer than any request may take. */
const BUSY_MS = 10_000;

/** What is there stays; in the store's own words, because the store reads the clock. */
const first = (field: string, otherwise: unknown) => ({ $ifNull: [`$${field}`, otherwise] });
const BUSY_FROM_NOW = { $add: ['$$NOW', BUSY_MS] };
const TAKEN_NOW = { busyUntil: first('busyUntil', BUSY_FROM_NOW), at: first('at', '$$NOW') };

const schema = new Schema<AnswerRow>(
  {
    _id: String,
    bodyHash: { type: String, required: true },
    answer: Schema.Types.Mixed,
    memo: Schema.Types.Mixed,
    busyUntil: { type: Date, required: true },
    holder: String,
    at: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
schema.index({ at: 1 }, { expireAfterSeconds: DAY_S });

export function openAnswers(connection: Connection) {
  const model = connection.model<AnswerRow>('Answer', schema, 'answers');

  return {
    model,
    find: together(async (keys) => {
      const rows = await model.find({ _id: { $in: [...keys] } }).lean<AnswerRow[]>();
      return new Map(rows.map((row) => [row._id, row]));
    }),
    /**
     * Takes the key, or takes it over from a request that has given up; what has been answered stays untouched. How long
     * a request is taken to be alive goes by the store's clock: one process whose clock is wrong would otherwise hold a
     * key for as long as it is wrong, or take it from somebody who is at work.
     */
    async take(key: string, bodyHash: string): Promise<Taken> {
      const holder = randomUUID();
      const taken = { bodyHash: first('bodyHash', bodyHash), holder: first('holder', holder), ...TAKEN_NOW };
      const before = await model
        .findOneAndUpdate({ _id: key }, [{ $set: taken }], {
          upsert: true,
          returnDocument: 'before',
          updatePipeline: true,
        })
        .lean<AnswerRow>();
      if (!before) return { mine: true, memo: undefined, holder };
      const { answer, memo, busyUntil } = before;
      if (answer) return { mine: false, row: before };
      const isFree = { $expr: { $lt: ['$busyUntil', '$$NOW'] } };
      const free = { _id: key, bodyHash, answer: { $exists: false }, busyUntil, ...isFree };
      const again = [{ $set: { busyUntil: BUSY_FROM_NOW, holder } }];
      const { modifiedCount } = await model.updateOne(free, again, { updatePipeline: true });
      return modifiedCount === 1 ? { mine: true, memo, holder } : { mine: false, row: before };
    },
    /** Answers false when another attempt has taken the key over meanwhile: nothing may be done for it any more. */
    async note(key: string, holder: string, memo: unknown): Promise<boolean> {
      return (await model.updateOne({ _id: key, holder }, { $set: { memo } })).matchedCount === 1;
    },
    /** The first answer stays. */
    async keep(key: string, answer: FirstAnswer): Promise<void> {
      await model.updateOne({ _id: key, answer: { $exists: false } }, { $set: { answer } });
    },
    /** The request was refused: nothing is remembered of it. */
    async giveBack(key: string, holder: string): Promise<void> {
      await model.deleteOne({ _id: key, holder, answer: { $exists: false } });
    },
    /** Nobody knows how far the request came: the next one with this key goes on from its memo. */
    async leave(key: string, holder: string): Promise<void> {
      const mine = { _id: key, holder, answer: { $exists: false } };
      await model.updateOne(mine, { $set: { busyUntil: new Date(0) } });
    },
  };
}
