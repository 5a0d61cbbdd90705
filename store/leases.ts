import { Schema, type Connection } from 'mongoose';

/** What only one of several processes does at a time. */
interface LeaseRow {
  /** The duty. */
  readonly _id: string;
  readonly holder: string;
  readonly until: Date;
}

const schema = new Schema<LeaseRow>(
  { _id: String, holder: { type: String, required: true }, until: { type: Date, required: true } },
  { versionKey: false },
);

export function openLeases(connection: Connection) {
  const model = connection.model<LeaseRow>('Lease', schema, 'leases');
  return {
    model,
    /** Takes or keeps a duty for so long. @returns whether it is this holder's now */
    async hold(duty: string, holder: string, now: Date, ms: number): Promise<boolean> {
      const free = { _id: duty, $or: [{ holder }, { until: { $lt: now } }] };
      const until = new Date(now.getTime() + ms);
      try {
        await model.updateOne(free, { $set: { holder, until } }, { upsert: true });
        return true;
      } catch (error) {
        if ((error as { code?: number }).code === 11000) return false;
        throw error;
      }
    },
    async release(duty: string, holder: string): Promise<void> {
      await model.deleteOne({ _id: duty, holder });
    },
  };
}
