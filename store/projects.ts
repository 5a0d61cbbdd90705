import { Schema, type Connection } from 'mongoose';
import type { ProjectNode, ProjectStatus } from '../domain/node';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor';

/** Projection of every project, as its workflow knows it. */
export interface ProjectRow extends ProjectNode {
  readonly _id: string;
  readonly workflowId: string;
  readonly seq: number;
}

const schema = new Schema<ProjectRow>(
  { _id: String, county: String, year: Number, status: String, steps: [String], communities: [String] },
  { strict: false, versionKey: false, minimize: false },
);
schema.index({ county: 1, year: 1, status: 1, _id: 1 });
schema.index({ year: 1, _id: 1 });
schema.index({ status: 1, _id: 1 });
schema.index({ steps: 1, _id: 1 });
schema.index({ communities: 1 });

export interface ProjectFilter {
  readonly county?: string | undefined;
  readonly step?: string | undefined;
  readonly year?: number | undefined;
  readonly status?: ProjectStatus | undefined;
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

function conditionOf({ county, step, year, status, q, cursor }: ProjectFilter): Record<string, unknown> {
  const text = q === undefined ? undefined : new RegExp(q.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
  return {
    ...(county === undefined ? {} : { county }),
    ...(step === undefined ? {} : { steps: step }),
    ...(year === undefined ? {} : { year }),
    ...(status === undefined ? {} : { status }),
    ...(text === undefined ? {} : { $or: [{ name: text }, { _id: text }] }),
    ...(cursor === undefined ? {} : { _id: { $gt: decodeCursor(cursor, 1)[0] } }),
  };
}

function projectOf({ _id, workflowId: _workflowId, seq: _seq, ...node }: ProjectRow): ProjectNode {
  return node;
}
