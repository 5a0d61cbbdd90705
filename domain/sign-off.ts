import type { OfficeRole } from '../policy/keys';
import { personsOf, principalOf, type Actor } from './actor';
import { hashOf, type Json } from './events';
import { refusal, type Refusal } from './refusal';
import type { Outcome, Task } from './task';

/**
 * 经办、审核、签发: inside an organisation the handler drafts, the section chief endorses, the signatory signs; each is
 * another person. The world outside sees one decision, the signatory's.
 */
export interface SignOff {
  /** In order; the last one's signature is the organisation's decision. */
  readonly stages: readonly OfficeRole[];
  /** Those who have signed this draft, the handler first; the stage is the one after them. */
  readonly signed: readonly StageSigned[];
  /** What is being signed; after a return what the handler had drafted. */
  readonly draft?: Json;
  /** Why it came back. */
  readonly returned?: { readonly by: Actor; readonly at: string; readonly reason: string };
  /** Users who may not at any stage: they submitted what is to be decided. */
  readonly notBy: readonly string[];
}

export interface StageSigned {
  readonly stage: OfficeRole;
  readonly by: Actor;
  readonly at: string;
}

export const STAGE_MOVED = {
  zh: '办理环节已变化，请重新打开该待办',
  en: 'It has moved to another stage since; open it again',
};

export const NOT_THE_DRAFT: Refusal = refusal(
  '审核、签发的内容应与经办人拟稿一致；需要修改的，退回经办人',
  'What is endorsed and signed is what was drafted; to change it, return it to the handler',
  { clause: 'P1.4' },
);

/** A new task of an organisation that signs in stages. */
export function begunSignOff(stages: readonly OfficeRole[], notBy: readonly string[]): Partial<Task> {
  const [first] = stages;
  return first === undefined ? {} : { signOff: { stages, signed: [], notBy }, role: first };
}

/** The stage at which the task is: what is signed for this one counts at no other. */
export function stageOf({ signOff }: Pick<Task, 'signOff'>): OfficeRole | undefined {
  return signOff?.stages[signOff.signed.length];
}

/** Whether it would be another form than the one that those before have signed. */
export function differsFromDraft({ signOff }: Pick<Task, 'signOff'>, form: Json): boolean {
  if (!signOff || signOff.signed.length === 0) return false;
  return hashOf(signOff.draft ?? null) !== hashOf(form);
}

/** The task at its next stage, in nobody's hands; nothing where this signature is the organisation's decision. */
export function passedOn(task: Task, { form, by, at }: Outcome): Task | undefined {
  const { signOff, holder: _h, delegation: _d, ...rest } = task;
  const stage = stageOf(task);
  const next = signOff?.stages[signOff.signed.length + 1];
  if (!signOff || stage === undefined || next === undefined) return undefined;
  const { returned: _r, ...passing } = signOff;
  const signed = [...signOff.signed, { stage, by, at }];
  const notBy = [...new Set([...task.notBy, ...personsOf(by)])];
  return { ...rest, role: next, notBy, signOff: { ...passing, signed, draft: form } };
}

/**
 * 退回经办: the draft is its author's again.
 * @param toAnybody whoever of the organisation holds the handler's role takes it up: its author has left
 */
export function returnedToHandler(
  task: Task,
  by: Actor,
  at: string,
  reason: string,
  toAnybody = false,
): Task {
  const { signOff, delegation: _, holder: _h, ...rest } = task;
  const [handler] = signOff?.signed ?? [];
  if (!signOff || !handler) return task;
  return {
    ...rest,
    ...begunAgain(signOff),
    signOff: { ...signOff, signed: [], returned: { by, at, reason } },
    ...(toAnybody ? {} : { holder: principalOf(handler.by) }),
  };
}

/** Another organisation begins its own: nothing that the first has drafted counts there. */
export function signOffElsewhere(task: Task): Task {
  const { signOff } = task;
  return signOff ? { ...task, ...begunAgain(signOff) } : task;
}

function begunAgain({ stages, notBy }: SignOff): Partial<Task> {
  return { ...begunSignOff(stages, notBy), notBy };
}
