import { Schema, type Connection } from 'mongoose';
import type { Policy } from '../policy/schema';

/** Every version of the policy with which something was begun. */
export interface PolicyRow {
  /** `linyi@2026.1` */
  readonly _id: string;
  readonly policy: Policy;
  readonly storedAt: Date;
}

const schema = new Schema<PolicyRow>(
  {
    _id: String,
    policy: { type: Schema.Types.Mixed, required: true },
    storedAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);

export function openPolicies(connection: Connection) {
  const model = connection.model<PolicyRow>('Policy', schema, 'policies');
  return {
    model,
    async find(id: string, version: string): Promise<Policy | undefined> {
      return (await model.findById(`${id}@${version}`).lean<PolicyRow>())?.policy;
    },
    /** Every version that is kept of a city's policy, the newest first. */
    async versions(id: string): Promise<PolicyRow[]> {
      const rows = await model.find({ 'policy.id': id }).lean<PolicyRow[]>();
      return rows.sort((a, b) => compareVersions(b.policy.version, a.policy.version));
    },
    /** The newest of what is kept and what the program was delivered with. */
    async inForce(delivered: Policy): Promise<Policy> {
      const [latest] = await this.versions(delivered.id);
      return latest && compareVersions(latest.policy.version, delivered.version) > 0
        ? latest.policy
        : delivered;
    },
    /** Keeps a version. What is kept under a version is never replaced: a change of the policy is a new version. */
    async keep(policy: Policy, now: Date): Promise<void> {
      await model.updateOne(
        { _id: `${policy.id}@${policy.version}` },
        { $setOnInsert: { policy, storedAt: now } },
        { upsert: true },
      );
    },
  };
}

/** `2026.10` is later than `2026.9`. Negative if the first is earlier. */
export function compareVersions(one: string, other: string): number {
  const [year = 0, number = 0] = one.split('.').map(Number);
  const [otherYear = 0, otherNumber = 0] = other.split('.').map(Number);
  return year - otherYear || number - otherNumber;
}
