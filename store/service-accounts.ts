import { Schema, type Connection } from 'mongoose';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor';

/** Another system that asks with a key. The key itself is not kept, only its hash. */
export interface ServiceAccountRow {
  /** Part of the key, so that a key found somewhere leads to its account. */
  readonly _id: string;
  readonly name: string;
  /** For which it asks; without one it reads what everybody reads. */
  readonly organisation?: string;
  /** Names of permissions. */
  readonly scopes: readonly string[];
  /** SHA-256 of the whole key, hex. */
  readonly keyHash: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Exact to a minute. */
  readonly lastUsedAt?: Date;
  readonly revokedAt?: Date;
}

const schema = new Schema<ServiceAccountRow>(
  {
    _id: String,
    name: { type: String, required: true },
    organisation: String,
    scopes: { type: [String], required: true },
    keyHash: { type: String, required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    lastUsedAt: Date,
    revokedAt: Date,
  },
  { versionKey: false },
);

export function openServiceAccounts(connection: Connection) {
  const model = connection.model<ServiceAccountRow>('ServiceAccount', schema, 'service_accounts');
  return {
    model,
    async find(id: string): Promise<ServiceAccountRow | undefined> {
      return (await model.findById(id).lean<ServiceAccountRow>()) ?? undefined;
    },
    /**
     * A page of accounts, those that have ended included.
     * @throws BadCursor
     */
    async list(page: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
    }): Promise<Page<ServiceAccountRow>> {
      const size = pageSize(page.limit);
      const after: Record<string, unknown> =
        page.cursor === undefined ? {} : { _id: { $gt: decodeCursor(page.cursor, 1)[0] } };
      const rows = await model
        .find(after)
        .sort({ _id: 1 })
        .limit(size + 1)
        .lean<ServiceAccountRow[]>();
      return pageOf(rows, size, ({ _id }) => [_id]);
    },
    async used(id: string, now: Date): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { lastUsedAt: now } });
    },
    /** @returns whether there was one to revoke */
    async revoke(id: string, now: Date): Promise<boolean> {
      const open = { _id: id, revokedAt: { $exists: false } };
      return (await model.updateOne(open, { $set: { revokedAt: now } })).matchedCount === 1;
    },
  };
}
