import { ApplicationFailure, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { isProblemCode, Problem, type ProblemCode } from '../../domain/problems';
import type { Refusal } from '../../domain/refusal';
import { DONE_BEFORE, NOT_YET, type Receipt } from '../../workflows/messages';
import { InvalidRequest, type FieldError } from '../http/invalid';
import type { Said } from '../http/language';

/** What a workflow's validator says when it refuses (`workflows/faults.ts`), as it crosses to the client. */
interface FaultDetail {
  readonly detail?: Said;
  readonly refusals?: readonly Refusal[];
  readonly issues?: readonly FieldError[];
}

/**
 * What the engine says in the workflow's place, where the same key must be sent again: the workflow ended between
 * accepting and answering, so that its record tells what became of it; or a worker took the Update and died, or lost its
 * memory, before it looked at it.
 */
const UNDECIDED: readonly string[] = ['AcceptedUpdateCompletedWorkflow', 'UnprocessedUpdate', NOT_YET];

/** The first receipt of a request that the workflow has carried out before. */
export function receiptIn(error: unknown): Receipt | undefined {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  const isRepeated = cause instanceof ApplicationFailure && cause.type === DONE_BEFORE;
  return isRepeated ? (cause.details?.[0] as Receipt) : undefined;
}

/** The workflow is just beginning, or going on in a further run: the same is to be asked again in a moment. */
export function isNotYet(error: unknown): boolean {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure && cause.type === NOT_YET;
}

/**
 * An Update's failure as a problem of the table: the failure's type is the problem's code.
 * @param gone what it means that the workflow has ended or never was
 */
export function updateProblem(error: unknown, gone: ProblemCode): unknown {
  if (error instanceof WorkflowNotFoundError) return new Problem(gone);
  if (!(error instanceof WorkflowUpdateFailedError)) return error;
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return error;
  if (UNDECIDED.includes(cause.type ?? '')) return new Problem('engine-unavailable');
  if (!isProblemCode(cause.type ?? '')) return error;
  const detail = (cause.details?.[0] ?? {}) as FaultDetail;
  if (cause.type === 'invalid-request') return new InvalidRequest(detail.issues ?? [], detail.detail);
  if (cause.type === 'rule-violated') return Problem.refused(detail.refusals ?? []);
  return new Problem(cause.type as ProblemCode, detail.detail, detail.refusals);
}
