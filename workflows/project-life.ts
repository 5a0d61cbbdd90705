import {
  CancellationScope,
  allHandlersFinished,
  condition,
  currentUpdateInfo,
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Actor } from '../domain/actor';
import { EMPTY_HEAD, type ChainHead, type Json } from '../domain/events';
import { controlRight, returnRight, type ControlContext, type Stretch } from '../domain/forms/control';
import * as control from '../domain/forms/control';
import type { ProjectEnd, ProjectNode, ProjectStatus } from '../domain/node';
import { isBefore, STEP_ORDER, type ProjectCommunity, type ProjectStart } from '../domain/project';
import type { Plan } from '../domain/plan';
import type { Bindings } from '../domain/seats';
import type { ActKind, Stage } from '../domain/task';
import type { Candidate } from '../domain/world';
import type { Seat, Step } from '../policy/keys';
import { ActDesk } from './acts';
import { projectDetails } from './details';
import {
  beginActUpdate,
  briefingChangedSignal,
  leftSignal,
  listingSignal,
  readySignal,
  recordAgainSignal,
  recordStateQuery,
  resumeSignal,
  suspendSignal,
  turnBackSignal,
  workflowIds,
  type ListingNews,
  type Stop,
} from './messages';
import { RecordKeeper } from './record-keeper';
import { runStep } from './run-step';
import { statusKey, stepKey } from './search-attributes';
import type { FiledDocument, StepEnd, StepStart, StepWorkflow } from './step';
import { consent } from './steps/consent';
import { intake } from './steps/intake';
import { Workplace } from './workplace';

/** Where the joint document stands for this project. */
export type Listing =
  | { readonly outcome: 'listed'; readonly year: number; readonly number: string; readonly date: string }
  | { readonly outcome: 'corrected'; readonly remarks: string };

/** What ends or turns back the walk from outside of it. */
type Turn =
  | { readonly turn: 'end'; readonly end: ProjectEnd; readonly reason: string }
  | { readonly turn: 'back'; readonly to: Step; readonly reason: string };

/** Thrown by the walk itself where the policy ends a project. */
export class Ended extends Error {
  override readonly name = 'Ended';

  constructor(
    readonly end: ProjectEnd,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/**
 * A project's life: its steps in their order, their outputs as plain JSON, and the controls.
 *
 * - A step that is done is remembered with its output and not run again, so that the walk can simply be walked anew:
 *   a return forgets the outputs from a step on, an intake begins with outputs from paper.
 * - A control (withdraw, cancel, residents' vote, return) cancels the scope of the walk; every running step closes
 *   its tasks, hands back its chain's head, and only then the walk goes on or the project ends.
 * - No task lives here, and the history stays short: steps are child workflows.
 */
export class ProjectLife {
  private readonly workflowId = workflowInfo().workflowId;
  private readonly startedAt = new Date().toISOString();
  private readonly outputs = new Map<Step, Json>();
  private readonly rounds = new Map<Step, number>();
  private readonly running = new Map<Step, string>();
  private readonly controlRounds = new Map<string, number>();
  private readonly bindings: Bindings;
  private readonly filed: FiledDocument[] = [];
  private readonly onPaper: Step[] = [];
  private readonly news: ListingNews[] = [];
  private readonly acts: ActDesk;
  private readonly place: Workplace;
  private readonly keeper: RecordKeeper;
  private endedHeads: ({ workflowId: string } & ChainHead)[] = [];
  private walkScope = new CancellationScope();
  private turn: Turn | undefined;
  private consenting = false;
  private asked: number | undefined;
  private submitted = false;
  private document: { number: string; date: string; year: number } | undefined;
  private stop: Stop | undefined;
  private status: ProjectStatus = 'running';
  private reason: string | undefined;
  private endedAt: string | undefined;
  /** Where the project stands on its way through the year's plan, which it shares with others. */
  private stage: Step | undefined;
  year: number;
  communities: readonly ProjectCommunity[];
  /** The plan that the residents have last seen on a public notice. */
  noticed: Plan | undefined;
  /** Why the project came back to an earlier step: shown to those who do it again. */
  remarks: string | undefined;

  constructor(readonly start: ProjectStart) {
    this.year = start.year;
    this.communities = start.communities;
    this.bindings = { ...start.intake?.bindings };
    const county = start.county;
    this.keeper = new RecordKeeper(
      this.workflowId,
      EMPTY_HEAD.hash,
      { projectId: start.projectId, county },
      () => this.node(),
    );
    this.place = new Workplace(this.keeper, start.policy, {
      city: start.city,
      county,
      places: start.communities.map(({ place }) => place),
      bindings: this.bindings,
    });
    this.acts = new ActDesk(this.place, this.workflowId);
    this.acceptControls();
    const updateId = (): string => currentUpdateInfo()?.id ?? '';
    setHandler(beginActUpdate, (request) => this.acts.begin(request, updateId()), {
      validator: (request) => this.acts.validate(request),
    });
    setHandler(listingSignal, (news) => void this.news.push(news));
    setHandler(briefingChangedSignal, () => this.place.briefAgain());
    setHandler(recordAgainSignal, (store) => this.keeper.recordAgain(store));
    setHandler(recordStateQuery, () => this.keeper.state());
    this.keeper.start();
  }

  /** Walks, again after every return, until the project has come to one of its ends. */
  async run(walk: () => Promise<void>): Promise<ProjectEnd> {
    await this.place.brief();
    this.keeper.tell({
      type: 'project-started',
      by: this.start.startedBy,
      data: {
        year: this.year,
        communities: this.communities.map(({ id }) => id),
        policy: this.start.policy.version,
      },
    });
    for (;;) {
      this.walkScope = new CancellationScope();
      try {
        await this.walkScope.run(walk);
        return await this.close('completed');
      } catch (error) {
        if (error instanceof Ended) return await this.close(error.end, error.reason);
        if (!isCancellation(error) || this.turn === undefined) throw error;
      }
      await condition(() => this.running.size === 0);
      const turn = this.turn;
      this.turn = undefined;
      if (turn.turn === 'end') return await this.close(turn.end, turn.reason);
      if (isBefore(turn.to, 'county-submission')) await this.leaveSubmission(turn.reason);
      this.reopen(turn.to, turn.reason);
    }
  }

  /** Runs a step as a child workflow, unless its output is known already. */
  async step<Input, Output>(workflow: StepWorkflow<Input, Output>, input: Input): Promise<Output> {
    const step = workflow.step as Step;
    const known = this.outputs.get(step);
    if (known !== undefined) return known as Output;
    const round = (this.rounds.get(step) ?? 0) + 1;
    this.rounds.set(step, round);
    const workflowId = workflowIds.step(this.start.projectId, step, round);
    this.running.set(step, workflowId);
    this.keeper.tell({ type: 'step-started', step, round, data: { heads: this.takeHeads() } });
    upsertSearchAttributes([
      { key: stepKey, value: step },
      { key: statusKey, value: this.statusNow() },
    ]);
    try {
      const end = await this.child(workflow, workflowId, step, round, input);
      this.endedHeads.push({ workflowId, ...end.head });
      Object.assign(this.bindings, end.bindings);
      this.filed.push(...end.documents);
      if (end.output === undefined) {
        this.keeper.tell({ type: 'step-closed', step, round, reason: this.turn?.reason ?? '' });
        // Turned back: the walk's own cancellation is on its way.
        await CancellationScope.current().cancelRequested;
      }
      this.outputs.set(step, end.output as Json);
      return end.output as Output;
    } finally {
      this.running.delete(step);
    }
  }

  /** Forgets the outputs from `step` on, so that the walk does them again as further rounds. */
  reopen(step: Step, remarks: string): void {
    for (const known of STEP_ORDER) if (!isBefore(known, step)) this.outputs.delete(known);
    this.remarks = remarks;
    // Back to the notice itself, or to the wishes before it: what was shown no longer counts as shown.
    if (step === 'public-notice' || step === 'needs-collection') this.noticed = undefined;
    if (!isBefore('county-submission', step)) this.submitted = false;
    this.keeper.tell({ type: 'turned-back', step, reason: remarks });
  }

  /**
   * 接入: a project begun on paper. The city confirms what the county entered; then the steps before the entry are
   * known from paper and the walk begins at the entry.
   */
  async takeIn(): Promise<void> {
    const { intake: paper } = this.start;
    if (!paper || this.onPaper.length > 0) return;
    const workflowId = workflowIds.step(this.start.projectId, 'intake', 1);
    const { output, head } = await this.child(intake, workflowId, 'control', 1, {
      project: this.start.name,
      enterAt: paper.enterAt,
      documents: paper.documents.map(({ step, name, date }) => ({ step, name, date })),
      notBy: [this.start.startedBy.user],
    });
    this.endedHeads.push({ workflowId, ...head });
    if (!output?.confirmed) throw new Ended('withdrawn', output?.opinion ?? '接入未获确认');
    for (const [step, known] of Object.entries(paper.outputs)) this.outputs.set(step as Step, known);
    this.onPaper.push(...STEP_ORDER.filter((step) => isBefore(step, paper.enterAt)));
    this.filed.push(
      ...paper.documents.map(({ step, name, attachment }) => ({ step, key: name, attachment })),
    );
    const listed = this.outputs.get('joint-document') as Partial<Listing & { outcome: 'listed' }> | undefined;
    if (listed?.number !== undefined && listed.date !== undefined && listed.year !== undefined) {
      this.document = { number: listed.number, date: listed.date, year: listed.year };
    }
    this.keeper.tell({ type: 'taken-in', data: { enterAt: paper.enterAt, onPaper: this.onPaper } });
  }

  outputOf<Output>(step: Step): Output | undefined {
    return this.outputs.get(step) as Output | undefined;
  }

  /** A community has declined and leaves; the project goes on with the others, or ends without any. */
  keepCommunities(ids: readonly string[]): void {
    const left = this.communities.filter(({ id }) => !ids.includes(id));
    if (left.length === 0) return;
    this.communities = this.communities.filter(({ id }) => ids.includes(id));
    this.keeper.tell({ type: 'communities-left', data: { communities: left.map(({ id }) => id) } });
  }

  /** The project's file: its documents, since which step it is kept here, and whether the accounts are in it. */
  file(): { documents: readonly FiledDocument[]; from: Step; accounts: boolean } {
    return {
      documents: this.filed,
      from: this.start.intake?.enterAt ?? 'needs-collection',
      accounts: this.outputs.has('final-accounts'),
    };
  }

  /**
   * Waits for the project's place in a year's plan: pool → county's list → joint review → municipal approval →
   * joint document. A project that misses the close or is deferred waits for the next year (P2.1.4, P2.2.1).
   */
  async listing(candidate: Omit<Candidate, 'projectId' | 'name' | 'readyAt'>): Promise<Listing> {
    const known = this.outputs.get('joint-document');
    if (known !== undefined) return known as unknown as Listing;
    try {
      await this.askForListing(candidate);
      for (;;) {
        await condition(() => this.news.length > 0);
        const news = this.news.shift();
        if (!news || (news.year !== this.year && news.news !== 'late-admitted')) continue;
        this.keeper.tell({
          type: `listing-${news.news}`,
          data: news,
          ...('remarks' in news ? { reason: news.remarks } : {}),
        });
        switch (news.news) {
          case 'submitted':
            this.submitted = true;
            this.enter('county-submission');
            break;
          case 'in-review':
            this.enter('joint-review');
            break;
          case 'reviewed':
            this.enter('municipal-approval');
            break;
          case 'late-admitted':
            // Meanwhile it waits on the next year's list; the city has taken it back onto this one.
            if (this.year !== news.year) await this.leaveSubmission('补报列入上一年度计划');
            this.year = news.year;
            this.asked = news.year;
            this.submitted = true;
            this.enter('joint-review');
            break;
          case 'rejected':
            throw new Ended('rejected', news.remarks);
          case 'corrected':
            return { outcome: 'corrected', remarks: news.remarks };
          case 'deferred':
          case 'missed':
            this.year = news.year + 1;
            this.submitted = false;
            await this.askForListing(candidate);
            break;
          case 'listed': {
            this.document = { number: news.number, date: news.date, year: news.year };
            const listed: Listing = {
              outcome: 'listed',
              year: news.year,
              number: news.number,
              date: news.date,
            };
            this.outputs.set('joint-document', listed);
            return listed;
          }
        }
      }
    } finally {
      this.stage = undefined;
      this.status = 'running';
    }
  }

  private enter(stage: Step): void {
    this.stage = stage;
    this.status = 'running';
    this.rounds.set(stage, (this.rounds.get(stage) ?? 0) + 1);
  }

  /**
   * The record comes first: a submission that opens later finds the project there; one that is open is told.
   */
  private async askForListing(candidate: Omit<Candidate, 'projectId' | 'name' | 'readyAt'>): Promise<void> {
    this.enter('county-submission');
    this.status = 'waiting';
    this.asked = this.year;
    this.candidate = {
      ...candidate,
      projectId: this.start.projectId,
      name: this.start.name,
      readyAt: new Date().toISOString(),
    };
    this.keeper.tell({ type: 'ready-for-submission', data: { year: this.year, candidate: this.candidate } });
    await this.keeper.flushed();
    await this.tellSubmission((handle) => handle.signal(readySignal, this.candidate as Candidate));
  }
  private candidate: Candidate | undefined;

  /** Off the county's list, if it is on one and nothing has been issued yet. */
  private async leaveSubmission(reason: string): Promise<void> {
    if (this.asked === undefined || this.document !== undefined) return;
    await this.tellSubmission((handle) =>
      handle.signal(leftSignal, { projectId: this.start.projectId, reason }),
    );
    this.asked = undefined;
    this.submitted = false;
  }

  private async tellSubmission(
    send: (handle: ReturnType<typeof getExternalWorkflowHandle>) => Promise<void>,
  ): Promise<void> {
    if (this.asked === undefined) return;
    try {
      await send(getExternalWorkflowHandle(workflowIds.submission(this.asked, this.start.county)));
    } catch (error) {
      if (isCancellation(error)) throw error;
      // No such submission yet, or it has ended: the next one reads the pool when it opens.
    }
  }

  private async child<Input, Output>(
    workflow: StepWorkflow<Input, Output>,
    workflowId: string,
    step: Stage,
    round: number,
    input: Input,
  ): Promise<StepEnd<Output>> {
    const { projectId, county, city, policy } = this.start;
    const start: StepStart<Input> = {
      projectId,
      county,
      city,
      step,
      round,
      places: this.communities.map(({ place }) => place),
      bindings: this.bindings,
      policy,
      head: this.keeper.state().head,
      ...(this.stop ? { suspended: this.stop } : {}),
      input,
    };
    return runStep(workflow, workflowId, start, {
      summary: `${this.start.name} · ${step} · ${round}`,
      year: this.year,
    });
  }

  private stretch(): Stretch {
    if (this.outputs.has('tendering')) return 'after-contracts';
    if (this.outputs.has('joint-document')) return 'before-contracts';
    return this.submitted ? 'before-joint-document' : 'before-submission';
  }

  private steps(): Step[] {
    return [...this.running.keys(), ...(this.stage === undefined ? [] : [this.stage])];
  }

  private controlContext(): ControlContext {
    const steps = this.steps();
    return { steps, returnable: returnRight(this.start.policy, steps, this.stretch()).to };
  }

  private acceptControls(): void {
    const context = (): ControlContext => this.controlContext();
    const seats = (act: Parameters<typeof controlRight>[1]) => (): readonly Seat[] =>
      controlRight(this.start.policy, act, this.stretch())?.seats ?? [];

    const suspendable = (): void => {
      this.acts.accept(control.suspension, context, (form) => this.suspend(form.reason), {
        seats: seats('suspend'),
      });
      this.acts.refuse('resumption');
    };
    const resumable = (): void => {
      this.acts.accept(control.resumption, context, (form) => this.resume(form.reason), {
        seats: seats('resume'),
        whenSuspended: true,
      });
      this.acts.refuse('suspension');
    };
    this.suspendable = suspendable;
    this.resumable = resumable;
    suspendable();

    this.acts.accept(
      control.turnBack,
      context,
      (form) => this.turnTo({ turn: 'back', to: form.to, reason: form.reason }),
      { seats: () => returnRight(this.start.policy, this.steps(), this.stretch()).seats },
    );
    this.acceptEnd(control.withdrawal, 'withdraw', 'withdrawn');
    this.acceptEnd(control.cancellation, 'cancel', 'cancelled');
    this.acts.accept(
      control.residentsVote,
      () => {
        const { ratios, ownersMatters } = this.start.policy;
        const communities = this.communities.map(({ id, name }) => ({ id, name }));
        return { ...context(), communities, policy: { ratios, ownersMatters } };
      },
      (form) => this.turnTo({ turn: 'end', end: 'residents-declined', reason: form.reason }),
      { seats: seats('residents-vote'), whenSuspended: true },
    );
  }
  private suspendable: () => void = () => undefined;
  private resumable: () => void = () => undefined;

  /** A control that ends the project, at once or when the seats that policy names have consented. */
  private acceptEnd<F extends { reason: string }>(
    kind: ActKind<ControlContext, F & Record<string, unknown>>,
    act: 'withdraw' | 'cancel',
    end: ProjectEnd,
  ): void {
    this.acts.accept(
      kind,
      () => this.controlContext(),
      (form, by) => {
        const right = controlRight(this.start.policy, act, this.stretch());
        if (!right || right.consent.length === 0)
          return this.turnTo({ turn: 'end', end, reason: form.reason });
        this.place.spawn(() => this.askConsent(kind.act, kind.title, form, by, right.consent, end));
        return undefined;
      },
      {
        seats: () =>
          this.consenting ? [] : (controlRight(this.start.policy, act, this.stretch())?.seats ?? []),
        whenSuspended: true,
      },
    );
  }

  private async askConsent(
    act: string,
    title: string,
    form: { reason: string },
    by: Actor,
    seats: readonly Seat[],
    end: ProjectEnd,
  ): Promise<void> {
    this.consenting = true;
    const round = (this.controlRounds.get(act) ?? 0) + 1;
    this.controlRounds.set(act, round);
    const workflowId = workflowIds.step(this.start.projectId, act, round);
    try {
      const answer = await this.child(consent, workflowId, 'control', round, {
        seats,
        context: {
          act,
          title,
          reason: form.reason,
          form: JSON.parse(JSON.stringify(form)) as Json,
          by: by.organisation,
        },
        notBy: [by.user],
      });
      this.endedHeads.push({ workflowId, ...answer.head });
      const consented = answer.output?.consented ?? false;
      this.keeper.tell({ type: consented ? `${act}-consented` : `${act}-refused`, reason: form.reason });
      if (consented) this.turnTo({ turn: 'end', end, reason: form.reason });
    } finally {
      this.consenting = false;
    }
  }

  private turnTo(turn: Turn): undefined {
    if (this.turn !== undefined) return undefined;
    this.turn = turn;
    const stop: Stop = { reason: turn.reason, at: new Date().toISOString() };
    this.place.spawn(async () => {
      if (this.stop && turn.turn === 'back') this.resume(turn.reason);
      await this.tellSteps((handle) => handle.signal(turnBackSignal, stop));
      this.walkScope.cancel();
    });
    return undefined;
  }

  private suspend(reason: string): undefined {
    const stop: Stop = { reason, at: new Date().toISOString() };
    this.stop = stop;
    this.place.suspend(stop);
    this.keeper.tell({ type: 'project-suspended', reason });
    this.place.spawn(() => this.tellSteps((handle) => handle.signal(suspendSignal, stop)));
    this.resumable();
    return undefined;
  }

  private resume(reason: string): undefined {
    const stop: Stop = { reason, at: new Date().toISOString() };
    this.stop = undefined;
    this.place.resume(stop);
    this.keeper.tell({ type: 'project-resumed', reason });
    this.place.spawn(() => this.tellSteps((handle) => handle.signal(resumeSignal, stop)));
    this.suspendable();
    return undefined;
  }

  private async tellSteps(
    send: (handle: ReturnType<typeof getExternalWorkflowHandle>) => Promise<void>,
  ): Promise<void> {
    for (const workflowId of this.running.values()) {
      try {
        await send(getExternalWorkflowHandle(workflowId));
      } catch (error) {
        // It has ended in this very moment; there is nobody left to tell.
        if (isCancellation(error)) throw error;
      }
    }
  }

  private takeHeads(): ({ workflowId: string } & ChainHead)[] {
    const heads = this.endedHeads;
    this.endedHeads = [];
    return heads;
  }

  private async close(end: ProjectEnd, reason?: string): Promise<ProjectEnd> {
    return CancellationScope.nonCancellable(async () => {
      if (end !== 'completed') await this.leaveSubmission(reason ?? end);
      await condition(allHandlersFinished);
      this.status = end;
      this.reason = reason;
      this.endedAt = new Date().toISOString();
      for (const { act } of this.acts.open()) this.acts.refuse(act);
      upsertSearchAttributes([{ key: statusKey, value: end }]);
      this.keeper.tell({
        type: 'project-ended',
        ...(reason === undefined ? {} : { reason }),
        data: { end, heads: this.takeHeads() },
      });
      await this.keeper.flushed();
      return end;
    });
  }

  private statusNow(): ProjectStatus {
    if (this.keeper.stopped) return 'needs-repair';
    if (this.stop && this.endedAt === undefined) return 'suspended';
    return this.status;
  }

  private node(): ProjectNode {
    const node: ProjectNode = {
      node: 'project',
      projectId: this.start.projectId,
      name: this.start.name,
      county: this.start.county,
      year: this.year,
      communities: this.communities.map(({ id }) => id),
      status: this.statusNow(),
      steps: this.steps(),
      rounds: Object.fromEntries(this.rounds),
      running: Object.fromEntries(this.running),
      bindings: this.bindings,
      policyVersion: this.start.policy.version,
      ...(this.document ? { document: this.document } : {}),
      onPaper: this.onPaper,
      outputs: Object.fromEntries(this.outputs),
      ...(this.candidate ? { candidate: this.candidate } : {}),
      acts: this.acts.open(),
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      startedAt: this.startedAt,
      ...(this.endedAt === undefined ? {} : { endedAt: this.endedAt }),
    };
    setCurrentDetails(projectDetails(node, this.stop?.reason));
    return node;
  }
}
