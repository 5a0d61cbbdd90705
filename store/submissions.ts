import { Schema, type Connection } from 'mongoose';
import type { SubmissionNode } from '../domain/node';

/** Projection of each county's submission to a year's plan. */
export interface SubmissionRow extends SubmissionNode {
  /** `2027-371302` */
  readonly _id: string;
  readonly workflowId: string;
  readonly seq: number;
}

const schema = new Schema<SubmissionRow>(
  { _id: String, planYear: Number, county: String },
  { strict: false, versionKey: false, minimize: false },
);
schema.index({ planYear: 1, county: 1 });

export function submissionId(planYear: number, county: string): string {
  return `${planYear}-${county}`;
}

export function openSubmissions(connection: Connection) {
  const model = connection.model<SubmissionRow>('Submission', schema, 'submissions');
  return {
    model,
    async find(planYear: number, county: string): Promise<SubmissionRow | undefined> {
      return (await model.findById(submissionId(planYear, county)).lean<SubmissionRow>()) ?? undefined;
    },
    ofPlan(planYear: number): Promise<SubmissionRow[]> {
      return model.find({ planYear }).sort({ county: 1 }).lean<SubmissionRow[]>();
    },
  };
}
