import {
  QueryNotRegisteredError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import type { RecordState } from '../domain/node';
import type { Root } from '../domain/signing/certificate';
import type { Identity } from '../keys/identity';
import { letterTo } from '../keys/letters';
import type { Store } from '../store/connect';
import type { AlertKind } from '../store/alerts';
import { ask } from './ask';
import { wasCancelledOutside } from './cancelled-outside';
import { briefingChangedSignal, recordAgainSignal, recordStateQuery } from '../workflows/messages';

/** The worker that looks: how it signs, whom it believes, and how many revocations there are. */
export interface Self {
  readonly identity: Identity;
  readonly roots: readonly Root[];
  readonly revocations: number;
}

/** What one workflow's record is found to be. */
export type Finding =
  | { readonly found: 'well' }
  /** It was told to record itself again; whether it could shows at the next look. */
  | { readonly found: 'told' }
  /** Nobody could say: no worker, no answer in time. Looked at again next time. */
  | { readonly found: 'unknown'; readonly reason: string }
  | { readonly found: 'trouble'; readonly kind: AlertKind; readonly detail: string };

const WELL: Finding = { found: 'well' };
const ANSWER_WITHIN_MS = 5_000;

/**
 * Compares what a workflow knows of its record with what the store holds, and has it record itself again where the
 * store lacks something.
 *
 * The store is read before and after the workflow is asked: what the store held before, the workflow must know; what
 * the workflow had recorded when asked, the store must hold after. Everything between is merely on its way.
 */
export async function inspectWorkflow(
  store: Store,
  client: Client,
  workflowId: string,
  self: Self,
): Promise<Finding> {
  const before = await store.heads.find(workflowId);
  if (before && (await wasCancelledOutside(store, before))) {
    return trouble('cancelled-outside', 'the step was cancelled from outside, and nothing goes on after it');
  }
  const handle = client.workflow.getHandle(workflowId);
  let state: RecordState;
  let running: boolean;
  try {
    [running, state] = await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, async () => {
      const { status } = await handle.describe();
      if (before?.open && GIVEN_UP.has(status.name)) throw new GivenUp(status.name);
      return [status.name === 'RUNNING', await ask(handle, recordStateQuery)] as const;
    });
  } catch (error) {
    return whyNoAnswer(error, before?.open ?? false);
  }
  if (state.needsRepair !== undefined) return trouble('needs-repair', state.needsRepair);
  const after = await store.heads.find(workflowId);
  const ahead = before !== undefined && before.seq > state.head.seq;
  const behind = (after?.seq ?? 0) < state.recorded;
  const other = after?.seq === state.head.seq && after.hash !== state.head.hash;
  if (!ahead && !behind && !other) {
    return running && state.trust && knowsLess(state.trust, self) ? tellTrust(handle, self) : WELL;
  }
  if (!running) return trouble('record-differs', `the workflow has ended at event ${state.head.seq}`);
  const seen = (ahead ? before : after) ?? { seq: 0, hash: '' };
  const content = { storeSeq: seen.seq, storeHash: seen.hash };
  await handle.signal(
    recordAgainSignal,
    letterTo(workflowId, recordAgainSignal, content, { identity: self.identity, now: Date.now() }),
  );
  return { found: 'told' };
}

/** A root was added or forgotten, or a revocation was entered, and nobody could tell this workflow. */
function knowsLess(known: NonNullable<RecordState['trust']>, { roots, revocations }: Self): boolean {
  return known.roots.join() !== roots.map(({ id }) => id).join() || known.revocations < revocations;
}

async function tellTrust(handle: WorkflowHandle, { identity }: Self): Promise<Finding> {
  const from = { identity, now: Date.now() };
  await handle.signal(briefingChangedSignal, letterTo(handle.workflowId, briefingChangedSignal, null, from));
  return { found: 'told' };
}

const GIVEN_UP: ReadonlySet<string> = new Set(['FAILED', 'TERMINATED', 'TIMED_OUT', 'CANCELLED']);

class GivenUp extends Error {}

function whyNoAnswer(error: unknown, open: boolean): Finding {
  if (error instanceof GivenUp)
    return trouble('vanished', `the workflow was ended from outside: ${error.message}`);
  // Not one of ours that keep a record; or one that ended long ago, whose history has expired.
  if (error instanceof QueryNotRegisteredError) return WELL;
  if (error instanceof WorkflowNotFoundError) {
    return open ? trouble('vanished', 'the engine does not know this workflow') : WELL;
  }
  return { found: 'unknown', reason: (error as Error).message };
}

function trouble(kind: AlertKind, detail: string): Finding {
  return { found: 'trouble', kind, detail };
}
