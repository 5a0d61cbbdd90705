import type { OfficeRole } from '../../policy/keys';
import { standing, type Actor } from '../actor';
import { hashOf, type ChainHead, type Json } from '../events';
import type { PaperDecision } from '../task';

/**
 * What is signed, each kind of statement with everything that it must not be moved away from: another task, another
 * round, another form, another person, another time, another request.
 */

/** A person's answer to a task. */
export interface DecisionStatement {
  readonly signs: 'decision';
  readonly task: string;
  readonly round: number;
  /** SHA-256 of form, reason for being late, and paper, together. */
  readonly content: string;
  readonly user: string;
  /** 代理: in whose stead; who acts for themselves signs without it. */
  readonly for?: string;
  readonly organisation: string;
  /** The seat in which it is decided: `housing@county`. */
  readonly seat: string;
  /** 经办、审核、签发: the stage at which it is signed; absent where the organisation knows none. */
  readonly stage?: OfficeRole;
  /** The one request that may carry it. */
  readonly updateId: string;
  /** RFC 3339, the engine's clock. */
  readonly at: string;
}

/** What a person begins of themselves. */
export interface ActStatement {
  readonly signs: 'act';
  readonly workflow: string;
  readonly act: string;
  readonly content: string;
  readonly user: string;
  /** 代理: in whose stead; who acts for themselves signs without it. */
  readonly for?: string;
  readonly organisation: string;
  readonly updateId: string;
  readonly at: string;
}

/** What a person does with a task beside completing it. */
export interface TaskActStatement {
  readonly signs: 'task-act';
  readonly stage?: OfficeRole;
  readonly task: string;
  readonly round: number;
  readonly act: string;
  readonly content: string;
  readonly user: string;
  /** 代理: in whose stead; who acts for themselves signs without it. */
  readonly for?: string;
  readonly organisation: string;
  readonly updateId: string;
  readonly at: string;
}

/** With what a workflow begins. */
export interface StartStatement {
  readonly signs: 'start';
  readonly workflow: string;
  readonly type: string;
  readonly content: string;
  readonly at: string;
}

/** A Signal. */
export interface MessageStatement {
  readonly signs: 'message';
  readonly to: string;
  readonly message: string;
  /** Each counts once: `<sender>#<number>`. */
  readonly id: string;
  readonly content: string;
  readonly at: string;
}

/** What stands for the whole record of a day. */
export interface RootStatement {
  readonly signs: 'root';
  /** YYYY-MM-DD, Asia/Shanghai. */
  readonly date: string;
  readonly size: number;
  readonly root: string;
  /** Hash of the statement before it; zeros for the first. */
  readonly previous: string;
  readonly at: string;
}

/** How one workflow's chain stood when the workflow closed: with it the record stands by itself, history or none. */
export interface HeadStatement {
  readonly signs: 'head';
  readonly workflow: string;
  /** Number and hash of the last event before the one that closes the chain. */
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
}

export type Statement =
  | DecisionStatement
  | ActStatement
  | TaskActStatement
  | StartStatement
  | MessageStatement
  | RootStatement
  | HeadStatement;

/** SHA-256 (hex) over canonical JSON; by another hand where there is a faster one. */
export type Hash = (value: unknown) => string;

/** What a task's decision says, as far as its author chose it. */
function decisionContent(
  of: {
    readonly form: Json;
    readonly lateReason?: string | undefined;
    readonly paper?: PaperDecision | undefined;
  },
  hash: Hash = hashOf,
): string {
  return contentOf({ form: of.form, lateReason: of.lateReason ?? null, paper: of.paper ?? null }, hash);
}

/** SHA-256 of what crosses the wire as JSON: an absent field and one that is `undefined` are the same. */
export function contentOf(value: unknown, hash: Hash = hashOf): string {
  return hash(JSON.parse(JSON.stringify(value ?? null)));
}

export function decisionStatement(
  task: { readonly id: string; readonly round: number; readonly seat: string },
  decision: {
    readonly form: Json;
    readonly lateReason?: string | undefined;
    readonly paper?: PaperDecision | undefined;
    readonly by: Actor;
    readonly stage?: OfficeRole | undefined;
  },
  updateId: string,
  at: string,
  hash?: Hash,
): DecisionStatement {
  return {
    signs: 'decision',
    task: task.id,
    round: task.round,
    content: decisionContent(decision, hash),
    user: decision.by.user,
    ...standing(decision.by),
    organisation: decision.by.organisation,
    seat: task.seat,
    ...atStage(decision),
    updateId,
    at,
  };
}

interface Acting {
  readonly act: string;
  readonly form: Json;
  readonly by: Actor;
  readonly stage?: OfficeRole | undefined;
}

function atStage({ stage }: Pick<Acting, 'stage'>): { stage?: OfficeRole } {
  return stage === undefined ? {} : { stage };
}

/** What both kinds of acts sign: what was done, by whom, in which request. */
function acted({ act, form, by, stage }: Acting, updateId: string, at: string, hash?: Hash) {
  const { user, organisation } = by;
  return {
    act,
    content: contentOf(form, hash),
    user,
    ...standing(by),
    organisation,
    ...atStage({ stage }),
    updateId,
    at,
  };
}

export function actStatement(
  workflow: string,
  request: Acting,
  updateId: string,
  at: string,
  hash?: Hash,
): ActStatement {
  return { signs: 'act', workflow, ...acted(request, updateId, at, hash) };
}

export function taskActStatement(
  task: { readonly id: string; readonly round: number },
  request: Acting,
  updateId: string,
  at: string,
  hash?: Hash,
): TaskActStatement {
  const { id, round } = task;
  return { signs: 'task-act', task: id, round, ...acted(request, updateId, at, hash) };
}

export function startStatement(workflow: string, type: string, start: unknown, at: string): StartStatement {
  return { signs: 'start', workflow, type, content: contentOf(start), at };
}

export function messageStatement(
  to: string,
  message: string,
  content: unknown,
  id: string,
  at: string,
): MessageStatement {
  return { signs: 'message', to, message, id, content: contentOf(content), at };
}

export function headStatement(workflow: string, { seq, hash }: ChainHead, at: string): HeadStatement {
  return { signs: 'head', workflow, seq, hash, at };
}
