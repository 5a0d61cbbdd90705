import { Schema, type Connection } from 'mongoose';
import type { PlanNode } from '../domain/node';

/** Projection of the annual plans, one a year. */
export interface PlanRow extends PlanNode {
  /** The plan's year. */
  readonly _id: number;
  readonly workflowId: string;
  readonly seq: number;
}

const schema = new Schema<PlanRow>({ _id: Number }, { strict: false, versionKey: false, minimize: false });

export function openPlans(connection: Connection) {
  const model = connection.model<PlanRow>('Plan', schema, 'plans');
  return {
    model,
    async find(year: number): Promise<PlanRow | undefined> {
      return (await model.findById(year).lean<PlanRow>()) ?? undefined;
    },
    /** All plans, the latest year first. */
    all(): Promise<PlanRow[]> {
      return model.find().sort({ _id: -1 }).lean<PlanRow[]>();
    },
  };
}
