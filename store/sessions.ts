import { Schema, type Connection } from 'mongoose';

/** A log-in. The token itself is not kept, only its hash. */
export interface SessionRow {
  /** SHA-256 of the token, hex. */
  readonly _id: string;
  /** How its user names it; says nothing of the token. */
  readonly publicId: string;
  readonly user: string;
  readonly createdAt: Date;
  /** Exact to a minute: it is not written at each request. */
  readonly lastUsedAt: Date;
  /** Its end, however busy it is. */
  readonly expiresAt: Date;
  /** `missing`: the user has one, and the log-in went without. */
  readonly secondFactor?: 'shown' | 'missing';
  /** Where it was begun, so that its user knows it again; gone with the session. */
  readonly userAgent?: string;
  readonly address?: string;
}

/** When a session that nobody used has ended: `idleMs` after its last use. */
export interface Alive {
  readonly now: Date;
  readonly idleMs: number;
}

const schema = new Schema<SessionRow>(
  {
    _id: String,
    publicId: { type: String, required: true },
    user: { type: String, required: true },
    createdAt: { type: Date, required: true },
    lastUsedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    secondFactor: { type: String, enum: ['shown', 'missing'] },
    userAgent: String,
    address: String,
  },
  { versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
schema.index({ user: 1, createdAt: -1 });

export function openSessions(connection: Connection) {
  const model = connection.model<SessionRow>('Session', schema, 'sessions');
  return {
    model,
    async begin(row: SessionRow): Promise<void> {
      await model.create(row);
    },
    /** The session, unless it has ended; the index that removes it may lag by a minute. */
    async find(tokenHash: string, alive: Alive): Promise<SessionRow | undefined> {
      return (await model.findOne({ _id: tokenHash, ...living(alive) }).lean<SessionRow>()) ?? undefined;
    },
    /** Those of a user that have not ended, the newest first. */
    async listOf(user: string, alive: Alive): Promise<SessionRow[]> {
      return model
        .find({ user, ...living(alive) })
        .sort({ createdAt: -1 })
        .lean<SessionRow[]>();
    },
    async used(tokenHash: string, now: Date): Promise<void> {
      await model.updateOne({ _id: tokenHash, lastUsedAt: { $lt: now } }, { $set: { lastUsedAt: now } });
    },
    /** The second factor was shown in this session. */
    async shown(tokenHash: string): Promise<void> {
      await model.updateOne({ _id: tokenHash }, { $set: { secondFactor: 'shown' } });
    },
    async end(tokenHash: string): Promise<void> {
      await model.deleteOne({ _id: tokenHash });
    },
    /** Ends one of a user's own. @returns its token's hash, nothing if the user has no such session */
    async endOne(user: string, publicId: string): Promise<string | undefined> {
      return (await model.findOneAndDelete({ user, publicId }).lean<SessionRow>())?._id;
    },
    async endOthers(user: string, tokenHash: string): Promise<void> {
      await model.deleteMany({ user, _id: { $ne: tokenHash } });
    },
    /** A changed password or a disabled user ends every log-in. */
    async endAll(user: string): Promise<void> {
      await model.deleteMany({ user });
    },
  };
}

function living({ now, idleMs }: Alive) {
  return { expiresAt: { $gt: now }, lastUsedAt: { $gt: new Date(now.getTime() - idleMs) } };
}
