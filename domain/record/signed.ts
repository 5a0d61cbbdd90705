import type { RecordedEvent } from '../events';
import { actOfEvent } from '../forms/task-acts';
import type { KeyUse } from '../signing/certificate';
import type { SignatureFault, Verifier } from '../signing/signature';
import {
  actStatement,
  decisionStatement,
  headStatement,
  taskActStatement,
  type Hash,
  type Statement,
} from '../signing/statements';
import { workflowOfTask, type PaperDecision } from '../task';
import { record } from './open-task';

const CLOSING = ['step-done', 'step-turned-back', 'project-ended'];

/** Whether this event is the last of a step's, a plan's, a project's chain. */
export function endsChain({ type }: Pick<RecordedEvent, 'type'>): boolean {
  return CLOSING.includes(type);
}

const DECISIONS = [
  'task-completed',
  'paper-decision-entered',
  'task-decided',
  'task-delegate-answered',
  'task-drafted',
  'task-endorsed',
];

/** Why the signature of one event by itself does not count, or nothing: what an excerpt can be held against. */
export function signatureFault(
  event: RecordedEvent,
  verifier: Verifier,
  hash?: Hash,
): SignatureFault | undefined {
  const { workflowId, at, signature, taskId } = event;
  const { statement, uses } = signedBy(event, hash);
  if (!statement || (taskId !== undefined && workflowOfTask(taskId) !== workflowId)) return 'altered';
  return verifier.fault(statement, signature, uses, Date.parse(at));
}

/** What the signature of an event must be over, rebuilt from the event, and whose it may be. */
function signedBy(event: RecordedEvent, hash?: Hash): { statement: Statement | undefined; uses: KeyUse[] } {
  const { type } = event;
  if (DECISIONS.includes(type)) return { statement: decisionOf(event, hash), uses: ['api'] };
  if (type.endsWith('-begun') || actOfEvent[type]) return { statement: actOf(event, hash), uses: ['api'] };
  if (endsChain(event)) return { statement: endOf(event), uses: ['worker'] };
  return { statement: startOf(event), uses: ['api', 'worker'] };
}

function decisionOf(event: RecordedEvent, hash?: Hash): Statement | undefined {
  const { taskId, round, by, updateId, reason, data, signature } = event;
  const { form, paper } = record(data);
  if (taskId === undefined || round === undefined || !by || form === undefined) return undefined;
  if (updateId === undefined || signature?.seat === undefined) return undefined;
  return decisionStatement(
    { id: taskId, round, seat: signature.seat },
    {
      form,
      lateReason: reason,
      paper: paper as PaperDecision | undefined,
      by,
      stage: signature.stage,
    },
    updateId,
    signature.at,
    hash,
  );
}

function actOf(
  { workflowId, type, taskId, round, by, updateId, data, signature }: RecordedEvent,
  hash?: Hash,
): Statement | undefined {
  const { form } = record(data);
  if (!by || updateId === undefined || !signature || form === undefined) return undefined;
  const onTask = actOfEvent[type];
  if (onTask) {
    if (taskId === undefined || round === undefined) return undefined;
    return taskActStatement(
      { id: taskId, round },
      { act: onTask.act, form, by, stage: signature.stage },
      updateId,
      signature.at,
      hash,
    );
  }
  const act = type.slice(0, -'-begun'.length);
  return actStatement(workflowId, { act, form, by }, updateId, signature.at, hash);
}

function endOf({ workflowId, seq, previous, signature }: RecordedEvent): Statement | undefined {
  return signature && headStatement(workflowId, { seq: seq - 1, hash: previous }, signature.at);
}

/** What began the workflow: the event holds the hash of what it began with. */
function startOf({ workflowId: workflow, data, signature }: RecordedEvent): Statement | undefined {
  const { start, type = 'renovationProject' } = record(data);
  if (typeof start !== 'string' || typeof type !== 'string' || !signature) return undefined;
  return { signs: 'start', workflow, type, content: start, at: signature.at };
}
