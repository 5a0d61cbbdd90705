import { Schema, type Connection } from 'mongoose';
import type { FieldSeal } from '../domain/field-seal';
import { reseal, type Resealed } from './reseal';

/** The second factor of one user: the secret of an authenticator app, sealed, and codes for when it is lost. */
export interface SecondFactorRow {
  /** The user. */
  readonly _id: string;
  /** Sealed; absent until the user has shown that the app has it. */
  readonly secret?: string;
  /** Sealed; offered, and not confirmed yet. */
  readonly pending?: string;
  /** The step of the last code that was accepted: neither it nor an earlier one is accepted again. */
  readonly lastStep: number;
  /** SHA-256 of those that have not been used, hex. */
  readonly recoveryCodes: readonly string[];
}

const schema = new Schema<SecondFactorRow>(
  {
    _id: String,
    secret: String,
    pending: String,
    lastStep: { type: Number, default: 0 },
    recoveryCodes: { type: [String], default: [] },
  },
  { versionKey: false },
);

/** For what a secret is sealed: in another user's row it does not open. */
export function placeOfSecret(user: string): string {
  return `second-factors/${user}/secret`;
}

export function openSecondFactors(connection: Connection) {
  const model = connection.model<SecondFactorRow>('SecondFactor', schema, 'second_factors');
  return {
    model,
    async find(user: string): Promise<SecondFactorRow | undefined> {
      return (await model.findById(user).lean<SecondFactorRow>()) ?? undefined;
    },
    async offer(user: string, pending: string): Promise<void> {
      await model.updateOne({ _id: user }, { $set: { pending } }, { upsert: true });
    },
    /** The offered secret becomes the user's, once. */
    async confirm(
      user: string,
      { pending, step, recoveryCodes }: { pending: string; step: number; recoveryCodes: readonly string[] },
    ): Promise<boolean> {
      const change = { $set: { secret: pending, lastStep: step, recoveryCodes }, $unset: { pending: 1 } };
      return (await model.updateOne({ _id: user, pending }, change)).modifiedCount === 1;
    },
    /** Whether this step's code is used for the first time. */
    async useStep(user: string, step: number): Promise<boolean> {
      const change = { $set: { lastStep: step } };
      return (await model.updateOne({ _id: user, lastStep: { $lt: step } }, change)).modifiedCount === 1;
    },
    /** Whether the user had this code; it has now been used. */
    async useRecoveryCode(user: string, hash: string): Promise<boolean> {
      const change = { $pull: { recoveryCodes: hash } };
      return (await model.updateOne({ _id: user, recoveryCodes: hash }, change)).modifiedCount === 1;
    },
    reseal(seal: FieldSeal): Promise<Resealed> {
      return reseal(model, ['secret', 'pending'], seal, placeOfSecret);
    },
    async remove(user: string): Promise<void> {
      await model.deleteOne({ _id: user });
    },
  };
}
