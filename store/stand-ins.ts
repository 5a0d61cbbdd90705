import { Schema, type Connection } from 'mongoose';
import type { CivilDate } from '../domain/calendar';
import type { StandIn } from '../domain/stand-in';

/** 代理: who stands in for whom, since when, and who has named them. Kept: the record refers to it for ever. */
export interface StandInRow extends StandIn {
  readonly _id: string;
  readonly reason?: string;
  readonly namedBy: string;
  /** RFC 3339, the engine's clock. */
  readonly namedAt: string;
  /** Ended before its last day. */
  readonly ended?: { readonly by: string; readonly at: string };
}

const schema = new Schema<StandInRow>(
  {
    _id: String,
    user: { type: String, required: true },
    standIn: { type: String, required: true },
    organisation: { type: String, required: true },
    from: { type: String, required: true },
    until: { type: String, required: true },
    kinds: { type: [String], default: undefined },
    reason: String,
    namedBy: { type: String, required: true },
    namedAt: { type: String, required: true },
    ended: { type: { _id: false, by: String, at: String }, default: undefined },
  },
  { versionKey: false },
);
schema.index({ standIn: 1, until: 1 });
schema.index({ user: 1, until: 1 });
schema.index({ organisation: 1, until: 1 });

/** Stand-ins that one list shows at most, the latest first. */
const SHOWN = 200;

export interface StandInFilter {
  readonly user?: string | undefined;
  readonly standIn?: string | undefined;
  readonly organisation?: string | undefined;
}

export function openStandIns(connection: Connection) {
  const model = connection.model<StandInRow>('StandIn', schema, 'stand-ins');
  const holding = (today: CivilDate) => ({
    from: { $lte: today },
    until: { $gte: today },
    ended: { $exists: false },
  });
  return {
    model,
    async add(row: StandInRow): Promise<void> {
      await model.create(row);
    },
    async find(id: string): Promise<StandInRow | undefined> {
      return (await model.findById(id).lean<StandInRow>()) ?? undefined;
    },
    /** Whom this person stands in for on this day. */
    async of(standIn: string, today: CivilDate): Promise<StandInRow[]> {
      return model
        .find({ standIn, ...holding(today) })
        .sort({ _id: 1 })
        .lean<StandInRow[]>();
    },
    /** Who stands in for any of these people on this day. */
    async forAny(users: readonly string[], today: CivilDate): Promise<StandInRow[]> {
      if (users.length === 0) return [];
      return model.find({ user: { $in: [...users] }, ...holding(today) }).lean<StandInRow[]>();
    },
    /** @returns whether it had not been ended before */
    async end(id: string, by: string, at: string): Promise<boolean> {
      const ended = await model.updateOne(
        { _id: id, ended: { $exists: false } },
        { $set: { ended: { by, at } } },
      );
      return ended.modifiedCount === 1;
    },
    /** Those that still hold or have yet to begin, in which somebody has a part on either side. */
    async openOf(user: string, today: CivilDate): Promise<StandInRow[]> {
      return model
        .find({ $or: [{ user }, { standIn: user }], until: { $gte: today }, ended: { $exists: false } })
        .lean<StandInRow[]>();
    },
    async list({ user, standIn, organisation }: StandInFilter): Promise<StandInRow[]> {
      const asked = Object.entries({ user, standIn, organisation }).filter(
        ([, value]) => value !== undefined,
      );
      return model
        .find(Object.fromEntries(asked))
        .sort({ until: -1, _id: 1 })
        .limit(SHOWN)
        .lean<StandInRow[]>();
    },
  };
}
