import { taskKinds } from '../domain/forms';
import { coSignature } from '../domain/forms/co-signature';
import { paperConfirmation } from '../domain/forms/paper';
import type { PeriodRule } from '../domain/due';
import type { SamePerson } from '../domain/same-person';
import type { Task } from '../domain/task';
import { seatText } from '../policy/keys';
import type { OpenTask, Request } from './assigned';
import type { Joint } from './same-person';

/** What crosses of a desk into a further run of its workflow (`long-life.ts`): plain JSON. */
export interface KeptTasks {
  /** How many tasks have been assigned so far. */
  readonly count: number;
  /** Users who decided the last task. */
  readonly lastBy: readonly string[];
  readonly tasks: readonly KeptTask[];
}

interface KeptTask {
  readonly state: Task;
  readonly rule: PeriodRule;
  readonly remindedUntil: number;
  readonly about?: string;
  /** Whom it is kept from because they have decided another of the same joint decision. */
  readonly barred?: readonly string[];
  /** Which joint decision it takes part in, by number, and what is done of the same person there. */
  readonly joint?: { readonly no: number; readonly samePerson: SamePerson };
}

type Barred = ReadonlyMap<string, readonly string[]>;

/** Somebody is still to do something: whoever has it, or its step, which waits for others too. */
export function isAwaited({ state, takenUp }: OpenTask): boolean {
  if (state.status === 'open') return true;
  return state.status === 'completed' && state.kind !== coSignature.kind && !takenUp;
}

/** Those that are awaited; the others stay behind. */
export function kept(tasks: Iterable<OpenTask>, barred: Barred): KeptTask[] {
  const joints: Joint[] = [];
  const numberOf = (joint: Joint): number => {
    if (!joints.includes(joint)) joints.push(joint);
    return joints.indexOf(joint);
  };
  return [...tasks].filter(isAwaited).map(({ state, rule, remindedUntil, about, joint }) => {
    const keptFrom = barred.get(state.id);
    return {
      state,
      rule,
      remindedUntil,
      ...(about === undefined ? {} : { about }),
      ...(keptFrom === undefined ? {} : { barred: keptFrom }),
      ...(joint === undefined ? {} : { joint: { no: numberOf(joint), samePerson: joint.samePerson } }),
    };
  });
}

/** The same tasks, as a desk has them; what belonged together belongs together. */
export function takenOver(tasks: readonly KeptTask[]): OpenTask[] {
  const joints = new Map<number, Joint>();
  return tasks.map(({ state, rule, remindedUntil, about, joint }) => {
    const kind = taskKinds[state.kind];
    if (!kind) throw new Error(`no kind ${state.kind}`);
    if (joint && !joints.has(joint.no)) joints.set(joint.no, { samePerson: joint.samePerson });
    return { kind, state, rule, remindedUntil, about, takenUp: false, joint: joint && joints.get(joint.no) };
  });
}

/** The tasks of the run before that its step has not asked for again yet. What the desk itself asked for is not among them. */
export class Unclaimed {
  private left: readonly OpenTask[] = [];

  add(tasks: readonly OpenTask[]): void {
    this.left = tasks.filter(({ state }) => !DESKS_OWN.includes(state.kind));
  }

  claim(kind: string, { seat, about }: Pick<Request<unknown>, 'seat' | 'about'>): OpenTask[] {
    const isMeant = ({ state, about: ofIt }: OpenTask): boolean =>
      state.kind === kind && ofIt === about && seatText(state.seat) === seatText(seat);
    const claimed = this.left.filter(isMeant);
    this.left = this.left.filter((one) => !claimed.includes(one));
    return claimed;
  }
}

const DESKS_OWN: readonly string[] = [coSignature.kind, paperConfirmation.kind];
