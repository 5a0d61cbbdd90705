import { actStatement, decisionStatement, taskActStatement } from '../../domain/signing/statements';
import type { Decision, Task } from '../../domain/task';
import type { TaskActRequest } from '../../domain/task-act';
import { hashNative } from '../../keys/digest';
import { signStatement, type Identity } from '../../keys/identity';
import { seatText } from '../../policy/keys';
import type { ActRequest } from '../../workflows/messages';

/**
 * What a person has decided, signed by the API that knows who they are (P1.4). Bound to this task, round, form,
 * person, seat, instant and request: it counts for nothing else.
 * @param now ms since 1970, the engine's clock
 */
export function signedDecision(
  signer: Identity,
  { id, round, seat }: Pick<Task, 'id' | 'round' | 'seat'>,
  decision: Omit<Decision, 'signature'>,
  updateId: string,
  now: number,
): Decision {
  const at = new Date(now).toISOString();
  const statement = decisionStatement(
    { id, round, seat: seatText(seat) },
    decision,
    updateId,
    at,
    hashNative,
  );
  return { ...decision, signature: signStatement(signer, statement) };
}

/** The same for what a person begins of themselves. */
export function signedAct(
  signer: Identity,
  workflowId: string,
  request: Omit<ActRequest, 'signature'>,
  updateId: string,
  now: number,
): ActRequest {
  const at = new Date(now).toISOString();
  return {
    ...request,
    signature: signStatement(signer, actStatement(workflowId, request, updateId, at, hashNative)),
  };
}

/** The same for what a person does with a task beside completing it. */
export function signedTaskAct(
  signer: Identity,
  task: Pick<Task, 'id' | 'round'>,
  request: Omit<TaskActRequest, 'signature'>,
  updateId: string,
  now: number,
): TaskActRequest {
  const at = new Date(now).toISOString();
  return {
    ...request,
    signature: signStatement(signer, taskActStatement(task, request, updateId, at, hashNative)),
  };
}
