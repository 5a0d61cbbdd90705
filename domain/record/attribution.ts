import { personsOf, principalOf, type Actor } from '../actor';
import { settledWithout, stateOf, withSigner } from '../co-signing';
import { canonicalText, type Json, type RecordedEvent } from '../events';
import { actOfEvent } from '../forms/task-acts';
import { retraction } from '../forms/task-acts/retraction';
import type { Verifier } from '../signing/signature';
import type { Hash } from '../signing/statements';
import { whySignature, type FaultKind } from './fault';
import { after, record, type OpenTask, type Said } from './open-task';
import { endsChain, signatureFault } from './signed';

export interface Found {
  readonly kind: FaultKind;
  readonly detail?: string;
}

/** A decision in force, as another of the same organisation may refer to it. */
interface Answered {
  readonly kind: string;
  readonly by: Actor;
  readonly form: string;
  readonly stages: string;
}

interface Confirmed {
  readonly persons: readonly string[];
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
  /** Decided and in force, as they were before: until something is built on them they can be retracted. */
  private readonly done = new Map<string, OpenTask & { readonly users: readonly string[] }>();
  private readonly answers = new Map<string, Answered>();
  private confirmations: Confirmed[] = [];
  private startedBySigned = false;
  private closed = false;

  /** @param verifier without one, signatures must be there but are not verified */
  constructor(
    private readonly workflowId: string,
    private readonly verifier?: Verifier,
    private readonly hash?: Hash,
  ) {}

  /** Events in their order. @returns what is wrong with this one, or nothing */
  see(event: RecordedEvent): Found | undefined {
    const { type, by, updateId, signature } = event;
    if (this.closed) return { kind: 'after-end' };
    if (endsChain(event)) return this.closedBy(event);
    if (type === 'task-assigned') return this.assigned(event);
    if (type === 'task-closed') return void this.open.delete(event.taskId ?? '');
    if (type === 'task-completed') return this.completed(event);
    if (type === 'task-drafted' || type === 'task-endorsed') return this.passedOn(event);
    if (type === 'task-decided') return this.beforeCoSigners(event);
    if (type === 'task-delegate-answered') return this.answered(event);
    if (type === 'task-decision-given-back') return this.givenBack(event);
    if (type === 'task-reseated') return this.reseated(event);
    if (type === 'task-freed') return this.freed(event);
    if (actOfEvent[type]) return this.acted(event);
    if (type === 'paper-decision-entered') return this.entered(event);
    if (type === 'paper-decision-refused') return this.paperRefused(event);
    if (type.endsWith('-begun')) return this.signed(event);
    if (type === 'project-started' || signature !== undefined) return this.started(event);
    if (by === undefined && updateId === undefined) return undefined;
    return this.startedBySigned && updateId === undefined ? undefined : { kind: 'unsigned' };
  }

  private assigned({ taskId, data }: RecordedEvent): undefined {
    const { kind, organisation, holder, for: coSigned, stages } = record(data);
    const task = {
      kind: String(kind),
      organisation: String(organisation),
      ...(typeof holder === 'string' ? { holder } : {}),
      ...(Array.isArray(stages) ? { signOff: { stages, signed: [] } } : {}),
    };
    this.open.set(taskId ?? '', { ...task, coSigns: this.placeAmong(String(coSigned), task, taskId ?? '') });
  }

  private completed(event: RecordedEvent): Found | undefined {
    if (event.updateId !== undefined) return this.decided(event);
    return record(event.data)['sameAs'] === undefined ? this.inForce(event) : this.decidedWith(event);
  }

  private decided(event: RecordedEvent): Found | undefined {
    const { taskId = '', by, data } = event;
    const open = this.inHand(event);
    if (!open || open.delegate !== undefined || !by) return { kind: 'not-assigned' };
    if (!isTheirStage(open, event, 'last')) return { kind: 'not-signed-off' };
    if (open.coSigning && stateOf(open.coSigning) !== 'met') return { kind: 'not-co-signed' };
    this.open.delete(taskId);
    this.done.set(taskId, { ...open, users: personsOf(by) });
    this.answers.set(taskId, answered(open, by, data));
    const { form } = record(data);
    if (open.coSigns) this.coSigned(open.coSigns, record(form)['agrees'] === true);
    if (open.kind === 'paper-confirmation') {
      this.confirmations.push({ persons: personsOf(by), confirmed: record(form)['confirmed'] === true });
    }
    return this.signed(event);
  }

  /**
   * One signature for two seats of the same organisation: only where that task was decided, signed, on the same form and
   * by the same stages. From then on it is not retracted.
   */
  private decidedWith({ taskId = '', by, data }: RecordedEvent): Found | undefined {
    const open = this.open.get(taskId);
    const sameAs = String(record(data)['sameAs']);
    const same = this.answers.get(sameAs);
    if (!open || !by || isBegun(open)) return { kind: 'not-assigned' };
    this.open.delete(taskId);
    this.done.delete(sameAs);
    const holds =
      same !== undefined &&
      canonicalText(same) === canonicalText(answered(open, by, data)) &&
      by.organisation === open.organisation &&
      (open.holder === undefined || open.holder === principalOf(by));
    return holds ? undefined : { kind: 'unsigned' };
  }

  /** Only from somebody who has decided, or signed a stage, in the same chain. */
  private freed({ taskId = '' }: RecordedEvent): Found | undefined {
    const open = this.open.get(taskId);
    const others = [...this.answers.values()].flatMap(({ by }) => personsOf(by));
    const stages = [...this.open.values()].flatMap(({ signOff, decided }) => [
      ...(signOff?.signed.flat() ?? []),
      ...(decided ? [decided.user, decided.principal] : []),
    ]);
    const isTheirs = (one: string | undefined): boolean =>
      one !== undefined && [...others, ...stages].includes(one);
    if (!open || !(isTheirs(open.holder) || isTheirs(open.delegate))) return { kind: 'not-assigned' };
    this.open.set(taskId, { ...open, holder: undefined, delegate: undefined });
    return undefined;
  }

  /** The task, if it was open and in the hands of whoever did this. */
  private inHand({ taskId = '', by }: RecordedEvent): OpenTask | undefined {
    const open = this.open.get(taskId);
    if (!open || open.paper || open.decided || by?.organisation !== open.organisation) return undefined;
    const awaited = open.delegate ?? open.holder;
    return awaited === undefined || awaited === principalOf(by) ? open : undefined;
  }

  /** 经办、审核: somebody else of the organisation signs next. */
  private passedOn(event: RecordedEvent): Found | undefined {
    const { taskId = '', by, data } = event;
    const open = this.inHand(event);
    if (!open || open.delegate !== undefined || !by) return { kind: 'not-assigned' };
    if (!open.signOff || !isTheirStage(open, event, 'before')) return { kind: 'not-signed-off' };
    const signed = [...open.signOff.signed, personsOf(by)];
    const signOff = { ...open.signOff, signed, content: formContent(data) };
    this.open.set(taskId, { ...open, holder: undefined, signOff });
    return this.signed(event);
  }

  private beforeCoSigners(event: RecordedEvent): Found | undefined {
    const { taskId = '', by, data } = event;
    const open = this.inHand(event);
    if (!open?.coSigning || open.delegate !== undefined || !by) return { kind: 'not-assigned' };
    if (!isTheirStage(open, event, 'last')) return { kind: 'not-signed-off' };
    this.open.set(taskId, { ...open, decided: said(by, data) });
    return this.signed(event);
  }

  private answered(event: RecordedEvent): Found | undefined {
    const open = this.inHand(event);
    if (open?.delegate === undefined) return { kind: 'not-assigned' };
    this.open.set(event.taskId ?? '', { ...open, delegate: undefined });
    return this.signed(event);
  }

  /** Another version of the policy, which somebody has signed for, gives its seat to another organisation. */
  private reseated({ taskId = '', data }: RecordedEvent): Found | undefined {
    const open = this.open.get(taskId);
    if (!open || open.paper || open.decided) return { kind: 'not-assigned' };
    const to = String(record(data)['to']);
    this.open.set(taskId, { ...open, organisation: to, holder: undefined, delegate: undefined });
    return undefined;
  }

  /** Only because a co-signer has refused. */
  private givenBack({ taskId = '' }: RecordedEvent): Found | undefined {
    const open = this.open.get(taskId);
    if (!open?.decided || !open.coSigning || stateOf(open.coSigning) !== 'broken') {
      return { kind: 'not-co-signed' };
    }
    this.open.set(taskId, { ...open, decided: undefined });
    return undefined;
  }

  /** An act of whoever has the task changes who has it next, and who signs with them. */
  private acted(event: RecordedEvent): Found | undefined {
    if (event.type === retraction.event) return this.retracted(event);
    const { type, taskId = '', by, data } = event;
    const open = this.open.get(taskId);
    const kind = actOfEvent[type];
    const itsOwn = !kind?.byAnybody && !kind?.byAdministrator;
    if (!open || !by || (itsOwn && by.organisation !== open.organisation)) {
      return { kind: 'not-assigned' };
    }
    this.open.set(taskId, after(type, open, principalOf(by), record(record(data)['form'])));
    return this.signed(event);
  }

  private retracted(event: RecordedEvent): Found | undefined {
    const { taskId = '', by } = event;
    const { users, ...open } = this.done.get(taskId) ?? {};
    const user = by && principalOf(by);
    if (user === undefined || !users?.includes(user)) return { kind: 'not-assigned' };
    this.done.delete(taskId);
    this.answers.delete(taskId);
    this.open.set(taskId, { ...(open as OpenTask), holder: user });
    return this.signed(event);
  }

  /** Which of the co-signers a task that was just assigned is for. */
  private placeAmong(task: string, of: OpenTask, id: string): OpenTask['coSigns'] {
    const coSigned = this.open.get(task);
    const { coSigning } = coSigned ?? {};
    const place = coSigning?.signers.findIndex(
      (one) => one.organisation === of.organisation && one.user === of.holder && one.state === 'waiting',
    );
    if (!coSigned || !coSigning || place === undefined || place < 0) return undefined;
    const asked = withSigner(coSigning, place, { state: 'asked', task: id });
    this.open.set(task, { ...coSigned, coSigning: asked });
    return { task, place };
  }

  private coSigned({ task, place }: { task: string; place: number }, agrees: boolean): void {
    const open = this.open.get(task);
    if (!open?.coSigning) return;
    const coSigning = withSigner(open.coSigning, place, { state: agrees ? 'agreed' : 'refused' });
    this.open.set(task, {
      ...open,
      coSigning: stateOf(coSigning) === 'waiting' ? coSigning : settledWithout(coSigning),
    });
  }

  /** It follows from what others have signed: a paper's second person, or the co-signers. */
  private inForce(event: RecordedEvent): Found | undefined {
    const { taskId = '', by, data } = event;
    const open = this.open.get(taskId);
    const { decided, coSigning } = open ?? {};
    if (!open || !decided) return this.fromPaper(event);
    if (by) this.answers.set(taskId, answered(open, by, data));
    this.open.delete(taskId);
    const holds =
      coSigning !== undefined &&
      stateOf(coSigning) === 'met' &&
      by !== undefined &&
      isSaid(decided, by, data);
    return holds ? undefined : { kind: 'not-co-signed' };
  }

  private entered(event: RecordedEvent): Found | undefined {
    const { taskId = '', by, data } = event;
    const open = this.open.get(taskId);
    if (!open || open.paper || !by) return { kind: 'not-assigned' };
    this.open.set(taskId, { ...open, paper: said(by, data) });
    return this.signed(event);
  }

  /** In force when a second person has confirmed it: entry and confirmation are signed, this follows from them. */
  private fromPaper({ taskId = '', by, data }: RecordedEvent): Found | undefined {
    const open = this.open.get(taskId);
    const paper = open?.paper;
    this.open.delete(taskId);
    if (open?.coSigns) this.coSigned(open.coSigns, record(record(data)['form'])['agrees'] === true);
    const second = by?.recordedBy?.confirmedBy;
    const holds =
      paper !== undefined &&
      by !== undefined &&
      isSaid(paper, by, data) &&
      by.organisation === open?.organisation &&
      by.recordedBy?.user === paper.user &&
      this.takeConfirmation(second, true, paper);
    return holds ? undefined : { kind: paper ? 'paper-unconfirmed' : 'unsigned' };
  }

  private paperRefused({ taskId = '', by }: RecordedEvent): Found | undefined {
    const open = this.open.get(taskId);
    if (!open?.paper || !this.takeConfirmation(by?.user, false, open.paper))
      return { kind: 'paper-unconfirmed' };
    const { paper: _, ...again } = open;
    this.open.set(taskId, again);
    return undefined;
  }

  /** A second person's: neither who entered it, nor in whose stead they did. */
  private takeConfirmation(second: string | undefined, confirmed: boolean, entered: Said): boolean {
    const found = this.confirmations.findIndex(
      ({ persons, confirmed: agreed }) =>
        persons[0] === second &&
        agreed === confirmed &&
        !persons.some((person) => person === entered.user || person === entered.principal),
    );
    if (found >= 0) this.confirmations.splice(found, 1);
    return found >= 0;
  }

  /** A worker has signed the head before it: here the chain ends. */
  private closedBy(event: RecordedEvent): Found | undefined {
    this.closed = true;
    return this.signed(event);
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

function answered({ kind, signOff }: OpenTask, by: Actor, data: Json | undefined): Answered {
  return { kind, by, form: formContent(data), stages: canonicalText(signOff?.stages ?? null) };
}

/** Somebody has begun something with it, or others have yet to sign. */
function isBegun({ paper, decided, delegate, coSigning, signOff }: OpenTask): boolean {
  const signers = coSigning !== undefined && stateOf(coSigning) !== 'met';
  return signers || !!(paper ?? decided ?? delegate) || (signOff?.signed.length ?? 0) > 0;
}

/** Signed for this stage, by none of those before, and just what they have signed. */
function isTheirStage({ signOff }: OpenTask, event: RecordedEvent, which: 'last' | 'before'): boolean {
  const { by, data, signature, type } = event;
  if (!signOff) return which === 'last';
  const { stages, signed, content } = signOff;
  const isLast = signed.length === stages.length - 1;
  const isFirst = signed.length === 0;
  return (
    isLast === (which === 'last') &&
    (type !== 'task-drafted' || isFirst) &&
    (type !== 'task-endorsed' || !isFirst) &&
    signature?.stage === stages[signed.length] &&
    !(by ? personsOf(by) : []).some((person) => signed.flat().includes(person)) &&
    (isFirst || content === formContent(data))
  );
}

function formContent(data: Json | undefined): string {
  return canonicalText(record(data)['form'] ?? null);
}

function said(by: Actor, data: Json | undefined): Said {
  return { content: paperContent(data), user: by.user, principal: principalOf(by) };
}

function isSaid({ content, user, principal }: Said, by: Actor, data: Json | undefined): boolean {
  return content === paperContent(data) && user === by.user && principal === principalOf(by);
}

function paperContent(data: Json | undefined): string {
  const { form = null, paper = null } = record(data);
  return canonicalText({ form, paper });
}
