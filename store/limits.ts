import { Schema, type Connection } from 'mongoose';
import { RateLimiterMemory, RateLimiterMongo, type RateLimiterAbstract } from 'rate-limiter-flexible';

/** So many points in a window that begins with the first. Kept by the library; one document a key. */
interface LimitRow {
  readonly key: string;
  readonly points: number;
  readonly expire: Date;
}

export interface Limit {
  /** Names the limit among others. */
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

const COLLECTION = 'limits';

const schema = new Schema<LimitRow>(
  {
    key: { type: String, required: true },
    points: { type: Number, required: true },
    expire: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ key: 1 }, { unique: true });
schema.index({ expire: 1 }, { expireAfterSeconds: 0 });

/** Limits that hold across all processes on this store. */
export function openLimits(connection: Connection) {
  return {
    model: connection.model<LimitRow>('Limit', schema, COLLECTION),
    /** While the store is away each process counts for itself. */
    limiter({ name, points, seconds }: Limit): RateLimiterAbstract {
      const shared = { keyPrefix: name, points, duration: seconds };
      return new RateLimiterMongo({
        ...shared,
        storeClient: connection.getClient(),
        dbName: connection.name,
        tableName: COLLECTION,
        disableIndexesCreation: true,
        insuranceLimiter: new RateLimiterMemory(shared),
      });
    },
  };
}
