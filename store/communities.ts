import { Schema, type ClientSession, type Connection } from 'mongoose';
import type { CommunityFacts } from '../domain/eligibility';
import type { Place } from '../domain/seats';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor';

/** A community of the register; a fact that is absent is unknown, and unknown is refused as such. */
export interface CommunityRow extends CommunityFacts {
  readonly _id: string;
  readonly address?: string;
  readonly place: Omit<Place, 'community'>;
  /** The one project that it is in now. */
  readonly openProject?: string;
  /** When it was taken for that project: a project that then never began is told by it. */
  readonly claimedAt?: Date;
  readonly sample?: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const schema = new Schema<CommunityRow>(
  {
    _id: String,
    name: { type: String, required: true },
    address: String,
    place: { type: Schema.Types.Mixed, required: true },
    households: { type: Number, required: true },
    buildings: { type: Number, required: true },
    floorArea: { type: Number, required: true },
    completedOn: String,
    completedYear: Number,
    landOwnership: String,
    location: String,
    demolishAndRebuild: Boolean,
    deficiencies: { type: [String], default: undefined },
    openProject: String,
    claimedAt: Date,
    sample: Boolean,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ 'place.city': 1, _id: 1 });
schema.index({ 'place.county': 1, _id: 1 });
schema.index({ 'place.subdistrict': 1, _id: 1 });
schema.index({ 'place.neighbourhood': 1, _id: 1 });
// One entry a community: it is known by its name within its neighbourhood.
schema.index({ 'place.neighbourhood': 1, name: 1 }, { unique: true });
schema.index({ name: 1 });
schema.index({ openProject: 1 }, { partialFilterExpression: { openProject: { $exists: true } } });

/** Communities in these areas (city, county, subdistrict or neighbourhood), and these. */
export interface SeenCommunities {
  readonly areas: readonly string[];
  readonly communities: readonly string[];
}

export interface CommunityFilter {
  /** Only what somebody sees; without it all. */
  readonly seen?: SeenCommunities | undefined;
  readonly county?: string | undefined;
  readonly subdistrict?: string | undefined;
  readonly neighbourhood?: string | undefined;
  /** Part of the name. */
  readonly q?: string | undefined;
  /** Only those that are in no open project. */
  readonly free?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export function openCommunities(connection: Connection) {
  const model = connection.model<CommunityRow>('Community', schema, 'communities');
  return {
    model,
    async find(id: string): Promise<CommunityRow | undefined> {
      return (await model.findById(id).lean<CommunityRow>()) ?? undefined;
    },
    findAll(ids: readonly string[]): Promise<CommunityRow[]> {
      return model
        .find({ _id: { $in: [...ids] } })
        .sort({ _id: 1 })
        .lean<CommunityRow[]>();
    },
    /** @throws BadCursor */
    async list(filter: CommunityFilter): Promise<Page<CommunityRow>> {
      const size = pageSize(filter.limit);
      const rows = await model
        .find(conditionOf(filter))
        .sort({ _id: 1 })
        .limit(size + 1)
        .lean<CommunityRow[]>();
      return pageOf(rows, size, (row) => [row._id]);
    },
    /**
     * Takes communities for a project, all or none: a community is in at most one open project.
     * Taking again for the same project changes nothing.
     * @returns those that are in another open project (or unknown); empty if all were taken
     */
    claim(ids: readonly string[], projectId: string): Promise<string[]> {
      return connection.transaction(async (session) => {
        const free = { _id: { $in: [...ids] }, openProject: { $in: [null, projectId] } };
        const rows = await model.find(free, { _id: 1 }, { session }).lean<{ _id: string }[]>();
        const found = new Set(rows.map(({ _id }) => _id));
        const others = ids.filter((id) => !found.has(id));
        if (others.length === 0)
          await model.updateMany(
            free,
            { $set: { openProject: projectId, claimedAt: new Date() } },
            { session },
          );
        return others;
      });
    },
    /** Frees a project's communities, except those that stay in it. */
    async release(projectId: string, staying: readonly string[], session?: ClientSession): Promise<void> {
      await model.updateMany(
        { openProject: projectId, _id: { $nin: [...staying] } },
        { $unset: { openProject: 1, claimedAt: 1 } },
        session ? { session } : {},
      );
    },
  };
}

function conditionOf(filter: CommunityFilter): Record<string, unknown> {
  const { seen, county, subdistrict, neighbourhood, q, free, cursor } = filter;
  return {
    ...(seen === undefined ? {} : seenCondition(seen)),
    ...(county === undefined ? {} : { 'place.county': county }),
    ...(subdistrict === undefined ? {} : { 'place.subdistrict': subdistrict }),
    ...(neighbourhood === undefined ? {} : { 'place.neighbourhood': neighbourhood }),
    ...(q === undefined ? {} : { name: containing(q) }),
    ...(free === undefined ? {} : { openProject: { $exists: !free } }),
    ...(cursor === undefined ? {} : { _id: { $gt: decodeCursor(cursor, 1)[0] } }),
  };
}

function seenCondition({ areas, communities }: SeenCommunities): Record<string, unknown> {
  const levels = ['city', 'county', 'subdistrict', 'neighbourhood'] as const;
  return {
    $or: [
      ...levels.map((level) => ({ [`place.${level}`]: { $in: [...areas] } })),
      { _id: { $in: [...communities] } },
    ],
  };
}

function containing(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
}
