import { Schema, type Connection } from 'mongoose';

export const ALERT_KINDS = [
  'needs-repair',
  'vanished',
  'cancelled-outside',
  'record-differs',
  'projection-differs',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** What the system administrator must look at: found by the sweep or at night, gone when it is mended. */
export interface AlertRow {
  /** `needs-repair:project/371302-2027-0042` */
  readonly _id: string;
  readonly kind: AlertKind;
  readonly workflowId: string;
  readonly detail: string;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly mendedAt?: Date;
}

const schema = new Schema<AlertRow>(
  {
    _id: String,
    kind: { type: String, required: true },
    workflowId: { type: String, required: true },
    detail: { type: String, required: true },
    firstSeen: { type: Date, required: true },
    lastSeen: { type: Date, required: true },
    mendedAt: Date,
  },
  { versionKey: false },
);
schema.index({ mendedAt: 1, firstSeen: 1 });
schema.index({ workflowId: 1 });

export function openAlerts(connection: Connection) {
  const model = connection.model<AlertRow>('Alert', schema, 'alerts');
  return {
    model,
    /** Raises an alert, or says that it still stands. Returns whether it is new. */
    async raise(kind: AlertKind, workflowId: string, detail: string, now: Date): Promise<boolean> {
      const before = await model
        .findOneAndUpdate(
          { _id: `${kind}:${workflowId}` },
          {
            $set: { detail, lastSeen: now },
            $unset: { mendedAt: 1 },
            $setOnInsert: { kind, workflowId, firstSeen: now },
          },
          { upsert: true, returnDocument: 'before' },
        )
        .lean<AlertRow>();
      return before === null || before.mendedAt !== undefined;
    },
    /** What was wrong with the workflow no longer is, as far as whoever raises these kinds can tell. */
    async mend(workflowId: string, now: Date, kinds: readonly AlertKind[]): Promise<void> {
      const standing = { workflowId, kind: { $in: [...kinds] }, mendedAt: { $exists: false } };
      await model.updateMany(standing, { $set: { mendedAt: now } });
    },
    /** How many alerts of each kind stand; kinds without any are absent. */
    async counts(): Promise<Map<AlertKind, number>> {
      const found = await model.aggregate<{ _id: AlertKind; count: number }>([
        { $match: { mendedAt: { $exists: false } } },
        { $group: { _id: '$kind', count: { $sum: 1 } } },
      ]);
      return new Map(found.map(({ _id, count }) => [_id, count]));
    },
    /** Alerts that still stand, the oldest first; of these kinds only, if given. */
    standing(limit = 200, kinds?: readonly AlertKind[]): Promise<AlertRow[]> {
      return model
        .find({ mendedAt: { $exists: false }, ...(kinds ? { kind: { $in: [...kinds] } } : {}) })
        .sort({ firstSeen: 1 })
        .limit(limit)
        .lean<AlertRow[]>();
    },
  };
}
