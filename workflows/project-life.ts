import {
  allHandlersFinished,
  CancellationScope,
  ChildWorkflowFailure,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
  type SignalDefinition,
} from '@temporalio/workflow';
import { personsOf } from '../domain/actor';
import { changesBehind, noticeAnew } from '../domain/come-back';
import { EMPTY_HEAD, type ChainHead, type Json } from '../domain/events';
import type { Stretch } from '../domain/forms/control';
import type { ProjectEnd, ProjectNode, ProjectStatus } from '../domain/node';
import type { ListingOutput } from '../domain/outputs';
import type { OwnersDecision } from '../domain/notice';
import type { Plan } from '../domain/plan';
import type { PlanOutput } from '../domain/outputs';
import { isBefore, STEP_ORDER, type ProjectCommunity, type ProjectStart } from '../domain/project';
import type { Bindings } from '../domain/seats';
import type { Letter } from '../domain/signing/letter';
import type { Signature } from '../domain/signing/signature';
import { contentOf } from '../domain/signing/statements';
import type { Stage } from '../domain/task';
import { stageTitles } from '../domain/words';
import type { Step } from '../policy/keys';
import type { PolicySnapshot } from '../policy/snapshot';
import { ActDesk } from './acts';
import { projectDetails } from './details';
import {
  beginActUpdate,
  briefingChangedSignal,
  listingSignal,
  projectionQuery,
  recordAgainSignal,
  recordStateQuery,
  resumeSignal,
  suspendSignal,
  turnBackSignal,
  workflowIds,
  type Stop,
} from './messages';
import { ProjectControls } from './project-controls';
import { ProjectRepairs } from './project-repairs';
import { acceptPolicyMoves } from './project-policy';
import { Ended, type Turn } from './project-end';
import { PlanPlace, type Listing } from './project-listing';
import { RecordKeeper } from './record-keeper';
import { Requests } from './requests';
import { runStep } from './run-step';
import { statusKey, stepKey } from './search-attributes';
import type { FiledDocument, StepEnd, StepWorkflow } from './step';
import { StepOutputs } from './step-outputs';
import { intake } from './steps/intake';
import { Workplace } from './workplace';

/**
 * A project's life: its steps in their order, their outputs as plain JSON, its place in the year's plan and its
 * controls.
 *
 * - A step that is done is remembered with its output and not run again, so that the walk can simply be walked anew:
 *   a return forgets the outputs from a step on, an intake begins with outputs from paper.
 * - A control (withdraw, cancel, residents' vote, return) cancels the scope of the walk; every running step closes
 *   its tasks, hands back its chain's head, and only then the walk goes on or the project ends.
 * - No task lives here, and the history stays short: steps are child workflows.
 */
export class ProjectLife {
  private readonly workflowId = workflowInfo().workflowId;
  private readonly startedAt = workflowInfo().startTime.toISOString();
  private readonly outputs = new StepOutputs();
  private readonly rounds = new Map<Step, number>();
  private readonly controlRounds = new Map<string, number>();
  private readonly running = new Map<Step, string>();
  private readonly bindings: Bindings;
  private readonly filed: FiledDocument[] = [];
  private readonly onPaper: Step[] = [];
  private readonly keeper: RecordKeeper;
  private readonly place: Workplace;
  private readonly acts: ActDesk;
  private readonly planPlace: PlanPlace;
  private readonly controls: ProjectControls;
  private readonly repairs: ProjectRepairs;
  private endedHeads: ({ workflowId: string } & ChainHead)[] = [];
  private walkScope = new CancellationScope();
  private turn: Turn | undefined;
  /** Something was forgotten while the walk was on its way past it. */
  private walksAgain = false;
  private ended: { readonly end: ProjectEnd; readonly reason?: string; readonly at: string } | undefined;
  communities: readonly ProjectCommunity[];
  /** The plan that the residents have last seen on a public notice. */
  noticed: Plan | undefined;
  /** Whatever the plan says, it hangs again: all is walked again, or the notice itself has returned it. */
  noticeAgain = false;
  /** What the owners have decided in favour of; a decision outlives the notice during which it was taken. */
  ownersAgreed: readonly OwnersDecision[] = [];
  /** Why the project came back to an earlier step: shown to those who do it again. */
  remarks: string | undefined;

  constructor(
    readonly start: ProjectStart,
    private readonly seal: Signature,
  ) {
    const { projectId, name, city, county, policy, year } = start;
    this.communities = start.communities;
    this.bindings = { ...start.intake?.bindings };
    this.keeper = new RecordKeeper(this.workflowId, EMPTY_HEAD.hash, { projectId, county }, () => {
      const node = this.node();
      setCurrentDetails(projectDetails(node, this.controls.suspension?.reason));
      return node;
    });
    this.place = new Workplace(this.keeper, policy, {
      city,
      county,
      places: start.communities.map(({ place }) => place),
      bindings: this.bindings,
    });
    this.acts = new ActDesk(this.place, this.workflowId);
    this.planPlace = new PlanPlace(
      { projectId, name, county },
      this.keeper,
      this.place.post,
      (step) => void this.nextRound(step),
      year,
    );
    acceptPolicyMoves({
      place: this.place,
      keeper: this.keeper,
      acts: this.acts,
      running: () => this.running,
    });
    this.controls = new ProjectControls({
      place: this.place,
      keeper: this.keeper,
      acts: this.acts,
      stretch: () => this.stretch(),
      communities: () => this.communities,
      steps: () => this.steps(),
      turn: (turn) => this.turnTo(turn),
      suspended: (stop) => this.standStill(stop),
      resumed: (stop) => this.goOn(stop),
      runControl: (workflow, act, input) => this.runControl(workflow, act, input),
    });
    this.repairs = new ProjectRepairs({
      name,
      place: this.place,
      keeper: this.keeper,
      acts: this.acts,
      running: () => this.running,
      runControl: (workflow, act, input) => this.runControl(workflow, act, input),
    });
    // Everything that validators and handlers read stands; buffered Updates run inside `setHandler`.
    const requests = new Requests(this.keeper, () => this.place.authority.ready);
    setHandler(beginActUpdate, (request) => requests.carryOut((id) => this.acts.begin(request, id)), {
      validator: (request) => requests.validate((id) => this.acts.validate(request, id)),
    });
    const { mailbox } = this.place;
    mailbox.on(listingSignal, (news) => this.planPlace.hear(news));
    mailbox.on(briefingChangedSignal, () => this.place.briefAgain(), ['api', 'worker']);
    mailbox.on(recordAgainSignal, (store) => this.keeper.recordAgain(store));
    setHandler(recordStateQuery, () => this.place.recordState());
    setHandler(projectionQuery, () => this.keeper.projected(this.node(), []));
    this.keeper.start();
  }

  /** Walks, again after every return, until the project has come to one of its ends. */
  async run(walk: () => Promise<void>): Promise<ProjectEnd> {
    await this.place.brief();
    this.place.authority.checkStart(this.start, this.seal);
    const { startedBy, policy } = this.start;
    this.keeper.tell({
      type: 'project-started',
      by: startedBy,
      data: {
        year: this.planPlace.year,
        communities: this.communities.map(({ id }) => id),
        policy: policy.version,
        start: contentOf(this.start),
      },
      signature: this.seal,
    });
    for (;;) {
      this.walkScope = new CancellationScope();
      try {
        do {
          this.walksAgain = false;
          await this.walkScope.run(walk);
        } while (this.walksAgain);
        return await this.close('completed');
      } catch (error) {
        if (error instanceof Ended) return await this.close(error.end, error.reason);
        if (!isCancellation(error) || this.turn === undefined) throw error;
      }
      await condition(() => this.running.size === 0);
      const { turn } = this;
      this.turn = undefined;
      if (turn.turn === 'end') return await this.close(turn.end, turn.reason);
      await this.turnedBack(turn);
    }
  }

  private async turnedBack(turn: Extract<Turn, { turn: 'back' }>): Promise<void> {
    const { to, reason, then, from } = turn;
    const comesBack = then === 'come-back';
    if (isBefore(to, 'county-submission')) {
      await this.planPlace.leave(reason, comesBack && from.includes('joint-review'));
    }
    if (!comesBack) {
      this.noticeAgain ||= !isBefore('public-notice', to);
      return this.reopen(to, reason);
    }
    this.noticeAgain ||= from.includes('public-notice');
    // What came from paper was shown on paper.
    const { plan } = (this.outputs.get('preliminary-plan') ?? {}) as Partial<PlanOutput>;
    if (this.outputs.has('public-notice')) this.noticed ??= plan;
    if (to === 'public-notice') this.noticed = undefined;
    this.outputs.redo(to);
    this.remarks = reason;
    this.keeper.tell({ type: 'turned-back', step: to, reason, data: { then, from } });
  }

  /**
   * What this step and those after it have done no longer stands, though only an earlier one was to be done again:
   * they are walked again.
   */
  private walkAgain(step: Step, why: readonly string[]): void {
    this.outputs.forgetFrom(step);
    this.walksAgain = true;
    this.noticeAgain ||= !isBefore('public-notice', step);
    this.keeper.tell({ type: 'walked-again', step, reason: why.join('；') });
  }

  /** Runs a step as a child workflow, unless its output is known already. */
  async step<Input, Output>(workflow: StepWorkflow<Input, Output>, input: Input): Promise<Output> {
    const step = workflow.step as Step;
    const known = this.outputs.get(step);
    if (known !== undefined) return known as Output;
    for (;;) {
      const end = await this.round(workflow, step, input);
      if (end?.output !== undefined) {
        Object.assign(this.bindings, end.bindings);
        this.filed.push(...end.documents);
        this.handedOn(step, end.output as Json);
        return end.output;
      }
      // Turned back: the walk's own cancellation is on its way. Otherwise somebody has ended the step from outside.
      if (this.turn !== undefined) await CancellationScope.current().cancelRequested;
      const round = this.rounds.get(step) ?? 1;
      const repaired = await this.repairs.of(step, workflowIds.step(this.start.projectId, step, round));
      if (repaired.how === 'moved-on') {
        this.handedOn(step, repaired.output);
        return repaired.output as Output;
      }
    }
  }

  private handedOn(step: Step, output: Json): void {
    const before = this.outputs.put(step, output);
    const next = this.outputs.doneAfter(step);
    if (before === undefined || next === undefined) return;
    const { plan } = output as Partial<PlanOutput>;
    const changes =
      step === 'preliminary-plan' && this.noticed && plan
        ? noticeAnew(this.noticed, plan, this.ownersAgreed, this.policy)
        : changesBehind(step, before, output);
    if (changes.length > 0) this.walkAgain(next, changes);
  }

  /** One round of a step; nothing where it was ended from outside. */
  private async round<Input, Output>(
    workflow: StepWorkflow<Input, Output>,
    step: Step,
    input: Input,
  ): Promise<StepEnd<Output> | undefined> {
    const round = this.nextRound(step);
    const workflowId = workflowIds.step(this.start.projectId, step, round);
    this.running.set(step, workflowId);
    this.keeper.tell({ type: 'step-started', step, round, data: { heads: this.takeHeads() } });
    upsertSearchAttributes([
      { key: stepKey, value: step },
      { key: statusKey, value: this.status() },
    ]);
    try {
      const end = await this.repairs.run(step, () => this.child(workflow, workflowId, step, round, input));
      if (end.output === undefined) {
        this.keeper.tell({ type: 'step-closed', step, round, reason: this.turn?.reason ?? '' });
      }
      return end;
    } catch (error) {
      // Terminated, failed or reset away: the project outlives its step, and people decide how it goes on.
      if (!(error instanceof ChildWorkflowFailure) || isCancellation(error)) throw error;
      return undefined;
    } finally {
      this.running.delete(step);
    }
  }

  /** Forgets the outputs from `step` on, so that the walk does them again as further rounds. */
  reopen(step: Step, remarks: string): void {
    this.outputs.forgetFrom(step);
    this.remarks = remarks;
    // Back to the notice itself, or to the wishes before it: what was shown no longer counts as shown.
    if (step === 'public-notice' || step === 'needs-collection') this.noticed = undefined;
    this.keeper.tell({ type: 'turned-back', step, reason: remarks });
  }

  /** A community that has declined leaves; the project goes on with the others. */
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

  /** Waits for the project's place in a year's plan, until the joint document lists it (P2.1.4–P2.2.3). */
  async listing(figures: Parameters<PlanPlace['wait']>[0]): Promise<Listing> {
    const known = this.outputs.get('joint-document');
    if (known !== undefined) return known as unknown as ListingOutput;
    const listing = await this.planPlace.wait(figures);
    if (listing.outcome === 'listed') this.outputs.put('joint-document', { ...listing });
    const { scan } = this.planPlace;
    if (listing.outcome === 'listed' && scan !== undefined) {
      this.filed.push({ step: 'joint-document', key: 'joint-document', attachment: scan });
    }
    return listing;
  }

  /**
   * 接入: a project begun on paper. The city confirms what the county entered; then the steps before the entry are
   * known from paper and the walk begins at the entry.
   */
  async takeIn(): Promise<void> {
    const { intake: paper, name, startedBy } = this.start;
    if (!paper || this.onPaper.length > 0) return;
    const answer = await this.runControl(intake, 'intake', {
      project: name,
      enterAt: paper.enterAt,
      documents: paper.documents.map(({ step, name: title, date }) => ({ step, name: title, date })),
      notBy: personsOf(startedBy),
    });
    if (!answer?.confirmed) throw new Ended('withdrawn', answer?.opinion ?? '接入未获确认');
    for (const [step, known] of Object.entries(paper.outputs)) this.outputs.put(step as Step, known);
    this.onPaper.push(...STEP_ORDER.filter((step) => isBefore(step, paper.enterAt)));
    this.filed.push(...paper.documents.map(({ step, name: key, attachment }) => ({ step, key, attachment })));
    const listed = this.outputs.get('joint-document') as ListingOutput | undefined;
    if (listed) this.planPlace.document = { number: listed.number, date: listed.date, year: listed.year };
    this.keeper.tell({ type: 'taken-in', data: { enterAt: paper.enterAt, onPaper: this.onPaper } });
  }

  /** The version under which the project runs now. */
  get policy(): PolicySnapshot {
    return this.place.policy;
  }

  private nextRound(step: Step): number {
    const round = (this.rounds.get(step) ?? 0) + 1;
    this.rounds.set(step, round);
    return round;
  }

  private async runControl<I, O>(
    workflow: StepWorkflow<I, O>,
    act: string,
    input: I,
  ): Promise<O | undefined> {
    const round = (this.controlRounds.get(act) ?? 0) + 1;
    this.controlRounds.set(act, round);
    const workflowId = workflowIds.step(this.start.projectId, act, round);
    return (await this.child(workflow, workflowId, 'control', round, input)).output;
  }

  private async child<Input, Output>(
    workflow: StepWorkflow<Input, Output>,
    workflowId: string,
    step: Stage,
    round: number,
    input: Input,
  ): Promise<StepEnd<Output>> {
    const { projectId, county, city, name } = this.start;
    const { policy } = this;
    const { suspension } = this.controls;
    const end = await runStep(
      workflow,
      workflowId,
      {
        projectId,
        county,
        city,
        step,
        round,
        places: this.communities.map(({ place }) => place),
        bindings: this.bindings,
        policy,
        head: this.keeper.state().head,
        ...(suspension ? { suspended: suspension } : {}),
        input,
      },
      { summary: `${name} · ${stageTitles[step]} · 第 ${round} 轮`, year: this.planPlace.year },
    );
    this.endedHeads.push({ workflowId, ...end.head });
    return end;
  }

  private stretch(): Stretch {
    if (this.outputs.has('tendering')) return 'after-contracts';
    if (this.outputs.has('joint-document')) return 'before-contracts';
    return this.planPlace.submitted ? 'before-joint-document' : 'before-submission';
  }

  private steps(): Step[] {
    const { stage } = this.planPlace;
    return [...this.running.keys(), ...(stage === undefined ? [] : [stage])];
  }

  private turnTo(turn: Turn): void {
    if (this.turn !== undefined) return;
    this.turn = turn;
    this.place.spawn(async () => {
      this.controls.resume(turn.reason);
      await this.tellSteps(turnBackSignal, { reason: turn.reason, at: new Date().toISOString() });
      this.walkScope.cancel();
    });
  }

  private standStill(stop: Stop): void {
    this.place.suspend(stop);
    this.place.spawn(() => this.tellSteps(suspendSignal, stop));
  }

  private goOn(stop: Stop): void {
    this.place.resume(stop);
    this.place.spawn(() => this.tellSteps(resumeSignal, stop));
  }

  /** One that has ended in this very moment need not be told. */
  private async tellSteps(signal: SignalDefinition<[Letter<Stop>]>, content: Stop): Promise<void> {
    await this.place.post.send([...this.running.values()].map((to) => ({ to, signal, content })));
  }

  private takeHeads(): ({ workflowId: string } & ChainHead)[] {
    const heads = this.endedHeads;
    this.endedHeads = [];
    return heads;
  }

  private async close(end: ProjectEnd, reason?: string): Promise<ProjectEnd> {
    return CancellationScope.nonCancellable(async () => {
      if (end !== 'completed') await this.planPlace.leave(reason ?? end);
      this.acts.close();
      await condition(allHandlersFinished);
      const because = reason === undefined ? {} : { reason };
      this.ended = { end, ...because, at: new Date().toISOString() };
      upsertSearchAttributes([{ key: statusKey, value: end }]);
      await this.keeper.close({
        type: 'project-ended',
        ...because,
        // With what is shown of it: the record alone must be enough to show it again, years after its history expired.
        data: { end, heads: this.takeHeads(), node: this.node() },
      });
      return end;
    });
  }

  private status(): ProjectStatus {
    if (this.keeper.stopped || this.repairs.lostSteps.length > 0) return 'needs-repair';
    if (this.ended) return this.ended.end;
    if (this.controls.suspension) return 'suspended';
    return this.planPlace.waiting ? 'waiting' : 'running';
  }

  private node(): ProjectNode {
    const { projectId, name, county } = this.start;
    const { document, candidate, year } = this.planPlace;
    return {
      node: 'project',
      projectId,
      name,
      county,
      areas: areasOf(this.start.communities),
      year,
      communities: this.communities.map(({ id }) => id),
      status: this.status(),
      steps: this.steps(),
      rounds: Object.fromEntries(this.rounds),
      running: Object.fromEntries(this.running),
      bindings: this.bindings,
      policyVersion: this.policy.version,
      ...(document ? { document } : {}),
      onPaper: this.onPaper,
      outputs: this.outputs.all(),
      ...(candidate ? { candidate } : {}),
      acts: this.acts.open(),
      ...(this.repairs.marks.length > 0 ? { repairs: this.repairs.marks } : {}),
      ...(this.repairs.lostSteps.length > 0 ? { lost: this.repairs.lostSteps } : {}),
      ...(this.ended?.reason === undefined ? {} : { reason: this.ended.reason }),
      startedAt: this.startedAt,
      ...(this.ended ? { endedAt: this.ended.at } : {}),
    };
  }
}

/** Of a community that has left, too: who has had it still looks at what became of it. */
function areasOf(communities: readonly ProjectCommunity[]): string[] {
  const areas = communities.flatMap(({ place }) => [
    place.city,
    place.county,
    place.subdistrict,
    place.neighbourhood,
  ]);
  return [...new Set(areas)];
}
