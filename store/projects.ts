import { Schema, type Connection } from 'mongoose';
import type { ProjectNode, ProjectStatus } from '../domain/node';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor';

/** Projection of every project, as its workflow knows it. */
export interface ProjectRow extends ProjectNode {
  readonly _id: string;
  /** Organisations that acts have named in it. */
  readonly parties: readonly string[];
  readonly workflowId: string;
  readonly seq: number;
}

const schema = new Schema<ProjectRow>(
  {
    _id: String,
    county: String,
    areas: [String],
    parties: [String],
    year: Number,
    status: String,
    steps: [String],
    communities: [String],
  },
  { strict: false, versionKey: false, minimize: false },
);
schema.index({ county: 1, year: 1, status: 1, _id: 1 });
schema.index({ year: 1, _id: 1 });
schema.index({ status: 1, _id: 1 });
schema.index({ steps: 1, _id: 1 });
schema.index({ communities: 1 });
schema.index({ areas: 1, _id: 1 });
schema.index({ parties: 1, _id: 1 });

/** The projects that somebody sees: in one of these areas, with one of these parties, or one of these. */
export interface Seen {
  readonly areas: readonly string[];
  readonly parties: readonly string[];
  readonly projects: readonly string[];
}

export interface ProjectFilter {
  /** Only what somebody sees; without it all. */
  readonly seen?: Seen | undefined;
  readonly county?: string | undefined;
  readonly step?: string | undefined;
  readonly year?: number | undefined;
  readonly status?: ProjectStatus | undefined;
  /** Only what has not come to one of its ends. */
  readonly running?: boolean | undefined;
  /** Only what runs under another version of the policy. */
  readonly notUnder?: string | undefined;
  /** Part of the name or the id. */
  readonly q?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export function openProjects(connection: Connection) {
  const model = connection.model<ProjectRow>('Project', schema, 'projects');
  return {
    model,
    async find(projectId: string): Promise<ProjectNode | undefined> {
      const row = await model.findById(projectId).lean<ProjectRow>();
      return row ? projectOf(row) : undefined;
    },
    /**
     * A page of projects by id.
     * @throws BadCursor
     */
    async list(filter: ProjectFilter): Promise<Page<ProjectNode>> {
      const size = pageSize(filter.limit);
      const rows = await model
        .find(conditionOf(filter))
        .sort({ _id: 1 })
        .limit(size + 1)
        .lean<ProjectRow[]>();
      const { items, ...rest } = pageOf(rows, size, (row) => [row._id]);
      return { items: items.map(projectOf), ...rest };
    },
    /** Communities that are in a project that somebody sees. */
    communitiesOf(seen: Seen): Promise<string[]> {
      return model.distinct('communities', seenCondition(seen));
    },
    /** Whether a community is in a project that somebody sees. */
    async hasSeen(community: string, seen: Seen): Promise<boolean> {
      return (await model.exists({ communities: community, ...seenCondition(seen) })) !== null;
    },
    /** Names of these projects, by id. */
    async names(ids: readonly string[]): Promise<Map<string, string>> {
      const rows = await model
        .find({ _id: { $in: [...new Set(ids)] } }, { name: 1 })
        .lean<{ _id: string; name: string }[]>();
      return new Map(rows.map(({ _id, name }) => [_id, name]));
    },
    /** At most 500 projects whose name has this part. */
    async named(part: string): Promise<string[]> {
      const name = { $regex: part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), $options: 'i' };
      const rows = await model.find({ name }, { _id: 1 }).limit(500).lean<{ _id: string }[]>();
      return rows.map(({ _id }) => _id);
    },
    /** The projects of a year by id, as its figures count them: no more of them than that. */
    async counted(year: number, seen: Seen | undefined): Promise<CountedRow[]> {
      const rows = await model
        .find(conditionOf({ year, seen }), {
          name: 1,
          county: 1,
          areas: 1,
          status: 1,
          steps: 1,
          rounds: 1,
          onPaper: 1,
          'outputs.preliminary-plan.plan.communities.budgetFen': 1,
          'outputs.preliminary-plan.plan.communities.funding': 1,
        })
        .sort({ _id: 1 })
        .lean<ProjectRow[]>();
      return rows.map(({ _id, outputs, ...row }) => ({
        ...row,
        projectId: _id,
        plan: (outputs?.['preliminary-plan'] as unknown as { plan?: { communities?: CountedRow['plan'] } })
          ?.plan?.communities,
      }));
    },
    /** A county's pool: projects that wait for a place in this year's plan, or missed an earlier one. */
    async waitingFor(county: string, year: number): Promise<ProjectNode[]> {
      const rows = await model
        .find({ county, year: { $lte: year }, status: 'waiting' })
        .sort({ _id: 1 })
        .lean<ProjectRow[]>();
      return rows.map(projectOf);
    },
  };
}

export type CountedRow = Pick<
  ProjectNode,
  'projectId' | 'name' | 'county' | 'areas' | 'status' | 'steps' | 'rounds' | 'onPaper'
> & {
  /** Budget and funding of each community in the plan in force, fen. */
  readonly plan?:
    | readonly {
        readonly budgetFen: number;
        readonly funding: readonly { readonly source: string; readonly amountFen: number }[];
      }[]
    | undefined;
};

/** Each branch has its index; nobody who sees nothing finds anything. */
function seenCondition({ areas, parties, projects }: Seen): Record<string, unknown> {
  return {
    $or: [
      { _id: { $in: [...projects] } },
      ...(areas.length === 0 ? [] : [{ areas: { $in: [...areas] } }]),
      ...(parties.length === 0 ? [] : [{ parties: { $in: [...parties] } }]),
    ],
  };
}

/** The filter as MongoDB reads it; a page of what somebody sees is read in order from the indexes of what they are. */
export function conditionOf(filter: ProjectFilter): Record<string, unknown> {
  const { seen, county, step, year, status, running, notUnder, q, cursor } = filter;
  const text = q === undefined ? undefined : new RegExp(q.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
  return {
    ...(county === undefined ? {} : { county }),
    ...(step === undefined ? {} : { steps: step }),
    ...(year === undefined ? {} : { year }),
    ...(status === undefined ? {} : { status }),
    $and: [
      seen === undefined ? {} : seenCondition(seen),
      running ? { endedAt: { $exists: false } } : {},
      notUnder === undefined ? {} : { policyVersion: { $ne: notUnder } },
      text === undefined ? {} : { $or: [{ name: text }, { _id: text }] },
    ],
    ...(cursor === undefined ? {} : { _id: { $gt: decodeCursor(cursor, 1)[0] } }),
  };
}

function projectOf({
  _id,
  workflowId: _workflowId,
  seq: _seq,
  parties: _parties,
  ...node
}: ProjectRow): ProjectNode {
  return node;
}
