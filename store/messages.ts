import { Schema, type Connection } from 'mongoose';
import type { Matter, NotificationKind } from '../domain/notification/notification';
import { BadCursor, decodeCursor, pageOf, pageSize, type Page } from './cursor';

/** What one person is told of one event. */
export interface MessageRow {
  /** The notification's and the user's. */
  readonly _id: string;
  readonly user: string;
  /** Through which the person has to do with it; none for administrators. */
  readonly organisation?: string;
  readonly kind: NotificationKind;
  readonly about: Matter;
  /** The event's time, the engine's clock. */
  readonly at: Date;
  /** Whether it is shown in the application; otherwise it is for a digest only. */
  readonly inApp: boolean;
  /** Day of the digest that lists it. */
  readonly digest?: string;
  readonly readAt?: Date;
  readonly writtenAt: Date;
}

const KEPT_DAYS = 400;

const schema = new Schema<MessageRow>(
  {
    _id: String,
    user: { type: String, required: true },
    organisation: String,
    kind: { type: String, required: true },
    about: { type: Schema.Types.Mixed, required: true },
    at: { type: Date, required: true },
    inApp: { type: Boolean, required: true },
    digest: String,
    readAt: Date,
    writtenAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ user: 1, at: -1, _id: -1 });
schema.index({ user: 1, digest: 1 }, { partialFilterExpression: { digest: { $exists: true } } });
schema.index({ writtenAt: 1 }, { expireAfterSeconds: KEPT_DAYS * 86_400 });

export interface MessageFilter {
  readonly user: string;
  /** The user's own now: who has left an organisation no longer reads what it was told. */
  readonly organisations: readonly string[];
  readonly unread?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export function openMessages(connection: Connection) {
  const model = connection.model<MessageRow>('Message', schema, 'messages');
  return {
    model,
    /** What is there already stays as it is, read or not. */
    async add(rows: readonly MessageRow[]): Promise<void> {
      if (rows.length === 0) return;
      await model.bulkWrite(
        rows.map(({ _id, ...rest }) => ({
          updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
        })),
        { ordered: false },
      );
    },
    async find(id: string): Promise<MessageRow | undefined> {
      return (await model.findById(id).lean<MessageRow>()) ?? undefined;
    },
    /**
     * A page of what is shown in the application, the latest first.
     * @throws BadCursor
     */
    async list(filter: MessageFilter): Promise<Page<MessageRow>> {
      const size = pageSize(filter.limit);
      const rows = await model
        .find(conditionOf(filter))
        .sort({ at: -1, _id: -1 })
        .limit(size + 1)
        .lean<MessageRow[]>();
      return pageOf(rows, size, ({ at, _id }) => [at.toISOString(), _id]);
    },
    /** How many the user has not read, of what is shown in the application. */
    unread({ user, organisations }: Pick<MessageFilter, 'user' | 'organisations'>): Promise<number> {
      return model.countDocuments(conditionOf({ user, organisations, unread: true }));
    },
    /** @returns whether the user has such a message; it is read now, if it was not before */
    async read(user: string, id: string, now: Date): Promise<boolean> {
      const own = { _id: id, user, inApp: true };
      await model.updateOne({ ...own, readAt: { $exists: false } }, { $set: { readAt: now } });
      return (await model.exists(own)) !== null;
    },
    /** What the digest of a day lists: what its user has not read meanwhile, the earliest first. */
    ofDigest(user: string, digest: string): Promise<MessageRow[]> {
      return model
        .find({ user, digest, readAt: { $exists: false } })
        .sort({ at: 1, _id: 1 })
        .lean<MessageRow[]>();
    },
  };
}

function conditionOf({ user, organisations, unread, cursor }: MessageFilter): Record<string, unknown> {
  return {
    user,
    inApp: true,
    organisation: { $in: [...organisations, null] },
    ...(unread === undefined ? {} : { readAt: { $exists: !unread } }),
    ...(cursor === undefined ? {} : before(decodeCursor(cursor, 2))),
  };
}

function before([at = '', id]: readonly string[]): Record<string, unknown> {
  const then = new Date(at);
  if (Number.isNaN(then.getTime())) throw new BadCursor();
  return { $or: [{ at: then, _id: { $lt: id } }, { at: { $lt: then } }] };
}
