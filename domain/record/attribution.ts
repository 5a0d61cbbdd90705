import { hashOf, type Json, type RecordedEvent } from '../events';
import type { SignatureFault, Verifier } from '../signing/signature';
import {
  actStatement,
  decisionStatement,
  type Hash,
  type StartStatement,
  type Statement,
} from '../signing/statements';
import { workflowOfTask, type PaperDecision } from '../task';
import type { KeyUse } from '../signing/certificate';
import { whySignature, type FaultKind } from './fault';

export interface Found {
  readonly kind: FaultKind;
  readonly detail?: string;
}

interface OpenTask {
  readonly kind: string;
  readonly organisation: string;
  /** What was entered for it from paper, and who entered it, until a second person has answered. */
  readonly paper?: { readonly content: string; readonly user: string };
}

interface Confirmed {
  readonly user: string;
  readonly confirmed: boolean;
}

/**
 * Who caused what, in one workflow's chain: every event that says a person caused it must carry the API's signature
 * over just this (P1.4), and completes a task that was open.
 *
 * Only a decision that was entered from paper has no signature of its own: the entry has one, and the second person's
 * confirmation has one.
 */
export class Attribution {
  private readonly open = new Map<string, OpenTask>();
  private confirmations: Confirmed[] = [];
  private startedBySigned = false;

  /** @param verifier without one, signatures must be there but are not verified */
  constructor(
    private readonly workflowId: string,
    private readonly verifier?: Verifier,
    private readonly hash?: Hash,
  ) {}

  /** Events in their order. @returns what is wrong with this one, or nothing */
  see(event: RecordedEvent): Found | undefined {
    const { type, by, updateId, signature } = event;
    if (type === 'task-assigned') return this.assigned(event);
    if (type === 'task-closed') return void this.open.delete(event.taskId ?? '');
    if (type === 'task-completed')
      return updateId === undefined ? this.fromPaper(event) : this.decided(event);
    if (type === 'paper-decision-entered') return this.entered(event);
    if (type === 'paper-decision-refused') return this.paperRefused(event);
    if (type.endsWith('-begun')) return this.signed(event);
    if (type === 'project-started' || signature !== undefined) return this.started(event);
    if (by === undefined && updateId === undefined) return undefined;
    return this.startedBySigned && updateId === undefined ? undefined : { kind: 'unsigned' };
  }

  private assigned({ taskId, data }: RecordedEvent): undefined {
    const { kind, organisation } = record(data);
    this.open.set(taskId ?? '', { kind: String(kind), organisation: String(organisation) });
  }

  private decided(event: RecordedEvent): Found | undefined {
    const { taskId = '', by, data } = event;
    const open = this.open.get(taskId);
    if (!open || open.paper || by?.organisation !== open.organisation) return { kind: 'not-assigned' };
    this.open.delete(taskId);
    const { form } = record(data);
    if (open.kind === 'paper-confirmation') {
      this.confirmations.push({ user: by.user, confirmed: record(form)['confirmed'] === true });
    }
    return this.signed(event);
  }

  private entered(event: RecordedEvent): Found | undefined {
    const { taskId = '', by, data } = event;
    const open = this.open.get(taskId);
    if (!open || open.paper || !by) return { kind: 'not-assigned' };
    this.open.set(taskId, { ...open, paper: { content: paperContent(data), user: by.user } });
    return this.signed(event);
  }

  /** In force when a second person has confirmed it: entry and confirmation are signed, this follows from them. */
  private fromPaper({ taskId = '', by, data }: RecordedEvent): Found | undefined {
    const open = this.open.get(taskId);
    const paper = open?.paper;
    this.open.delete(taskId);
    const second = by?.recordedBy?.confirmedBy;
    const holds =
      paper !== undefined &&
      paper.content === paperContent(data) &&
      by?.organisation === open?.organisation &&
      by?.user === paper.user &&
      by.recordedBy?.user === paper.user &&
      second !== paper.user &&
      this.takeConfirmation(second, true);
    return holds ? undefined : { kind: paper ? 'paper-unconfirmed' : 'unsigned' };
  }

  private paperRefused({ taskId = '', by }: RecordedEvent): Found | undefined {
    const open = this.open.get(taskId);
    if (!open?.paper || !this.takeConfirmation(by?.user, false)) return { kind: 'paper-unconfirmed' };
    const { paper: _, ...again } = open;
    this.open.set(taskId, again);
    return undefined;
  }

  private takeConfirmation(user: string | undefined, confirmed: boolean): boolean {
    const found = this.confirmations.findIndex((one) => one.user === user && one.confirmed === confirmed);
    if (found >= 0) this.confirmations.splice(found, 1);
    return found >= 0;
  }

  private started(event: RecordedEvent): Found | undefined {
    const found = this.signed(event);
    this.startedBySigned = found === undefined;
    return found;
  }

  private signed(event: RecordedEvent): Found | undefined {
    if (!event.signature) return { kind: 'unsigned' };
    if (event.workflowId !== this.workflowId) return { kind: 'misplaced' };
    const fault = this.verifier && signatureFault(event, this.verifier, this.hash);
    return fault && { kind: 'signature', detail: whySignature(fault) };
  }
}

/** Why the signature of one event by itself does not count, or nothing: what an excerpt can be held against. */
export function signatureFault(
  event: RecordedEvent,
  verifier: Verifier,
  hash?: Hash,
): SignatureFault | undefined {
  const { type, workflowId, at, signature, taskId } = event;
  const isDecision = type === 'task-completed' || type === 'paper-decision-entered';
  const isAct = type.endsWith('-begun');
  const statement = isDecision
    ? decisionOf(event, hash)
    : isAct
      ? actOf(event, hash)
      : startOf(workflowId, event);
  if (!statement || (taskId !== undefined && workflowOfTask(taskId) !== workflowId)) return 'altered';
  const uses: KeyUse[] = isDecision || isAct ? ['api'] : ['api', 'worker'];
  return verifier.fault(statement, signature, uses, Date.parse(at));
}

function decisionOf(event: RecordedEvent, hash?: Hash): Statement | undefined {
  const { taskId, round, by, updateId, reason, data, signature } = event;
  const { form, paper } = record(data);
  if (taskId === undefined || round === undefined || !by || form === undefined) return undefined;
  if (updateId === undefined || signature?.seat === undefined) return undefined;
  return decisionStatement(
    { id: taskId, round, seat: signature.seat },
    { form, lateReason: reason, paper: paper as PaperDecision | undefined, by },
    updateId,
    signature.at,
    hash,
  );
}

function actOf(
  { workflowId, type, by, updateId, data, signature }: RecordedEvent,
  hash?: Hash,
): Statement | undefined {
  const { form } = record(data);
  if (!by || updateId === undefined || !signature || form === undefined) return undefined;
  const act = type.slice(0, -'-begun'.length);
  return actStatement(workflowId, { act, form, by }, updateId, signature.at, hash);
}

/** What began the workflow: the event holds the hash of what it began with. */
function startOf(workflow: string, { data, signature }: RecordedEvent): StartStatement | undefined {
  const { start, type = 'renovationProject' } = record(data);
  if (typeof start !== 'string' || typeof type !== 'string' || !signature) return undefined;
  return { signs: 'start', workflow, type, content: start, at: signature.at };
}

function paperContent(data: Json | undefined): string {
  const { form = null, paper = null } = record(data);
  return hashOf({ form, paper });
}

/** What an altered record holds may be anything. */
function record(data: Json | undefined): Readonly<Record<string, Json | undefined>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {};
}
