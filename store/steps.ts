import { Schema, type Connection } from 'mongoose';
import type { StepNode } from '../domain/node';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor';

/** Projection of every run of every step: a round. */
export interface StepRow extends StepNode {
  /** The step's workflow. */
  readonly _id: string;
  readonly workflowId: string;
  readonly seq: number;
}

const schema = new Schema<StepRow>(
  { _id: String, step: String, status: String, projectId: String },
  { strict: false, versionKey: false, minimize: false },
);
schema.index({ projectId: 1, openedAt: 1 });
schema.index({ step: 1, openedAt: -1, _id: -1 });

export interface Stay {
  readonly projectId: string;
  readonly step: StepNode['step'];
  readonly openedAt: string;
  readonly closedAt?: string;
}

export interface StepFilter {
  readonly step: StepNode['step'];
  readonly county?: string | undefined;
  readonly running?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export function openSteps(connection: Connection) {
  const model = connection.model<StepRow>('Step', schema, 'steps');
  return {
    model,
    async find(workflowId: string): Promise<StepRow | undefined> {
      return (await model.findById(workflowId).lean<StepRow>()) ?? undefined;
    },
    /** A project's rounds in the order in which they opened. */
    ofProject(projectId: string): Promise<StepRow[]> {
      return model.find({ projectId }).sort({ openedAt: 1, _id: 1 }).lean<StepRow[]>();
    },
    /** When these projects came into their steps and left them, round by round. */
    async stays(projectIds: readonly string[]): Promise<Stay[]> {
      return model
        .find(
          { projectId: { $in: [...projectIds] } },
          { _id: 0, projectId: 1, step: 1, openedAt: 1, closedAt: 1 },
        )
        .lean<Stay[]>();
    },
    /**
     * Rounds of a step, the latest first; by default running and ended ones.
     * @throws BadCursor
     */
    async list(filter: StepFilter): Promise<Page<StepRow>> {
      const size = pageSize(filter.limit);
      const rows = await model
        .find(conditionOf(filter))
        .sort({ openedAt: -1, _id: -1 })
        .limit(size + 1)
        .lean<StepRow[]>();
      return pageOf(rows, size, (row) => [row.openedAt, row._id]);
    },
  };
}

const RUNNING: readonly StepNode['status'][] = ['running', 'suspended'];

function conditionOf({ step, county, running, cursor }: StepFilter): Record<string, unknown> {
  const [openedAt, id] = cursor === undefined ? [] : decodeCursor(cursor, 2);
  return {
    step,
    ...(county === undefined ? {} : { county }),
    ...(running === undefined ? {} : { status: running ? { $in: [...RUNNING] } : { $nin: [...RUNNING] } }),
    ...(openedAt === undefined
      ? {}
      : { $or: [{ openedAt, _id: { $lt: id } }, { openedAt: { $lt: openedAt } }] }),
  };
}
