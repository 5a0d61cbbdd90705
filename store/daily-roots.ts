import { randomUUID } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import type { DailyRoot, Leaf } from '../domain/record/daily-root';
import { afterKeys, decodeCursor, pageOf, pageSize, type Page } from './cursor';

/** Append-only, one a day. Its leaves are those of the roots before, but for chains that have grown since. */
export interface DailyRootRow extends DailyRoot {
  /** The date. */
  readonly _id: string;
  /** Which leaves are its own: two workers may make the same day's root, and one of them is first. */
  readonly attempt: string;
}

interface LeafRow extends Leaf {
  readonly attempt: string;
  readonly date: string;
}

const rootSchema = new Schema<DailyRootRow>(
  {
    _id: String,
    date: { type: String, required: true },
    size: { type: Number, required: true },
    root: { type: String, required: true },
    previous: { type: String, required: true },
    signature: { type: Schema.Types.Mixed, required: true },
    attempt: { type: String, required: true },
  },
  { versionKey: false },
);

const leafSchema = new Schema<LeafRow>(
  {
    attempt: { type: String, required: true },
    date: { type: String, required: true },
    workflowId: { type: String, required: true },
    seq: { type: Number, required: true },
    hash: { type: String, required: true },
  },
  { versionKey: false },
);
leafSchema.index({ workflowId: 1, date: 1 });
leafSchema.index({ attempt: 1 });

const BATCH = 5_000;

export function openDailyRoots(connection: Connection) {
  const model = connection.model<DailyRootRow>('DailyRoot', rootSchema, 'daily_roots');
  const leaves = connection.model<LeafRow>('DailyRootLeaf', leafSchema, 'daily_root_leaves');

  /** The leaves that were new with any of these days' roots, by workflow and day. */
  async function* moved(to: string): AsyncIterable<LeafRow> {
    const attempts = new Set(await model.distinct('attempt', { date: { $lte: to } }));
    const rows = leaves.collection.find(
      { date: { $lte: to } },
      { sort: { workflowId: 1, date: 1 }, batchSize: 5_000, projection: { _id: 0 } },
    );
    for await (const row of rows) if (attempts.has(String(row['attempt']))) yield row as unknown as LeafRow;
  }

  return {
    model,
    leaves,
    async last(): Promise<DailyRoot | undefined> {
      const row = await model.findOne().sort({ _id: -1 }).lean<DailyRootRow>();
      return row ? rootOfRow(row) : undefined;
    },
    async find(date: string): Promise<DailyRoot | undefined> {
      const row = await model.findById(date).lean<DailyRootRow>();
      return row ? rootOfRow(row) : undefined;
    },
    /** All, the oldest first. */
    async all(): Promise<DailyRoot[]> {
      return (await model.find().sort({ _id: 1 }).lean<DailyRootRow[]>()).map(rootOfRow);
    },
    /** A page, the oldest first. @throws BadCursor */
    async list(paging: {
      limit?: number | undefined;
      cursor?: string | undefined;
    }): Promise<Page<DailyRoot>> {
      const size = pageSize(paging.limit);
      const after = paging.cursor ? afterKeys('date', '_id', decodeCursor(paging.cursor, 2)) : {};
      const rows = await model
        .find(after)
        .sort({ date: 1, _id: 1 })
        .limit(size + 1)
        .lean<DailyRootRow[]>();
      const { items, ...rest } = pageOf(rows, size, (row) => [row.date, row._id]);
      return { items: items.map(rootOfRow), ...rest };
    },
    /** Every leaf of a day's root, in the order of workflows. */
    async leavesOf(date: string): Promise<Leaf[]> {
      const all: Leaf[] = [];
      for await (const { workflowId, seq, hash } of moved(date)) {
        if (all.at(-1)?.workflowId === workflowId) all.pop();
        all.push({ workflowId, seq, hash });
      }
      return all;
    },
    /** Every leaf with the day of the root in which it was new. */
    movedUntil: moved,
    /** The day of the first root that counts this event. */
    async firstWith(workflowId: string, seq: number): Promise<string | undefined> {
      const rows = await leaves
        .find({ workflowId, seq: { $gte: seq } })
        .sort({ date: 1 })
        .lean<LeafRow[]>();
      const attempts = new Set(
        await model.distinct('attempt', { _id: { $in: rows.map(({ date }) => date) } }),
      );
      return rows.find(({ attempt }) => attempts.has(attempt))?.date;
    },
    /**
     * Keeps a root with the leaves that have changed since the one before, which are written first: a root that stands
     * has all of its leaves.
     * @returns false if another worker's of the same day stands already
     */
    async keep(root: DailyRoot, changed: readonly Leaf[]): Promise<boolean> {
      const attempt = randomUUID();
      const { date } = root;
      for (let from = 0; from < changed.length; from += BATCH) {
        const rows = changed.slice(from, from + BATCH).map((leaf) => ({ ...leaf, attempt, date }));
        await leaves.collection.insertMany(rows);
      }
      try {
        await model.collection.insertOne({ _id: date as never, ...root, attempt });
        return true;
      } catch (error) {
        if ((error as { code?: number }).code !== 11000) throw error;
        await leaves.deleteMany({ attempt });
        return false;
      }
    },
  };
}

function rootOfRow({ date, size, root, previous, signature }: DailyRootRow): DailyRoot {
  return { date, size, root, previous, signature };
}
