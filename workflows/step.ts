import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Actor } from '../domain/actor';
import type { ChainHead, Json } from '../domain/events';
import type { Node, StepNode } from '../domain/node';
import type { Bindings, Place } from '../domain/seats';
import type { Signature } from '../domain/signing/signature';
import { contentOf } from '../domain/signing/statements';
import type { ActKind, Stage, Task, TaskKind } from '../domain/task';
import type { Body, JointDecision } from '../policy/keys';
import type { PolicySnapshot } from '../policy/snapshot';
import { ActDesk } from './acts';
import { USUAL_ASSEMBLY } from '../domain/assembly';
import { anyOf, allOf, jointly, type JointAnswer } from './assembly';
import { begun } from './begin';
import {
  actOnTaskUpdate,
  beginActUpdate,
  briefingChangedSignal,
  completeTaskUpdate,
  policyMovedSignal,
  projectionQuery,
  recordAgainSignal,
  recordAnewSignal,
  recordStateQuery,
  resumeSignal,
  suspendSignal,
  tasksQuery,
  turnBackSignal,
  type Stop,
} from './messages';
import { LongLife, type Crossing, type Kept } from './long-life';
import { withSeatsMoved } from './reseat';
import { RecordKeeper, type Fact } from './record-keeper';
import { Requests } from './requests';
import { runStep } from './run-step';
import { StepSign } from './step-sign';
import { TaskDesk, type Answer, type Assigned, type Request } from './task-desk';
import { Workplace, type Holder } from './workplace';

/** What every step of a project begins with: a snapshot, so that a changed period never changes a replay. */
export interface StepStart<Input> {
  readonly projectId?: string;
  readonly planYear?: number;
  readonly county?: string;
  readonly step: Stage;
  readonly round: number;
  readonly places: readonly Place[];
  readonly city: string;
  readonly bindings: Bindings;
  readonly policy: PolicySnapshot;
  /** The parent's chain head, from which this step's chain goes on. */
  readonly head: ChainHead;
  readonly suspended?: Stop;
  readonly input: Input;
}

/** A document that a step delivered, for the project's file. */
export interface FiledDocument {
  readonly step: Stage;
  /** Key of the policy's list of required documents, or its name where it came from paper. */
  readonly key: string;
  readonly attachment: string;
}

export interface StepEnd<Output> {
  /** Absent if the step was turned back before its end. */
  readonly output?: Output;
  readonly head: ChainHead;
  readonly workflowId: string;
  /** Seats whose holders this step's acts have named. */
  readonly bindings: Bindings;
  readonly documents: readonly FiledDocument[];
}

export interface StepWorkflow<Input, Output> {
  (start: StepStart<Input>, seal: Signature, crossing?: Crossing): Promise<StepEnd<Output>>;
  readonly step: Stage;
  readonly workflowType: string;
}

/** What a workflow began with, where no parent of ours started it: the hash, and the signature over it. */
interface Begun {
  readonly type?: string;
  readonly start?: string;
  readonly signature?: Signature;
}

/** What a step's code works with. */
export interface StepDesk {
  readonly place: Workplace;
  readonly start: Omit<StepStart<unknown>, 'input'>;
  /** One task for each organisation that holds the seat; waits while the seat is vacant. */
  assign<C, F extends Record<string, unknown>>(
    kind: TaskKind<C, F>,
    request: Request<C>,
  ): Promise<Assigned<F>[]>;
  /** Like `assign`, with a context of its own for each community or organisation. */
  assignEach<C, F extends Record<string, unknown>>(
    kind: TaskKind<C, F>,
    request: Omit<Request<C>, 'context'>,
    context: (holder: { organisation: string; community?: string }) => C,
  ): Promise<Assigned<F>[]>;
  /** Assigns and waits: the first answer counts where several hold the seat. */
  ask<C, F extends Record<string, unknown>>(kind: TaskKind<C, F>, request: Request<C>): Promise<Answer<F>>;
  /** Assigns and waits for everybody who holds the seat. */
  askAll<C, F extends Record<string, unknown>>(
    kind: TaskKind<C, F>,
    request: Request<C>,
  ): Promise<Answer<F>[]>;
  /** Asks several seats, as the policy says that they decide this together. */
  askJointly<C, F extends Record<string, unknown>>(
    decision: JointDecision,
    kind: TaskKind<C, F>,
    chairs: readonly Request<C>[],
    agrees: (form: F) => boolean,
  ): Promise<JointAnswer<F>>;
  refresh<C>(task: string, context: C): void;
  /** Lets people begin an act of themselves while the step runs. */
  accept<C, F extends Record<string, unknown>>(
    kind: ActKind<C, F>,
    context: () => C,
    begin: (form: F, by: Actor) => Json | undefined,
  ): void;
  tell(type: string, data?: unknown, by?: Actor): void;
  /** Replaces what the step shows of itself. */
  show(facts: unknown): void;
  shown(): Record<string, Json>;
  /** Closes whatever is open: a date of the policy has passed. */
  closeOpen(because: string): void;
  /** Runs another step as a child of this workflow, its chain going on from this one's head. */
  child<I, O>(
    workflow: StepWorkflow<I, O>,
    workflowId: string,
    input: I,
    where?: { round?: number; county?: string; places?: readonly Place[] },
  ): Promise<O | undefined>;
  /** An act has named who holds this seat from now on. */
  bind(body: Body, organisation: string): void;
  /** Waits until everything told so far is durable in the record. */
  recorded(): Promise<void>;
  /**
   * What the step knows beside its tasks, for a further run of its workflow (`long-life.ts`). A step that says so can live
   * for as many decisions as it takes. It must keep in this state whatever it has been answered, go on from wherever that
   * stands, and wait for answers with `ask`, `askAll` or `askJointly` (or take them up itself). Children do not cross: as
   * long as one is open, the step goes on in the same run.
   *
   * @param open the state that a first run begins with
   * @returns the state: this, or what the run before has left
   */
  keeps<State extends object>(open: () => State): State;
}

/**
 * Makes a workflow of one step: `walk` reads like the policy, everything around it is the same for all.
 *
 * Return, withdrawal and the like reach a step as its cancellation (preceded by `turnBack` with the reason): its
 * tasks close, its last events are recorded, and it ends with its chain's head and without an output.
 */
export function defineStep<Input, Output>(
  step: Stage,
  workflowType: string,
  walk: (desk: StepDesk, input: Input) => Promise<Output>,
  /** How it is projected, where it is more than a step: the year's plan, a county's submission. */
  projectAs: (node: StepNode) => Node = (node) => node,
  /** What of its start was signed, where it is not a parent but the API that starts it. */
  sealed: (start: StepStart<Input>) => unknown = (start) => start,
): StepWorkflow<Input, Output> {
  const workflow = async (
    start: StepStart<Input>,
    seal: Signature,
    crossing?: Crossing,
  ): Promise<StepEnd<Output>> => {
    const run = begun(start, () => openStep(start, step, projectAs, crossing?.kept));
    return run.walk(
      () => {
        if (crossing) return run.place.authority.checkCrossing(start, crossing);
        run.place.authority.checkStart(sealed(start), seal);
        // A child's start is its parent's own doing; what begins by itself shows who let it.
        const { parent, workflowType: type } = workflowInfo();
        return parent ? {} : { type, start: contentOf(sealed(start)), signature: seal };
      },
      () => walk(run.desk, start.input),
    );
  };
  Object.defineProperty(workflow, 'name', { value: workflowType });
  return Object.assign(workflow, { step, workflowType });
}

function openStep<Input>(
  start: StepStart<Input>,
  step: Stage,
  projectAs: (node: StepNode) => Node,
  before: Kept | undefined,
) {
  const { workflowId, startTime } = workflowInfo();
  const shared = {
    ...(start.projectId === undefined ? {} : { projectId: start.projectId }),
    ...(start.planYear === undefined ? {} : { planYear: start.planYear }),
    ...(start.county === undefined ? {} : { county: start.county }),
  };
  // The engine's own record of it: what the first workflow task reads as now is another time if it is led again.
  const openedAt = before?.openedAt ?? startTime.toISOString();
  const bindings: Bindings = { ...start.bindings };
  const named: Bindings = { ...before?.named };
  let facts: Json = before?.facts ?? {};
  let state: object | undefined;
  let status: StepNode['status'] = 'running';
  let closedAt: string | undefined;
  let turnedBack: Stop | undefined;
  let children = 0;

  const node = (): StepNode => ({
    node: 'step',
    step,
    round: start.round,
    ...shared,
    status: keeper.stopped ? 'needs-repair' : status === 'running' && place.suspended ? 'suspended' : status,
    openedAt,
    ...(closedAt === undefined ? {} : { closedAt }),
    waits: place.waits,
    facts,
    acts: acts.open(),
  });
  const keeper = new RecordKeeper(
    workflowId,
    start.head.hash,
    { ...shared, round: start.round, ...(step === 'control' || step === 'annual-plan' ? {} : { step }) },
    () => {
      const now = node();
      sign.show(now);
      return projectAs(now);
    },
    before?.record,
  );
  const where = { city: start.city, county: start.county, places: start.places, bindings };
  const place = new Workplace(keeper, start.policy, where, before);
  const desk = new TaskDesk(place, { workflowId, step, round: start.round, ...shared });
  const sign = new StepSign(desk, place);
  const acts = new ActDesk(place, workflowId);
  place.onChange = () => desk.recompute();
  if (start.suspended) place.suspend(start.suspended);
  if (before) desk.goOn(before.tasks);
  const documents = (tasks: readonly Task[]): FiledDocument[] => [
    ...(before?.documents ?? []),
    ...filedBy(step, tasks),
  ];
  const life = new LongLife(
    // The cancellation that follows a letter of turning back would stay behind.
    () => keeper.settled && !keeper.stopped && place.isQuiet && children === 0 && turnedBack === undefined,
    () => ({
      record: keeper.keep(),
      receipts: requests.keep(),
      letters: { read: place.mailbox.keep(), sent: place.post.keep() },
      place: place.keep(),
      tasks: desk.keep(),
      facts,
      openedAt,
      named,
      documents: documents(desk.leftBehind()),
      state: state as Json,
    }),
  );

  // Everything that validators and handlers read stands; buffered Updates run inside `setHandler`.
  const isReady = (): boolean => place.authority.ready && !life.isLeaving;
  const requests = new Requests(keeper, isReady, before?.receipts);
  setHandler(completeTaskUpdate, (decision) => requests.carryOut((id) => desk.complete(decision, id)), {
    validator: (decision) => requests.validate((id) => desk.validate(decision, id)),
  });
  setHandler(actOnTaskUpdate, (request) => requests.carryOut((id) => desk.acts.act(request, id)), {
    validator: (request) => requests.validate((id) => desk.acts.validate(request, id)),
  });
  setHandler(beginActUpdate, (request) => requests.carryOut((id) => acts.begin(request, id)), {
    validator: (request) => requests.validate((id) => acts.validate(request, id)),
  });
  const { mailbox } = place;
  mailbox.on(suspendSignal, (stop) => place.suspend(stop));
  mailbox.on(resumeSignal, (stop) => place.resume(stop));
  mailbox.on(policyMovedSignal, ({ policy, reason }) => {
    // Behind the signed end nothing is told any more.
    if (closedAt !== undefined) return;
    const from = place.policy.version;
    withSeatsMoved(desk, place, () => place.takePolicy(policy), reason);
    keeper.tell({ type: 'policy-moved', reason, data: { from, to: policy.version } });
  });
  mailbox.on(turnBackSignal, (stop) => void (turnedBack = stop));
  mailbox.on(briefingChangedSignal, () => place.briefAgain(), ['api', 'worker']);
  mailbox.on(recordAgainSignal, (store) => keeper.recordAgain(store));
  mailbox.on(recordAnewSignal, () => keeper.tryAgain());
  setHandler(recordStateQuery, () => place.recordState());
  setHandler(tasksQuery, () => desk.all());
  const earlier = before ? { earlier: before.tasks.count } : {};
  setHandler(projectionQuery, () => ({ ...keeper.projected(projectAs(node()), desk.all()), ...earlier }));
  keeper.start();
  place.watchAlarms(
    () => desk.alarms.next(),
    () => desk.alarms.ring(),
  );

  const stepDesk: StepDesk = {
    place,
    start,
    async assign(kind, request) {
      return stepDesk.assignEach(kind, request, () => request.context);
    },
    async assignEach(kind, request, context) {
      const claimed = desk.claim<never>(kind.kind, request);
      for (const { id, state: now } of claimed) {
        const { organisation, community } = now().task;
        desk.refresh(id, context({ organisation, ...(community === undefined ? {} : { community }) }));
      }
      if (claimed.length > 0) return claimed;
      const holders: readonly Holder[] =
        request.named?.map((organisation) => ({ organisation })) ??
        (await place.holders(request.seat, request.communities));
      return holders
        .filter(
          ({ organisation }) => request.organisation === undefined || organisation === request.organisation,
        )
        .map((holder) =>
          desk.assignTo(
            holder.organisation,
            kind,
            { ...request, context: context(holder) },
            holder.community,
          ),
        );
    },
    async ask(kind, request) {
      return anyOf(await stepDesk.assign(kind, request));
    },
    async askAll(kind, request) {
      return allOf(await stepDesk.assign(kind, request));
    },
    askJointly: (decision, kind, chairs, agrees) =>
      jointly(
        place.policy.assemblies?.[decision] ?? USUAL_ASSEMBLY,
        (joint) =>
          chairs.map((chair) => ({
            seat: chair.seat,
            ask: () => stepDesk.assign(kind, { ...chair, joint }),
          })),
        agrees,
        place.policy.samePerson?.jointly,
      ),
    refresh: (task, context) => desk.refresh(task, context),
    accept: (kind, context, begin) => acts.accept(kind, context, begin),
    tell: (type, data, by) => void keeper.tell(withoutAbsent({ type, data, by })),
    show: (shown) => {
      facts = JSON.parse(JSON.stringify(shown)) as Json;
      keeper.renew();
    },
    shown: () => ({ ...(facts as Record<string, Json>) }),
    closeOpen: (because) => desk.closeAll(because),
    async child(workflow, childId, input, where = {}) {
      children += 1;
      const end = await runStep(workflow, childId, {
        ...shared,
        city: start.city,
        step: workflow.step,
        round: where.round ?? 1,
        places: where.places ?? start.places,
        ...(where.county === undefined ? {} : { county: where.county }),
        bindings,
        policy: place.policy,
        head: keeper.state().head,
        input,
      }).finally(() => (children -= 1));
      keeper.tell({ type: 'child-ended', data: { heads: [{ workflowId: childId, ...end.head }] } });
      return end.output;
    },
    bind: (body, organisation) => {
      bindings[body] = organisation;
      named[body] = organisation;
    },
    recorded: () => keeper.flushed(),
    keeps: (open) => {
      const kept = (before?.state as ReturnType<typeof open> | undefined) ?? open();
      state = kept;
      return kept;
    },
  };

  /** Runs the step to its end or to its turning back; either way the record is complete when it returns. */
  async function walk<Output>(
    check: () => Begun | void,
    steps: () => Promise<Output>,
  ): Promise<StepEnd<Output>> {
    let output: Output | undefined;
    let done = false;
    try {
      // Whoever is turned back at once must still learn whom to believe: the letter says why.
      const scope = CancellationScope.current();
      await CancellationScope.nonCancellable(() => place.brief());
      if (scope.consideredCancelled) await scope.cancelRequested;
      const first = check();
      if (first) {
        const { signature, ...begun } = first;
        keeper.tell({
          type: 'step-opened',
          data: { input: start.round > 1 ? 'again' : 'first', ...begun },
          ...(signature ? { signature } : {}),
        });
      }
      output = await orGoOn(steps());
      life.end();
      await place.spawnedDone();
      // From here nothing new begins: what is still open closes with the step.
      acts.close();
      done = true;
    } catch (error) {
      if (!isCancellation(error)) throw error;
    }
    life.end();
    await CancellationScope.nonCancellable(async () => {
      acts.close();
      desk.closeAll(turnedBack?.reason ?? '本步骤已结束');
      await condition(allHandlersFinished);
      status = done ? 'done' : 'closed';
      closedAt = new Date().toISOString();
      // The record alone must be enough to show it again, years after its history has expired.
      const shown = { facts, openedAt, closedAt };
      await keeper.close(
        done
          ? { type: 'step-done', data: { output, ...shown } }
          : { type: 'step-turned-back', reason: turnedBack?.reason ?? '', data: shown },
      );
    });
    return {
      ...(done ? { output: output as Output } : {}),
      head: keeper.state().head,
      workflowId,
      bindings: named,
      documents: done ? documents(desk.all()) : [],
    };
  }

  /** A step that keeps its state goes on in a further run before this one has grown too long. */
  function orGoOn<Output>(steps: Promise<Output>): Promise<Output> {
    if (state === undefined) return steps;
    const { suspended: _, ...rest } = start;
    const goesOn = life.goOn(() => ({ ...rest, bindings, policy: place.policy }));
    return Promise.race([steps, goesOn]);
  }

  return { desk: stepDesk, place, walk };
}

function withoutAbsent(fact: { type: string; data?: unknown; by?: Actor | undefined }): Fact {
  const { by, ...rest } = fact;
  return by === undefined ? rest : { ...rest, by };
}

/** Whatever stands under `documents` in a completed form goes into the project's file (P2.4.4). */
function filedBy(step: Stage, tasks: readonly Task[]): FiledDocument[] {
  return tasks.flatMap(({ outcome }) => {
    const documents = (outcome?.form as { documents?: unknown } | undefined)?.documents;
    if (typeof documents !== 'object' || documents === null) return [];
    return Object.entries(documents).flatMap(([key, attachment]) =>
      typeof attachment === 'string' ? [{ step, key, attachment }] : [],
    );
  });
}
