import { Schema, type Connection } from 'mongoose';
import type { Revocation } from '../domain/signing/certificate';

/** Signing keys whose word no longer counts. Each is signed by a root: what is forged here nobody believes. */
export interface RevocationRow extends Revocation {
  readonly _id: string;
  readonly enteredAt: Date;
}

const schema = new Schema<RevocationRow>(
  {
    _id: String,
    keyId: { type: String, required: true },
    revokedAt: { type: String, required: true },
    reason: { type: String, required: true },
    issuer: { type: String, required: true },
    signature: { type: String, required: true },
    enteredAt: { type: Date, required: true },
  },
  { versionKey: false },
);

export function openRevocations(connection: Connection) {
  const model = connection.model<RevocationRow>('Revocation', schema, 'revocations');
  return {
    model,
    count(): Promise<number> {
      return model.countDocuments();
    },
    async all(): Promise<Revocation[]> {
      const rows = await model.find().sort({ enteredAt: 1 }).lean<RevocationRow[]>();
      return rows.map(({ keyId, revokedAt, reason, issuer, signature }) => ({
        keyId,
        revokedAt,
        reason,
        issuer,
        signature,
      }));
    },
    /** Entering one again changes nothing; none is ever taken back. */
    async enter(revocation: Revocation, now: Date): Promise<void> {
      const _id = `${revocation.keyId}@${revocation.revokedAt}`;
      await model.updateOne({ _id }, { $setOnInsert: { ...revocation, enteredAt: now } }, { upsert: true });
    },
  };
}
