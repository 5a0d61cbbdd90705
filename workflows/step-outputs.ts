import type { Json } from '../domain/events';
import { isBefore, STEP_ORDER } from '../domain/project';
import type { Step } from '../policy/keys';

/** What the steps of a project have handed on, so that the walk can be walked anew: what is known is not done again. */
export class StepOutputs {
  private readonly known = new Map<Step, Json>();
  /** Of steps that are done again while what comes after them stands: what they handed on before. */
  private readonly before = new Map<Step, Json>();

  get(step: Step): Json | undefined {
    return this.known.get(step);
  }

  has(step: Step): boolean {
    return this.known.has(step);
  }

  all(): Readonly<Partial<Record<Step, Json>>> {
    return Object.fromEntries(this.known);
  }

  /** @returns what it handed on before, where it was done again while what comes after it stands */
  put(step: Step, output: Json): Json | undefined {
    const before = this.before.get(step);
    this.before.delete(step);
    this.known.set(step, output);
    return before;
  }

  /** All from this step on is done again. */
  forgetFrom(step: Step): void {
    for (const one of STEP_ORDER.filter((other) => !isBefore(other, step))) {
      this.known.delete(one);
      this.before.delete(one);
    }
  }

  /** Only this step is done again; of one turned back twice in a row, what it handed on at first counts. */
  redo(step: Step): void {
    const known = this.known.get(step);
    if (known === undefined) return;
    if (!this.before.has(step)) this.before.set(step, known);
    this.known.delete(step);
  }

  /** The first step after this one that is done. */
  doneAfter(step: Step): Step | undefined {
    return STEP_ORDER.find((other) => isBefore(step, other) && this.known.has(other));
  }
}
