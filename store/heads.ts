import { Schema, type Connection } from 'mongoose';
import type { ChainHead } from '../domain/events';
import { withinIds, type IdRange } from './id-range';

/** The last link of each workflow's chain as it stands in the store; the fence of every write. */
export interface HeadRow extends ChainHead {
  readonly _id: string;
  /** Hash with which the chain began: the parent's head. */
  readonly origin: string;
  /** The engine's time of the last event. */
  readonly at: string;
  /** Whether the workflow still had something to do when it last wrote. */
  readonly open: boolean;
  /** The worker's clock at the last write: what the sweep goes by. */
  readonly writtenAt: Date;
  /** The same, of the last write that brought an event: how long after `at` it came. Absent in heads of earlier versions. */
  readonly recordedAt?: Date;
}

const schema = new Schema<HeadRow>(
  {
    _id: String,
    seq: { type: Number, required: true },
    hash: { type: String, required: true },
    origin: { type: String, required: true },
    at: { type: String, required: true },
    open: { type: Boolean, required: true },
    writtenAt: { type: Date, required: true },
    recordedAt: Date,
  },
  { versionKey: false },
);
schema.index({ writtenAt: 1 });
schema.index({ _id: 1, open: 1 }, { partialFilterExpression: { open: true } });

export function openHeads(connection: Connection) {
  const model = connection.model<HeadRow>('Head', schema, 'heads');
  return {
    model,
    async find(workflowId: string): Promise<HeadRow | undefined> {
      return (await model.findById(workflowId).lean<HeadRow>()) ?? undefined;
    },
    /** Numbers of the last events of these workflows; absent where nothing is recorded yet. */
    async seqs(workflowIds: readonly string[]): Promise<Map<string, number>> {
      const rows = await model
        .find({ _id: { $in: [...workflowIds] } }, { seq: 1 })
        .lean<{ _id: string; seq: number }[]>();
      return new Map(rows.map(({ _id, seq }) => [_id, seq]));
    },
    /** Heads written since an instant of the worker's clock, oldest first. */
    changedSince(since: Date, limit: number): Promise<HeadRow[]> {
      return model
        .find({ writtenAt: { $gte: since } })
        .sort({ writtenAt: 1 })
        .limit(limit)
        .lean<HeadRow[]>();
    },
    /** Every head in the order of workflows; of these ranges only, if given. */
    async *each(ranges: readonly IdRange[] = [{}]): AsyncIterable<HeadRow> {
      for (const range of ranges) {
        const rows = model.collection.find(withinIds(range), { sort: { _id: 1 }, batchSize: 2_000 });
        for await (const row of rows) yield row as unknown as HeadRow;
      }
    },
    /** Heads of workflows that still run, in the order of their ids, after the given one. */
    openAfter(workflowId: string, limit: number): Promise<HeadRow[]> {
      return model
        .find({ open: true, _id: { $gt: workflowId } })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<HeadRow[]>();
    },
  };
}
