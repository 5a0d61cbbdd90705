import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import {
  isHeard,
  outcomeOf,
  tallyOf,
  toBeHeard,
  type Assembly,
  type Tally,
  type Voice,
} from '../domain/assembly';
import { seatText, type Seat } from '../policy/keys';
import type { SamePerson } from '../domain/same-person';
import type { Joint } from './same-person';
import { TaskClosed, type Answer, type Assigned } from './assigned';

/**
 * How the answers of several tasks become one: small functions over assigned tasks, for every step.
 *
 * While others are awaited an answer can be retracted, so what counts is read from the desk at each moment and never
 * remembered: answers that come at once all count.
 */

/** 会签: waits for all. */
export async function allOf<Form>(assigned: readonly Assigned<Form>[]): Promise<Answer<Form>[]> {
  await inSession(assigned, () => condition(() => !assigned.some(isOpen) || assigned.some(isClosed)));
  const answers = await Promise.all(assigned.map(({ answer }) => answer));
  for (const one of assigned) one.takenUp();
  return answers;
}

/** 或签 of those who hold one seat: the first answer counts, the other tasks close. */
export async function anyOf<Form>(assigned: readonly Assigned<Form>[]): Promise<Answer<Form>> {
  const first = await Promise.race(assigned.map(({ answer }) => answer));
  for (const other of assigned) {
    other.takenUp();
    if (other.id !== first.task) other.close('已由其他单位办理');
  }
  return first;
}

/** One seat of a joint decision, and how it is asked; several organisations that hold it have one voice. */
export interface Chair<Form> {
  readonly seat: Seat;
  readonly ask: () => Promise<readonly Assigned<Form>[]>;
}

export interface JointAnswer<Form> extends Tally {
  readonly carried: boolean;
  /** In the order of the chairs; of an early end only those that came. */
  readonly answers: readonly Answer<Form>[];
}

/**
 * Asks the chairs and waits until they have been heard. When nobody could change the outcome any more and the rule
 * says so, the tasks that are still open close, and a seat that was vacant is not asked after all.
 *
 * @param seated the chairs of this one decision
 * @param usually what is done of the same person in two seats where the assembly says nothing
 * @throws TaskClosed if the step closes one of the tasks
 */
export async function jointly<Form>(
  assembly: Assembly,
  seated: (joint: Joint) => readonly Chair<Form>[],
  agrees: (form: Form) => boolean,
  usually: SamePerson = 'twice',
): Promise<JointAnswer<Form>> {
  const chairs = seated({ samePerson: assembly.samePerson ?? usually });
  const asked = new Map<number, readonly Assigned<Form>[]>();
  const all = (): Assigned<Form>[] => [...asked.values()].flat();
  const voices = (): Voice[] =>
    chairs.map(({ seat }, place) => ({ seat: seatText(seat), says: saidBy(asked.get(place) ?? [], agrees) }));
  const scope = new CancellationScope();
  let trouble: unknown;
  const ask = async (place: number): Promise<void> => {
    asked.set(place, []);
    const assigned = (await chairs[place]?.ask()) ?? [];
    asked.set(place, assigned);
    for (const one of all()) one.sitsWith(all().map(({ id }) => id));
  };
  const next = (): number[] => toBeHeard(assembly, voices()).filter((place) => !asked.has(place));
  try {
    while (!isHeard(assembly, voices())) {
      for (const place of next()) {
        scope
          .run(() => ask(place))
          .catch((error: unknown) => {
            if (!isCancellation(error)) trouble = error;
          });
      }
      await condition(
        () =>
          trouble !== undefined || all().some(isClosed) || isHeard(assembly, voices()) || next().length > 0,
      );
      if (trouble !== undefined) throw trouble as Error;
      const closed = all().find(isClosed);
      if (closed) throw new TaskClosed(closed.state().task.closedBecause ?? '');
    }
  } finally {
    scope.cancel();
  }
  const answers = all().flatMap((one) => one.state().answer ?? []);
  const { agreed, against, total } = tallyOf(assembly, voices());
  for (const one of all()) {
    one.sitsWith(undefined);
    one.takenUp();
    if (isOpen(one)) one.close('结果已定，不再需要');
  }
  return { carried: outcomeOf(assembly, voices()) === 'carried', answers, agreed, against, total };
}

/** As long as the work goes on, decisions on these can be retracted: nothing has been built on them. */
async function inSession(assigned: readonly Assigned<unknown>[], work: () => Promise<void>): Promise<void> {
  for (const one of assigned) one.sitsWith(assigned.map(({ id }) => id));
  await work();
  for (const one of assigned) one.sitsWith(undefined);
}

/** A seat agrees when all who hold it do, and objects as soon as one of them does. */
function saidBy<Form>(holders: readonly Assigned<Form>[], agrees: (form: Form) => boolean): Voice['says'] {
  const said = holders.map((one) => one.state().answer);
  if (said.some((answer) => answer && !agrees(answer.form))) return 'objects';
  return holders.length > 0 && said.every((answer) => answer !== undefined) ? 'agrees' : undefined;
}

function isOpen(one: Assigned<unknown>): boolean {
  return one.state().task.status === 'open';
}

function isClosed(one: Assigned<unknown>): boolean {
  return one.state().task.status === 'closed';
}
