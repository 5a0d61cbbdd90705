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
export type Policies = ReturnType<typeof openPolicies>;
