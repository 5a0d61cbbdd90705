import { Schema, type Connection } from 'mongoose';
import type { NotificationKind } from '../domain/notification/notification';
import { BadCursor, decodeCursor, pageOf, pageSize, type Page } from './cursor';

export const OUTBOX_STATES = ['pending', 'failed', 'sent', 'dead', 'dropped'] as const;
/**
 * `failed`: tried, and tried again at `nextAt`; `dead`: given up until somebody resends it; `dropped`: whom it was for is
 * no longer there, or has read it.
 */
export type OutboxState = (typeof OUTBOX_STATES)[number];

/** One message on one channel that leaves the house. */
export interface OutboxRow {
  /** Says what is sent to whom, so that nothing is there twice; receivers see it and can tell a repetition. */
  readonly _id: string;
  readonly channel: 'email' | 'webhook';
  readonly kind: NotificationKind | 'digest';
  readonly state: OutboxState;
  readonly attempts: number;
  /** When it is tried next, the machine's clock. */
  readonly nextAt: Date;
  readonly writtenAt: Date;
  readonly sentAt?: Date;
  /** Code of the last failure; no address. */
  readonly lastError?: string;
  /** E-mail: to whom. */
  readonly user?: string;
  /** E-mail: of what; a digest has a day instead. */
  readonly message?: string;
  readonly digest?: string;
  /** Webhook: which, and of what. */
  readonly webhook?: string;
  readonly notification?: string;
}

const SENT_KEPT_DAYS = 90;

const schema = new Schema<OutboxRow>(
  {
    _id: String,
    channel: { type: String, enum: ['email', 'webhook'], required: true },
    kind: { type: String, required: true },
    state: { type: String, enum: OUTBOX_STATES, required: true },
    attempts: { type: Number, required: true },
    nextAt: { type: Date, required: true },
    writtenAt: { type: Date, required: true },
    sentAt: Date,
    lastError: String,
    user: String,
    message: String,
    digest: String,
    webhook: String,
    notification: String,
  },
  { versionKey: false },
);
schema.index({ state: 1, nextAt: 1, _id: 1 });
schema.index({ sentAt: 1 }, { expireAfterSeconds: SENT_KEPT_DAYS * 86_400 });

/** What has still to be sent. */
const TO_SEND: { $in: OutboxState[] } = { $in: ['pending', 'failed'] };

/** What is written when it is known that something must be sent. */
export type OutboxEntry = Pick<
  OutboxRow,
  '_id' | 'channel' | 'kind' | 'nextAt' | 'user' | 'message' | 'digest' | 'webhook' | 'notification'
>;

export function openOutbox(connection: Connection) {
  const model = connection.model<OutboxRow>('Outgoing', schema, 'outbox');
  return {
    model,
    /** What is there already stays as it is, sent or not. */
    async add(entries: readonly OutboxEntry[], now: Date): Promise<void> {
      if (entries.length === 0) return;
      const fresh = { state: 'pending', attempts: 0, writtenAt: now };
      await model.bulkWrite(
        entries.map(({ _id, ...rest }) => ({
          updateOne: {
            filter: { _id },
            update: { $setOnInsert: { ...rest, ...fresh } as object },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    },
    async find(id: string): Promise<OutboxRow | undefined> {
      return (await model.findById(id).lean<OutboxRow>()) ?? undefined;
    },
    /**
     * Takes the next that is due: its attempt is counted, and it is not due again before `pauseOf` this attempt, so
     * that a sender that dies on the way leaves it for later.
     */
    async take(now: Date, pauseOf: (attempt: number) => number): Promise<OutboxRow | undefined> {
      const due = await model
        .findOne({ state: TO_SEND, nextAt: { $lte: now } })
        .sort({ nextAt: 1, _id: 1 })
        .lean<OutboxRow>();
      if (!due) return undefined;
      const attempts = due.attempts + 1;
      const taken = await model
        .findOneAndUpdate(
          { _id: due._id, state: TO_SEND, attempts: due.attempts },
          { $set: { attempts, nextAt: new Date(now.getTime() + pauseOf(attempts)) } },
          { returnDocument: 'after' },
        )
        .lean<OutboxRow>();
      return taken ?? this.take(now, pauseOf);
    },
    /** How an attempt ended; another attempt that began since knows better. */
    async ended(
      { _id, attempts }: Pick<OutboxRow, '_id' | 'attempts'>,
      state: Exclude<OutboxState, 'pending'>,
      now: Date,
      lastError?: string,
    ): Promise<void> {
      const at = state === 'sent' || state === 'dropped' ? { sentAt: now } : {};
      await model.updateOne(
        { _id, attempts, state: TO_SEND },
        { $set: { state, ...at, ...(lastError === undefined ? {} : { lastError }) } },
      );
    },
    /**
     * A page in one state, by the time of the next attempt.
     * @throws BadCursor
     */
    async list(filter: OutboxFilter): Promise<Page<OutboxRow>> {
      const { state, limit, cursor } = filter;
      const size = pageSize(limit);
      const rows = await model
        .find({ state, ...(cursor === undefined ? {} : afterRow(decodeCursor(cursor, 2))) })
        .sort({ nextAt: 1, _id: 1 })
        .limit(size + 1)
        .lean<OutboxRow[]>();
      return pageOf(rows, size, ({ nextAt, _id }) => [nextAt.toISOString(), _id]);
    },
    /** How much waits to be sent and since when, and how much was given up. */
    async backlog(): Promise<OutboxBacklog> {
      const oldest = async (state: unknown): Promise<Date | undefined> =>
        (
          await model
            .findOne({ state } as object, { writtenAt: 1 })
            .sort({ writtenAt: 1 })
            .lean<{ writtenAt: Date }>()
        )?.writtenAt;
      const [waiting, dead, oldestWaitingAt, oldestDeadAt] = await Promise.all([
        model.countDocuments({ state: TO_SEND }),
        model.countDocuments({ state: 'dead' }),
        oldest(TO_SEND),
        oldest('dead'),
      ]);
      return { waiting, dead, oldestWaitingAt, oldestDeadAt };
    },
    /** When the one that should have been sent first should have been. */
    async dueSince(now: Date): Promise<Date | undefined> {
      const row = await model
        .findOne({ state: TO_SEND, nextAt: { $lte: now } }, { nextAt: 1 })
        .sort({ nextAt: 1, _id: 1 })
        .lean<{ nextAt: Date }>();
      return row?.nextAt;
    },
    /** Gives a dead one all its attempts again. @returns whether it was dead */
    async resend(id: string, now: Date): Promise<boolean> {
      const again = { $set: { state: 'pending', attempts: 0, nextAt: now } };
      return (await model.updateOne({ _id: id, state: 'dead' }, again)).modifiedCount === 1;
    },
  };
}

export interface OutboxBacklog {
  readonly waiting: number;
  readonly dead: number;
  readonly oldestWaitingAt: Date | undefined;
  readonly oldestDeadAt: Date | undefined;
}

export interface OutboxFilter {
  readonly state: OutboxState;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

function afterRow([at = '', id = '']: readonly string[]): Record<string, unknown> {
  const then = new Date(at);
  if (Number.isNaN(then.getTime())) throw new BadCursor();
  return { $or: [{ nextAt: then, _id: { $gt: id } }, { nextAt: { $gt: then } }] };
}
