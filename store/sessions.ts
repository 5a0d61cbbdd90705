import { Schema, type Connection } from 'mongoose';

/** A log-in. The token itself is not kept, only its hash. */
export interface SessionRow {
  /** SHA-256 of the token, hex. */
  readonly _id: string;
  readonly user: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const schema = new Schema<SessionRow>(
  {
    _id: String,
    user: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
schema.index({ user: 1 });

export function openSessions(connection: Connection) {
  const model = connection.model<SessionRow>('Session', schema, 'sessions');
  return {
    model,
    /** The session, unless it has ended; the index that removes it may lag by a minute. */
    async find(tokenHash: string, now: Date): Promise<SessionRow | undefined> {
      return (
        (await model.findOne({ _id: tokenHash, expiresAt: { $gt: now } }).lean<SessionRow>()) ?? undefined
      );
    },
    async end(tokenHash: string): Promise<void> {
      await model.deleteOne({ _id: tokenHash });
    },
    /** A changed password or a disabled user ends every log-in. */
    async endAll(user: string): Promise<void> {
      await model.deleteMany({ user });
    },
  };
}
