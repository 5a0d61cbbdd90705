import type { Actor } from '../../domain/actor';
import { heldFrom } from '../../domain/holding';
import { Problem } from '../../domain/problems';
import { standsInFor } from '../../domain/stand-in';
import type { Task } from '../../domain/task';
import type { Caller } from './caller';
import { officeFor, officeToAct } from './offices';

/**
 * Who decides the task when the caller does: the caller themself where they may, otherwise whom they stand in for (代理).
 * @throws Problem `not-your-seat`
 */
export function actorToDecide(caller: Caller, task: Task): Actor {
  return firstAble(
    caller,
    task,
    (as) => officeFor(as, task),
    (by) => heldFrom(task, by) === undefined,
  );
}

/**
 * The same for whatever else is done with it.
 * @param may whether the act is theirs as the task stands; where it is nobody's, the workflow tells the caller why
 * @throws Problem `not-your-seat`
 */
export function actorToAct(caller: Caller, task: Task, act: string, may: (by: Actor) => boolean): Actor {
  return firstAble(caller, task, (as) => officeToAct(as, task, act), may);
}

/** In whose stead the caller would decide the task; nothing where it is their own, or not theirs. */
export function stoodInForAt(caller: Caller, task: Task): string | undefined {
  if (task.status !== 'open' || !(caller.standsInFor ?? []).length) return undefined;
  try {
    return actorToDecide(caller, task).for;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function firstAble(
  caller: Caller,
  task: Task,
  office: (as: Caller) => string,
  able: (by: Actor) => boolean,
): Actor {
  const own = attempt(() => ({ user: caller.user, organisation: office(caller) }));
  if (!(own instanceof Problem) && able(own)) return own;
  for (const as of inSteadOf(caller, task)) {
    const by = attempt(() => ({ user: caller.user, for: as.user, organisation: office(as) }));
    if (!(by instanceof Problem) && able(by)) return by;
  }
  if (own instanceof Problem) throw own;
  return own;
}

/** Those for whom the caller stands in at such a task, each with nothing but their own role in the one organisation. */
function inSteadOf(caller: Caller, task: Task): Caller[] {
  return (caller.standsInFor ?? [])
    .filter((one) => one.organisation === task.organisation || one.organisation === task.paperBy)
    .filter((one) => standsInFor(one, task.kind))
    .map(({ user, organisation, roles }) => ({
      ...caller,
      user,
      roles,
      organisations: caller.organisations.filter(({ id }) => id === organisation),
      seats: roles.map((role) => ({ organisation, role })),
    }));
}

function attempt<T>(work: () => T): T | Problem {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
