/** The same person in two seats of one decision, or in two tasks that follow each other: once, twice, or refused. */
import { personsOf, principalOf } from './actor';
import { stateOf } from './co-signing';
import { hashOf } from './events';
import type { Task } from './task';

/**
 * - `once`: what an organisation has decided in one seat is taken as decided in its other seat, where the same is asked;
 * - `twice`: each task is decided by itself (usual);
 * - `refused`: whoever has a part in one of them has none in another.
 */
export const samePersonRules = ['once', 'twice', 'refused'] as const;
export type SamePerson = (typeof samePersonRules)[number];

/** Whoever has decided a task, or signed a stage of it; a paper's recorder decides nothing. */
export function decidersOf({ outcome, decided, signOff }: Task): string[] {
  const said = outcome ?? decided;
  const last = said && !said.paper ? [said.by] : [];
  return [...(signOff?.signed.map(({ by }) => by) ?? []), ...last].flatMap(personsOf);
}

/**
 * The task with others kept from it than before, because they have decided elsewhere; who was kept from it anyway
 * stays so. @returns nothing where nothing changes
 */
export function withBarred(
  task: Task,
  before: readonly string[],
  now: readonly string[],
): { readonly task: Task; readonly barred: readonly string[] } | undefined {
  const own = task.notBy.filter((person) => !before.includes(person));
  const barred = [...new Set(now)].filter((person) => !own.includes(person)).sort();
  if (barred.join() === before.join()) return undefined;
  const { signOff } = task;
  const firstOwn = signOff?.notBy.filter((person) => !before.includes(person)) ?? [];
  return {
    task: {
      ...task,
      notBy: [...own, ...barred],
      ...(signOff ? { signOff: { ...signOff, notBy: [...firstOwn, ...barred] } } : {}),
    },
    barred,
  };
}

/** Whether what was decided in the one seat is the same organisation's word on the very same in the other. */
export function isDecidedWith(open: Task, { outcome, ...other }: Task): boolean {
  if (!outcome || outcome.paper || outcome.sameAs !== undefined) return false;
  return (
    open.status === 'open' &&
    isUntouched(open) &&
    open.organisation === other.organisation &&
    outcome.by.organisation === open.organisation &&
    open.kind === other.kind &&
    hashOf(open.context) === hashOf(other.context) &&
    hashOf(open.signOff?.stages ?? null) === hashOf(other.signOff?.stages ?? null) &&
    (open.holder === undefined || open.holder === principalOf(outcome.by)) &&
    !personsOf(outcome.by).some((person) => open.notBy.includes(person))
  );
}

/** Nobody has begun anything with it, and its clock runs. */
function isUntouched({ decided, paperPending, delegation, coSigning, signOff, ...task }: Task): boolean {
  return (
    !decided &&
    !paperPending &&
    !delegation &&
    (!coSigning || stateOf(coSigning) === 'met') &&
    (signOff?.signed.length ?? 0) === 0 &&
    !task.clockStopped &&
    !task.overdue
  );
}
