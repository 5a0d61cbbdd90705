import { Schema, type AnyBulkWriteOperation, type ClientSession, type Connection } from 'mongoose';
import type { Notification } from '../domain/notification/notification';

/**
 * Of what people must hear, written in the transaction of the record: what is recorded is told, what is not recorded
 * is not. The worker passes each on to persons and channels (`worker/delivery`), once.
 */
export interface NotificationRow extends Omit<Notification, 'id'> {
  readonly _id: string;
  readonly writtenAt: Date;
  /** Not passed on yet. */
  readonly waiting?: true;
  readonly passedOnAt?: Date;
}

/** Longer than anything that refers to it is tried. */
const KEPT_DAYS = 90;

const schema = new Schema<NotificationRow>(
  { _id: String, kind: String, at: String, writtenAt: Date, waiting: Boolean, passedOnAt: Date },
  { strict: false, versionKey: false, minimize: false },
);
schema.index({ waiting: 1, writtenAt: 1, _id: 1 }, { partialFilterExpression: { waiting: true } });
schema.index({ passedOnAt: 1 }, { expireAfterSeconds: KEPT_DAYS * 86_400 });

export function openNotifications(connection: Connection) {
  const model = connection.model<NotificationRow>('Notification', schema, 'notifications');
  return {
    model,
    /** Part of the record's transaction; what is there already stays as it is. */
    async add(notifications: readonly Notification[], session?: ClientSession): Promise<void> {
      if (notifications.length === 0) return;
      const writtenAt = new Date();
      const writes = notifications.map(({ id, ...rest }) => ({
        updateOne: {
          filter: { _id: id },
          update: { $setOnInsert: { ...rest, writtenAt, waiting: true } },
          upsert: true,
        },
      })) as unknown as AnyBulkWriteOperation<NotificationRow>[];
      await model.collection.bulkWrite(writes as never, session ? { session } : {});
    },
    async find(id: string): Promise<NotificationRow | undefined> {
      return (await model.findById(id).lean<NotificationRow>()) ?? undefined;
    },
    /** Those that have not been passed on, the oldest first. */
    waiting(limit: number): Promise<NotificationRow[]> {
      return model
        .find({ waiting: true })
        .sort({ writtenAt: 1, _id: 1 })
        .limit(limit)
        .lean<NotificationRow[]>();
    },
    async passedOn(ids: readonly string[], now: Date): Promise<void> {
      await model.updateMany(
        { _id: { $in: [...ids] } },
        { $set: { passedOnAt: now }, $unset: { waiting: 1 } },
      );
    },
  };
}
