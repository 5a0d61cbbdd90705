import { personsOf, type Actor } from '../domain/actor';
import type { Json } from '../domain/events';
import * as control from '../domain/forms/control';
import type { ProjectEnd } from '../domain/node';
import type { ProjectCommunity } from '../domain/project';
import type { ActKind } from '../domain/task';
import type { Seat, Step } from '../policy/keys';
import type { ActDesk } from './acts';
import type { Stop } from './messages';
import type { Turn } from './project-end';
import type { RecordKeeper } from './record-keeper';
import type { StepWorkflow } from './step';
import { consent } from './steps/consent';
import type { Workplace } from './workplace';

type ControlAct = Parameters<typeof control.controlRight>[1];

/** What the controls need to know of a project, and to do to it. */
export interface Controlled {
  readonly place: Workplace;
  readonly keeper: RecordKeeper;
  readonly acts: ActDesk;
  stretch(): control.Stretch;
  communities(): readonly ProjectCommunity[];
  steps(): Step[];
  /** Ends the walk, or turns it back, once every running step has closed. */
  turn(turn: Turn): void;
  suspended(stop: Stop): void;
  resumed(stop: Stop): void;
  /** Runs a step that belongs to the control, not to the walk. */
  runControl<I, O>(workflow: StepWorkflow<I, O>, act: string, input: I): Promise<O | undefined>;
}

/**
 * Who may stop or turn back a project, and until when (domain.md): suspend and resume, return, withdraw, cancel, and
 * the residents' vote. Rights come from the policy by the stretch of the project's life; each act is an Update on the
 * project's workflow, those that need consent open tasks first.
 */
export class ProjectControls {
  private stop: Stop | undefined;
  private consenting = false;

  constructor(private readonly project: Controlled) {
    this.acceptSuspension();
    this.acceptReturn();
    this.acceptEnd(control.withdrawal, 'withdraw', 'withdrawn');
    this.acceptEnd(control.cancellation, 'cancel', 'cancelled');
    project.acts.accept(
      control.residentsVote,
      () => {
        const { ratios, ownersMatters } = project.place.policy;
        const communities = project.communities().map(({ id, name }) => ({ id, name }));
        return { ...this.context(), communities, policy: { ratios, ownersMatters } };
      },
      (form) => project.turn({ turn: 'end', end: 'residents-declined', reason: form.reason }),
      { seats: this.seats('residents-vote'), whenSuspended: true },
    );
  }

  /** Since when and why the project stands still. */
  get suspension(): Stop | undefined {
    return this.stop;
  }

  resume(reason: string): void {
    if (!this.stop) return;
    this.stop = undefined;
    this.project.keeper.tell({ type: 'project-resumed', reason });
    this.project.resumed({ reason, at: new Date().toISOString() });
    this.acceptSuspension();
  }

  private suspend(reason: string): void {
    const stop: Stop = { reason, at: new Date().toISOString() };
    this.stop = stop;
    this.project.keeper.tell({ type: 'project-suspended', reason });
    this.project.suspended(stop);
    this.acceptSuspension();
  }

  private context(): control.ControlContext {
    const { policy } = this.project.place;
    const steps = this.project.steps();
    return { steps, returnable: control.returnRight(policy, steps, this.project.stretch()).to };
  }

  private seats(act: ControlAct): () => readonly Seat[] {
    return () => control.controlRight(this.project.place.policy, act, this.project.stretch())?.seats ?? [];
  }

  /** A running project can be suspended, a suspended one resumed. */
  private acceptSuspension(): void {
    const { acts } = this.project;
    const context = () => this.context();
    if (this.stop) {
      acts.refuse(control.suspension.act);
      acts.accept(control.resumption, context, (form) => this.resume(form.reason), {
        seats: this.seats('resume'),
        whenSuspended: true,
      });
    } else {
      acts.refuse(control.resumption.act);
      acts.accept(control.suspension, context, (form) => this.suspend(form.reason), {
        seats: this.seats('suspend'),
      });
    }
  }

  private acceptReturn(): void {
    const { project } = this;
    project.acts.accept(
      control.turnBack,
      () => this.context(),
      ({ to, reason, then = 'walk-again' }) =>
        project.turn({ turn: 'back', to, reason, then, from: project.steps() }),
      { seats: () => control.returnRight(project.place.policy, project.steps(), project.stretch()).seats },
    );
  }

  /** A control that ends the project, at once or when the seats that policy names have consented. */
  private acceptEnd<F extends { readonly reason: string } & Record<string, unknown>>(
    kind: ActKind<control.ControlContext, F>,
    act: ControlAct,
    end: ProjectEnd,
  ): void {
    const { project } = this;
    const right = () => control.controlRight(project.place.policy, act, project.stretch());
    project.acts.accept(
      kind,
      () => this.context(),
      (form, by) => {
        const seats = right()?.consent ?? [];
        if (seats.length === 0) project.turn({ turn: 'end', end, reason: form.reason });
        else project.place.spawn(() => this.askConsent(kind, form, by, seats, end));
      },
      { seats: () => (this.consenting ? [] : (right()?.seats ?? [])), whenSuspended: true },
    );
  }

  private async askConsent(
    { act, title }: { readonly act: string; readonly title: string },
    form: { readonly reason: string },
    by: Actor,
    seats: readonly Seat[],
    end: ProjectEnd,
  ): Promise<void> {
    this.consenting = true;
    try {
      const { reason } = form;
      const entered = JSON.parse(JSON.stringify(form)) as Json;
      const answer = await this.project.runControl(consent, act, {
        seats,
        context: { act, title, reason, form: entered, by: by.organisation },
        notBy: personsOf(by),
      });
      const consented = answer?.consented ?? false;
      this.project.keeper.tell({ type: consented ? `${act}-consented` : `${act}-refused`, reason });
      if (consented) this.project.turn({ turn: 'end', end, reason });
    } finally {
      this.consenting = false;
    }
  }
}
