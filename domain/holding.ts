import { principalOf, personsOf, type Actor } from './actor';
import { stateOf } from './co-signing';
import type { Task } from './task';

type Person = Pick<Actor, 'user' | 'for'>;

/** Why one person of the organisation that must do a task may not do it now. */
export interface HeldBack {
  readonly zh: string;
  readonly en: string;
}

const HELD: HeldBack = {
  zh: '已由本单位其他人员领取，须先释放或转办',
  en: 'Somebody else of the organisation has it; it must be released or handed over first',
};

const DELEGATED: HeldBack = {
  zh: '已委派他人，待其答复；委派人可先撤回委派',
  en: 'It is delegated and awaits the delegate’s answer; the delegator may take the delegation back',
};

export const DELEGATE_ANSWERS: HeldBack = {
  zh: '受委派人只提出办理意见',
  en: 'A delegate answers, and does nothing else with the task',
};

const CO_SIGNED_FIRST: HeldBack = {
  zh: '待加签人办理，或加签人不同意；可移除加签人',
  en: 'Co-signers have not signed yet, or refused; they may be removed',
};

export const DECIDED: HeldBack = {
  zh: '已作出决定，待加签人办理',
  en: 'It is decided and awaits its co-signers',
};

export const CLOCK_STOPPED: HeldBack = {
  zh: '正在补正，办理期限已中止；恢复计时后方可办理',
  en: 'Its clock stands still for supplements; it must be resumed first',
};

/** Whom the task waits for: the delegate, or whoever has taken it; anybody of the organisation otherwise. */
export function awaitedUser({ delegation, holder }: Pick<Task, 'delegation' | 'holder'>): string | undefined {
  return delegation && !delegation.answer ? delegation.to : holder;
}

export function isAwaitedDelegate({ delegation }: Pick<Task, 'delegation'>, by: Person): boolean {
  return delegation !== undefined && !delegation.answer && delegation.to === principalOf(by);
}

/** Whether they, or the one in whose stead they act, submitted what is to be decided. */
export function hasSubmitted({ notBy }: Pick<Task, 'notBy'>, by: Person): boolean {
  return personsOf(by).some((person) => notBy.includes(person));
}

/** Why the task is not this person's to decide, or nothing; who stands in for another is the other (代理). */
export function heldFrom(task: Pick<Task, 'delegation' | 'holder'>, by: Person): HeldBack | undefined {
  const awaited = awaitedUser(task);
  if (awaited === undefined || awaited === principalOf(by)) return undefined;
  return task.delegation && !task.delegation.answer ? DELEGATED : HELD;
}

/**
 * Why nobody may decide it now though it is open, or nothing.
 * @param fromPaper what is recorded from paper is in force at once when confirmed, so its co-signers come first
 */
export function notYet(
  { decided, coSigning, clockStopped }: Pick<Task, 'decided' | 'coSigning' | 'clockStopped'>,
  fromPaper = false,
): HeldBack | undefined {
  if (clockStopped) return CLOCK_STOPPED;
  if (decided) return DECIDED;
  const state = coSigning && stateOf(coSigning);
  const first = coSigning?.when === 'before' || fromPaper;
  return state === 'broken' || (state === 'waiting' && first) ? CO_SIGNED_FIRST : undefined;
}
