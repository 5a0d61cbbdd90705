import { actStatement, decisionStatement, taskActStatement } from '../../domain/signing/statements';
import type { Decision, Task } from '../../domain/task';
import type { TaskActRequest } from '../../domain/task-act';
import { hashNative } from '../../keys/digest';
import { signStatement, type Identity } from '../../keys/identity';
import { stageOf } from '../../domain/sign-off';
import { seatText } from '../../policy/keys';
import type { ActRequest } from '../../workflows/messages';

/**
 * What a person has decided, signed by the API that knows who they are (P1.4). Bound to this task, round, form,
 * person, seat, instant and request: it counts for nothing else.
 * @param now ms since 1970, the engine's clock
 */
export function signedDecision(
  signer: Identity,
  task: Pick<Task, 'id' | 'round' | 'seat' | 'signOff'>,
  decided: Omit<Decision, 'signature' | 'stage'>,
  updateId: string,
  now: number,
): Decision {
  const at = new Date(now).toISOString();
  const { id, round, seat } = task;
  const decision = { ...decided, ...atStage(task) };
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
  task: Pick<Task, 'id' | 'round' | 'signOff'>,
  requested: Omit<TaskActRequest, 'signature' | 'stage'>,
  updateId: string,
  now: number,
): TaskActRequest {
  const at = new Date(now).toISOString();
  const request = { ...requested, ...atStage(task) };
  return {
    ...request,
    signature: signStatement(signer, taskActStatement(task, request, updateId, at, hashNative)),
  };
}

/** At which stage the API saw the task when it asked whether this person may: it counts at no other. */
function atStage(task: Pick<Task, 'signOff'>): Pick<Decision, 'stage'> {
  const stage = stageOf(task);
  return stage === undefined ? {} : { stage };
}
