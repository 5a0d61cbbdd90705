import { workflowInfo } from '@temporalio/workflow';
import { ed25519 } from '@noble/curves/ed25519.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { KeyUse, Revocation, Trust, VerifyBytes } from '../domain/signing/certificate';
import type { Letter } from '../domain/signing/letter';
import { Verifier, type Signature, type SignatureFault } from '../domain/signing/signature';
import {
  actStatement,
  decisionStatement,
  messageStatement,
  startStatement,
  taskActStatement,
  type Statement,
} from '../domain/signing/statements';
import type { Decision, Task } from '../domain/task';
import type { TaskActRequest } from '../domain/task-act';
import type { RecordState } from '../domain/node';
import { seatText } from '../policy/keys';
import { fault } from './faults';
import { crossed, type Crossing } from './long-life';
import type { ActRequest } from './messages';

/**
 * Whom this workflow believes (P1.4).
 *
 * Whoever reaches the engine can send an Update or a Signal in anyone's name, so what counts is not that a message
 * came but who signed it: the API for people, a worker for what workflows say to each other. The roots come from the
 * worker's configuration through an activity, never from arguments; a revocation once heard of is never forgotten.
 */
export class Authority {
  private verifier: Verifier | undefined;

  /** @param revocations what an earlier run of the workflow had heard of */
  constructor(private revocations: readonly Revocation[] = []) {}

  /** For a further run. */
  keep(): readonly Revocation[] {
    return this.revocations;
  }

  /** Called with every briefing. */
  learn(trust: Trust): void {
    const fresh = trust.revocations.filter(
      (one) => !this.revocations.some((known) => known.signature === one.signature),
    );
    this.revocations = [...this.revocations, ...fresh];
    this.verifier = new Verifier({ roots: trust.roots, revocations: this.revocations }, verifyInSandbox);
  }

  /** For the sweep, which tells a workflow that has missed a change. */
  get summary(): RecordState['trust'] {
    const roots = this.verifier?.trust.roots.map(({ id }) => id);
    return roots && { roots, revocations: this.revocations.length };
  }

  get ready(): boolean {
    return this.verifier !== undefined;
  }

  /** Reads only. @throws ApplicationFailure */
  checkDecision(task: Task, decision: Decision, updateId: string): void {
    const { id, round } = task;
    const at = decision.signature?.at ?? '';
    const statement = decisionStatement({ id, round, seat: seatText(task.seat) }, decision, updateId, at);
    this.check(statement, decision.signature, ['api']);
  }

  /** Reads only. @throws ApplicationFailure */
  checkAct(request: ActRequest, updateId: string): void {
    const { workflowId } = workflowInfo();
    const statement = actStatement(workflowId, request, updateId, request.signature?.at ?? '');
    this.check(statement, request.signature, ['api']);
  }

  /** Reads only. @throws ApplicationFailure */
  checkTaskAct(task: Task, request: TaskActRequest, updateId: string): void {
    const statement = taskActStatement(task, request, updateId, request.signature?.at ?? '');
    this.check(statement, request.signature, ['api']);
  }

  /** @throws ApplicationFailure which ends a workflow that somebody else has started, before it has done anything */
  checkStart(start: unknown, seal: Signature | undefined): void {
    const { workflowId, workflowType, parent } = workflowInfo();
    const statement = startStatement(workflowId, workflowType, start, seal?.at ?? '');
    this.check(statement, seal, parent ? ['worker'] : ['api', 'worker']);
  }

  /** @throws ApplicationFailure which ends a further run that no worker has begun, before it has done anything */
  checkCrossing(start: unknown, { kept, seal }: Crossing): void {
    const { workflowId, workflowType } = workflowInfo();
    const statement = startStatement(workflowId, workflowType, crossed(start, kept), seal.at);
    this.check(statement, seal, ['worker']);
  }

  /** Why a Signal does not count, or nothing. Never throws: in a Signal's handler that would block the workflow. */
  faultOf(name: string, letter: Letter<unknown>, uses: readonly KeyUse[]): SignatureFault | undefined {
    const { id, content, signature } = letter;
    const statement = messageStatement(workflowInfo().workflowId, name, content, id, signature.at);
    return this.verifier?.fault(statement, signature, uses, Date.now());
  }

  private check(statement: Statement, signature: Signature | undefined, uses: readonly KeyUse[]): void {
    // Before its first briefing a workflow believes nobody; it will in a moment.
    if (!this.verifier) throw fault('engine-unavailable');
    const found = this.verifier.fault(statement, signature, uses, Date.now());
    if (found === 'out-of-time') throw fault('signature-out-of-time');
    if (found !== undefined) throw fault('signature-invalid', { detail: SAID[found] });
  }
}

const SAID: Record<Exclude<SignatureFault, 'out-of-time'>, { zh: string; en: string }> = {
  unsigned: { zh: '未经系统签名', en: 'It carries no signature' },
  'unknown-root': { zh: '签名密钥不受信任', en: 'Its key is not vouched for by a trusted root' },
  'wrong-use': { zh: '签名密钥无权签署此类事项', en: 'Its key may not sign this' },
  'outside-validity': { zh: '签名密钥不在有效期内', en: 'Its key was not valid at that time' },
  revoked: { zh: '签名密钥已被吊销', en: 'Its key has been revoked' },
  altered: { zh: '内容与签名不符', en: 'What was signed is something else' },
};

/** Ed25519 in pure JavaScript, some milliseconds each; the same on every replay. */
export const verifyInSandbox: VerifyBytes = (publicKey, message, signature) => {
  try {
    return ed25519.verify(hexToBytes(signature), message, hexToBytes(publicKey));
  } catch {
    return false;
  }
};
