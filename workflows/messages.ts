import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Actor } from '../domain/actor';
import type { Letter } from '../domain/signing/letter';
import type { Signature } from '../domain/signing/signature';
import type { Json } from '../domain/events';
import type { Projection, RecordState } from '../domain/node';
import type { Decision, Task } from '../domain/task';
import type { TaskActRequest } from '../domain/task-act';
import type { Candidate } from '../domain/world';
import type { PolicySnapshot } from '../policy/snapshot';

/**
 * Every message that a workflow of ours understands. A decision is an Update, so that the one who decides learns
 * at once whether it counts; Signals go from workflow to workflow only, and from the sweep. All are signed.
 */

/** What an accepted Update answers: the event that holds it, for which the API waits in the store. */
export interface Receipt {
  readonly workflowId: string;
  readonly seq: number;
  readonly bodyHash: string;
  readonly data?: Json;
}

/** Type of the failure with which a repeated request is refused; its first detail is the first receipt. */
export const DONE_BEFORE = 'done-before';

/** Type of the failure that says: this workflow is just beginning, or going on in a further run; ask again in a moment. */
export const NOT_YET = 'not-yet';

/** An act that a person begins of themselves. */
export interface ActRequest {
  readonly act: string;
  readonly form: Json;
  readonly by: Actor;
  readonly bodyHash: string;
  /** The API's, over all of this and the Update's id. */
  readonly signature: Signature;
}

export interface Stop {
  readonly reason: string;
  readonly at: string;
}

/** Go on under this version of the policy, and why. */
export interface PolicyMove {
  readonly policy: PolicySnapshot;
  readonly reason: string;
}

/** News about a project's place in the year's plan, from the county's submission or the plan. */
export type ListingNews =
  | { readonly news: 'submitted'; readonly year: number }
  | { readonly news: 'in-review'; readonly year: number }
  | { readonly news: 'corrected'; readonly year: number; readonly remarks: string }
  | { readonly news: 'deferred'; readonly year: number; readonly remarks: string }
  | { readonly news: 'missed'; readonly year: number }
  | { readonly news: 'rejected'; readonly year: number; readonly remarks: string }
  | { readonly news: 'reviewed'; readonly year: number }
  | { readonly news: 'late-admitted'; readonly year: number }
  | {
      readonly news: 'listed';
      readonly year: number;
      readonly number: string;
      readonly date: string;
      /** The joint document's scan. */
      readonly document?: string;
    };

export const completeTaskUpdate = defineUpdate<Receipt, [Decision]>('completeTask');
export const actOnTaskUpdate = defineUpdate<Receipt, [TaskActRequest]>('actOnTask');
export const beginActUpdate = defineUpdate<Receipt, [ActRequest]>('beginAct');

/** Parent → step: the clock stands still, nobody decides. */
export const suspendSignal = defineSignal<[Letter<Stop>]>('suspend');
export const resumeSignal = defineSignal<[Letter<Stop>]>('resume');
/** Parent → step, just before its cancellation: why. */
export const turnBackSignal = defineSignal<[Letter<Stop>]>('turnBack');
/** Project → step: another version of the policy counts from now on. */
export const policyMovedSignal = defineSignal<[Letter<PolicyMove>]>('policyMoved');
/** Organisations or the calendar changed: read them again, compute seats and due dates anew. */
export const briefingChangedSignal = defineSignal<[Letter<null>]>('briefingChanged');
/** Sweep → workflow: the store's head differs from yours. */
export const recordAgainSignal =
  defineSignal<[Letter<{ storeSeq: number; storeHash: string }>]>('recordAgain');
/** Project → step, after an approved repair: try to write the record that could not be written. */
export const recordAnewSignal = defineSignal<[Letter<null>]>('recordAnew');
/** Submission or plan → project. */
export const listingSignal = defineSignal<[Letter<ListingNews>]>('listing');
/** Project → submission: put me on the list, or take me off it. */
export const readySignal = defineSignal<[Letter<Candidate>]>('projectReady');
export const leftSignal =
  defineSignal<[Letter<{ projectId: string; reason: string; comesBack?: boolean }>]>('projectLeft');

export const recordStateQuery = defineQuery<RecordState>('recordState');
export const tasksQuery = defineQuery<Task[]>('tasks');
/** What the store should hold of this workflow: asked by `reconcile` and `rebuild`. */
export const projectionQuery = defineQuery<Projection>('projection');

export const workflowIds = {
  project: (projectId: string) => `project/${projectId}`,
  step: (projectId: string, step: string, round: number) => `project/${projectId}/${step}/${round}`,
  plan: (year: number) => `plan/${year}`,
  submission: (year: number, county: string) => `submission/${year}-${county}`,
} as const;
