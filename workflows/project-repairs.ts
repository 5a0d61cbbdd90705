import { CancellationScope, condition } from '@temporalio/workflow';
import type { Json } from '../domain/events';
import { repair, type RepairForm } from '../domain/forms/repair';
import type { RepairMark } from '../domain/node';
import type { Step } from '../policy/keys';
import type { ActDesk } from './acts';
import type { RecordKeeper } from './record-keeper';
import type { StepWorkflow } from './step';
import { repairApprovalStep } from './steps/repair-approval';
import { outside } from './outside';
import { recordAnewSignal, turnBackSignal } from './messages';
import type { Workplace } from './workplace';

/** What the repairs need to know of a project, and to do to it. */
export interface Repairable {
  readonly name: string;
  readonly place: Workplace;
  readonly keeper: RecordKeeper;
  readonly acts: ActDesk;
  /** Steps under way, with the workflow that runs each. */
  running(): ReadonlyMap<Step, string>;
  runControl<I, O>(workflow: StepWorkflow<I, O>, act: string, input: I): Promise<O | undefined>;
}

/** How a step that was repaired goes on. */
export type Repaired = { readonly how: 'again' } | { readonly how: 'moved-on'; readonly output: Json };

/**
 * 应急修复 (break glass): the system administrator proposes, a signatory of the city's housing bureau approves, and only
 * then a step is done again as a further round, its result is entered by hand, or its record is written anew. What may
 * be entered by hand is the form's rule; nothing here knows a way past a step.
 */
export class ProjectRepairs {
  private readonly scopes = new Map<Step, CancellationScope>();
  private readonly granted = new Map<Step, Repaired>();
  private readonly lost = new Set<Step>();
  private readonly done: RepairMark[] = [];

  constructor(private readonly project: Repairable) {
    project.acts.accept(
      repair,
      () => ({ steps: [...new Set([...project.running().keys(), ...this.lost])] }),
      (form, by) => {
        // A project whose own record cannot be written must be able to record this; what does not fit stops it again.
        project.keeper.tryAgain();
        project.place.spawn(() => this.ask(form, by.user));
      },
      { whenSuspended: true, whenStopped: true },
    );
  }

  /** Repairs that were approved, for all to see on the project. */
  get marks(): readonly RepairMark[] {
    return this.done;
  }

  /** Steps that were ended from outside: nothing goes on there before people have repaired it. */
  get lostSteps(): readonly Step[] {
    return [...this.lost];
  }

  /** Runs a round of a step so that a repair can end it. */
  async run<T>(step: Step, round: () => Promise<T>): Promise<T> {
    const scope = new CancellationScope();
    this.scopes.set(step, scope);
    // A repair of the round before that came too late for it repairs nothing of this one.
    this.granted.delete(step);
    try {
      return await scope.run(round);
    } finally {
      this.scopes.delete(step);
    }
  }

  /** Waits for the repair of a step that was ended from outside, if none has been approved already. */
  async of(step: Step, workflowId: string): Promise<Repaired> {
    if (!this.granted.has(step)) {
      this.lost.add(step);
      this.project.keeper.tell({
        type: 'step-lost',
        step,
        reason: '步骤流程被从外部终止，待应急修复',
        data: { workflow: workflowId },
      });
    }
    try {
      await condition(() => this.granted.has(step));
    } finally {
      this.lost.delete(step);
    }
    // Only now: until somebody has looked, the sweep goes on telling that a workflow has vanished.
    await outside.layToRest({ workflowId, because: '步骤流程被从外部终止' });
    const granted = this.granted.get(step) ?? { how: 'again' };
    this.granted.delete(step);
    return granted;
  }

  private async ask(form: RepairForm, proposer: string): Promise<void> {
    const { project } = this;
    const { measure, step, reason, output } = form;
    const answer = await project.runControl(repairApprovalStep, 'repair', {
      project: project.name,
      measure,
      step,
      reason,
      ...(output === undefined ? {} : { output: output as Json }),
    });
    const remarks = answer?.opinion ?? reason;
    if (!answer?.approved) {
      project.keeper.tell({ type: 'repair-refused', step, reason: remarks });
      return;
    }
    project.keeper.tell({ type: 'repair-approved', step, reason: remarks, data: { measure, proposer } });
    this.done.push({ measure, step, reason, at: new Date().toISOString() });
    await this.carryOut(form);
  }

  private async carryOut({ measure, step, reason, output }: RepairForm): Promise<void> {
    const { place, running } = this.project;
    const to = running().get(step);
    if (measure === 'record-again') {
      if (to !== undefined) await place.post.send([{ to, signal: recordAnewSignal, content: null }]);
      return;
    }
    this.granted.set(
      step,
      measure === 'move-on' ? { how: 'moved-on', output: output as Json } : { how: 'again' },
    );
    if (to === undefined) return;
    const content = { reason, at: new Date().toISOString() };
    await place.post.send([{ to, signal: turnBackSignal, content }]);
    this.scopes.get(step)?.cancel();
  }
}
