import { resolve } from 'node:path';
import { WorkflowUpdateFailedError, type UpdateDefinition, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Runtime, Worker, DefaultLogger } from '@temporalio/worker';
import { standing } from '../../domain/actor';
import { hashOf, type Json, type RecordedEvent } from '../../domain/events';
import { endsChain } from '../../domain/record/signed';
import { ChainCheck } from '../../domain/record/chain';
import type { RecordFault } from '../../domain/record/fault';
import { attemptOf } from '../../domain/request';
import { Verifier, type Signature } from '../../domain/signing/signature';
import { SLOT_TAKEN, type Node, type RecordBatch } from '../../domain/node';
import { actKinds, taskKinds } from '../../domain/forms';
import type { Organisation } from '../../domain/seats';
import { workflowOfTask, type Decision, type Task } from '../../domain/task';
import { isNotYet, receiptIn } from '../../api/engine/refusals';
import { signedAct, signedDecision, signedTaskAct } from '../../api/engine/sign';
import { civilDate } from '../../domain/calendar';
import type { Activities, Briefing } from '../../domain/world';
import { signStatement } from '../../keys/identity';
import { letterTo } from '../../keys/letters';
import { verifyNative } from '../../keys/verify';
import { sealedStart } from '../../keys/starts';
import { holidayCalendar } from '../../policy/holidays';
import { actOnTaskUpdate, beginActUpdate, completeTaskUpdate, type Receipt } from '../../workflows/messages';
import { searchAttributeKeys } from '../../workflows/search-attributes';
import { bundleWorkflows } from '../../worker/bundle';
import { testDataConverter, testKeys } from '../support/keys';
import { RECORDING, recordHistory } from '../support/recorded-histories';
import { timeSkippingServerPath } from '../support/servers';

/** A workflow to which a test speaks in a worker's name. */
export type SignedHandle = Omit<WorkflowHandle, 'signal'> & {
  signal(of: string | { name: string }, content?: unknown): Promise<void>;
};

/** Where servers and bundles are kept from one run to the next. */
const CACHE = resolve(__dirname, '../../.data/cache');

/** Real milliseconds for what a worker does on its own: two busy cores have been seen to stand still for twenty seconds. */
const PATIENCE_MS = 45_000;

/** A refused Update, as a test reads it. */
export interface Refusal {
  readonly code: string;
  readonly detail: {
    refusals?: { message: string; clause?: string; path?: string; basis?: string }[];
    issues?: { path: string }[];
  };
}

/** The record as the store would hold it, in memory; it refuses what the store would refuse. */
class MemoryRecord {
  readonly events: RecordedEvent[] = [];
  readonly tasks = new Map<string, Task>();
  readonly nodes = new Map<string, Node>();
  readonly origins = new Map<string, string>();

  write(batch: RecordBatch): void {
    this.origins.set(batch.workflowId, batch.origin);
    const have = this.of(batch.workflowId);
    for (const event of batch.events) {
      const held = have.find(({ seq }) => seq === event.seq);
      if (held && held.hash !== event.hash) {
        throw ApplicationFailure.create({
          type: SLOT_TAKEN,
          message: `slot ${event.seq} taken`,
          nonRetryable: true,
        });
      }
      if (!held) this.events.push(event);
    }
    for (const task of batch.tasks) this.tasks.set(task.id, task);
    this.nodes.set(batch.workflowId, batch.node);
  }

  of(workflowId: string): RecordedEvent[] {
    return this.events.filter((event) => event.workflowId === workflowId).sort((a, b) => a.seq - b.seq);
  }

  types(workflowId?: string): string[] {
    return this.events
      .filter((e) => workflowId === undefined || e.workflowId === workflowId)
      .map(({ type }) => type);
  }

  /** The first fault of a chain, with everybody's signatures, whether it has ended or not. */
  faultIn(
    workflowId: string,
    events: readonly RecordedEvent[] = this.of(workflowId),
  ): RecordFault | undefined {
    return this.seen(workflowId, events).fault;
  }

  private seen(workflowId: string, events: readonly RecordedEvent[]): ChainCheck {
    const verifier = new Verifier({ roots: testKeys.roots, revocations: [] }, verifyNative);
    const check = new ChainCheck(workflowId, { verifier });
    for (const event of events) check.see(event);
    return check;
  }

  /** Every chain holds and has its end; answers the first fault otherwise. */
  fault(): RecordFault | undefined {
    for (const [workflowId, origin] of this.origins) {
      const events = this.of(workflowId);
      const check = this.seen(workflowId, events);
      const fault = check.end({ ...check.head, origin }, events[0]);
      if (fault) return fault;
    }
    return undefined;
  }
}

export interface EngineOptions {
  readonly organisations: readonly Organisation[];
  /** Activities that a test answers itself. */
  readonly activities?: Partial<Activities>;
  readonly workflowsPath?: string;
  /** A bundle of other code to begin with, until `upgrade`. */
  readonly codePath?: string;
  /** None: every workflow task is led from the history again, as by a worker that has just started. */
  readonly cachedWorkflows?: number;
}

/**
 * A time-skipping engine with a worker that runs all workflows, and the world (record, briefing) in memory.
 *
 * ```ts
 * const engine = await startEngine({ organisations: sampleOrganisations('371302') });
 * const handle = await engine.start('publicNotice', 'project/…/public-notice/1', [start]);
 * await engine.complete('notice-posting');            // the task's own example, by its organisation
 * await engine.advance('9d');
 * ```
 */
export async function startEngine(options: EngineOptions) {
  Runtime.install({
    logger: new DefaultLogger('WARN'),
    telemetryOptions: { logging: { filter: 'WARN', forward: {} } },
  });
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: await timeSkippingServerPath() } },
    client: { dataConverter: testDataConverter },
  });
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(searchAttributeKeys.map(({ name, type }) => [name, INDEXED[type]])),
  } as never);
  const record = new MemoryRecord();
  const briefing: Briefing & { organisations: Organisation[] } = {
    calendar: holidayCalendar,
    organisations: [...options.organisations],
    trust: { roots: testKeys.roots, revocations: [] },
  };
  const activities: Activities = {
    record: async (batch) => record.write(batch),
    briefing: async () => briefing,
    objections: async () => ({ groups: [], late: 0 }),
    answerObjections: async () => undefined,
    sealArchive: async ({ documents }) => ({ documents: documents.length, sha256: hashOf(documents) }),
    claimDocumentNumber: async () => ({ taken: false }),
    pool: async () => [],
    layToRest: async () => undefined,
    startPlan: async () => null,
    policyVersion: async () => null,
    sign: async (statements) => statements.map((one) => signStatement(testKeys.worker, one)),
    ...options.activities,
  };
  const runWorker = async (
    codePath: string,
    cachedWorkflows = options.cachedWorkflows,
  ): Promise<{ stop(): Promise<void> }> => {
    const worker = await Worker.create({
      connection: env.nativeConnection,
      dataConverter: testDataConverter,
      taskQueue: 'jiugai',
      ...(cachedWorkflows === undefined ? {} : { maxCachedWorkflows: cachedWorkflows }),
      workflowBundle: { codePath },
      activities: activities as never,
    });
    const running = worker.run();
    return {
      stop: async () => {
        worker.shutdown();
        await running;
      },
    };
  };
  const workflowsPath = process.env['JIUGAI_TEST_WORKFLOWS'] ?? options.workflowsPath;
  const currentCode = (): Promise<string> =>
    bundleWorkflows({
      cacheDir: CACHE,
      ...(workflowsPath && { workflowsPath }),
    });
  // For a worker that remembers workflows this server keeps their Updates, even when it has gone: the first must not.
  let worker = options.codePath ? await runWorker(options.codePath, 0) : await runWorker(await currentCode());

  const now = (): Promise<number> => env.currentTimeMs();
  let keys = 0;

  const send = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
        throw Object.assign(new Error(`${error.cause.type}: ${JSON.stringify(error.cause.details)}`), {
          code: error.cause.type,
          detail: (error.cause.details?.[0] ?? {}) as Refusal['detail'],
        });
      }
      throw error;
    }
  };

  /** As the API sends it: each attempt an Update of its own, a repeated request answered as the first time. */
  const ask = <Arg extends { readonly signature: Signature }>(
    workflowId: string,
    update: UpdateDefinition<Receipt, [Arg]>,
    request: string,
    signed: Arg,
  ): Promise<Receipt> =>
    send(
      env.client.workflow
        .getHandle(workflowId)
        .executeUpdate(update, { updateId: attemptOf(request, signed.signature), args: [signed] })
        .catch(async (error: unknown) => {
          const before = receiptIn(error);
          if (before) return before;
          if (!isNotYet(error)) throw error;
          await new Promise((done) => setTimeout(done, 20));
          return ask(workflowId, update, request, signed);
        }),
    );

  /** How far each workflow came is part of its name: its last event, where it has ended. */
  async function keepHistories(): Promise<void> {
    for (const id of new Set(record.events.map(({ workflowId }) => workflowId))) {
      const last = record.of(id).at(-1);
      const end = (last?.data as { end?: string } | null | undefined)?.end;
      const ended = last && endsChain(last) ? (end ?? last.type) : 'open';
      await recordHistory(env.client, id, ended);
    }
  }

  const engine = {
    env,
    record,
    briefing,
    now,

    /** Starts it as the API would: what it begins with is signed. */
    async start(type: string, workflowId: string, [start]: readonly unknown[]): Promise<SignedHandle> {
      const args = sealedStart(workflowId, type, start, { identity: testKeys.api, now: await now() });
      await env.client.workflow.start(type, { workflowId, taskQueue: 'jiugai', args });
      return engine.handle(workflowId);
    },

    /** A workflow whose Signals are signed as a worker would. */
    handle(workflowId: string): SignedHandle {
      const plain = env.client.workflow.getHandle(workflowId);
      const send = plain.signal.bind(plain) as (name: string, letter: unknown) => Promise<void>;
      const signal = async (of: string | { name: string }, content: unknown = null): Promise<void> => {
        const name = typeof of === 'string' ? of : of.name;
        const from = { identity: testKeys.worker, now: await now() };
        await send(name, letterTo(workflowId, { name }, content, from));
      };
      return Object.assign(plain, { signal });
    },

    openTasks(kind?: string): Task[] {
      return [...record.tasks.values()].filter(
        (t) => t.status === 'open' && (kind === undefined || t.kind === kind),
      );
    },

    /** Waits (in real time) until a task of the kind is open. */
    async task(kind: string, which: Partial<Task> = {}): Promise<Task> {
      const fits = (t: Task): boolean => Object.entries(which).every(([k, v]) => t[k as keyof Task] === v);
      return engine.eventually(() => engine.openTasks(kind).find(fits), `an open task ${kind}`);
    },

    /** Polls in real time: for what a worker does on its own, never for what a clock does. */
    async eventually<T>(found: () => T | undefined | false, what: string): Promise<T> {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const value = found();
        if (value !== undefined && value !== false) return value;
        if (Date.now() > deadline) {
          throw new Error(
            `waited in vain for ${what}; open: ${engine
              .openTasks()
              .map((t) => t.kind)
              .join(', ')}`,
          );
        }
        await new Promise((done) => setTimeout(done, 5));
      }
    },

    async example(task: Task): Promise<Record<string, Json>> {
      const kind = taskKinds[task.kind];
      if (!kind) throw new Error(`no kind ${task.kind}`);
      const at = await now();
      return kind.example(task.context as never, {
        now: at,
        today: civilDate(at),
        calendar: briefing.calendar,
      }) as never;
    },

    /**
     * Completes a task with its own example, changed as given, by a user of its organisation.
     * A late one gets a reason. Resolves when the decision is in the record.
     */
    async decide(
      task: Task,
      change: Record<string, unknown> = {},
      by: {
        user?: string;
        for?: string;
        organisation?: string;
        key?: string;
        paper?: unknown;
        noLateReason?: boolean;
      } = {},
    ): Promise<Receipt> {
      const form = JSON.parse(JSON.stringify({ ...(await engine.example(task)), ...change })) as Json;
      const decision: Omit<Decision, 'signature'> = {
        taskId: task.id,
        form,
        by: {
          user: by.user ?? somebodyOf(by.organisation ?? task.organisation, task.notBy),
          ...standing({ user: '', ...by }),
          organisation: by.organisation ?? task.organisation,
        },
        bodyHash: hashOf(form),
        ...(by.paper ? { paper: by.paper as never } : {}),
        ...(record.tasks.get(task.id)?.overdue && !by.noLateReason ? { lateReason: '样例：材料补正' } : {}),
      };
      const updateId = by.key ?? `update-${(keys += 1)}`;
      const signed = signedDecision(testKeys.api, task, decision, updateId, await now());
      const receipt = await ask(workflowOfTask(task.id), completeTaskUpdate, updateId, signed);
      await engine.eventually(
        () => record.of(receipt.workflowId).some(({ seq }) => seq >= receipt.seq),
        `event ${receipt.seq}`,
      );
      return receipt;
    },

    /** Waits for one open task of the kind and completes it. */
    async complete(
      kind: string,
      change: Record<string, unknown> = {},
      which: Partial<Task> = {},
      by: { user?: string } = {},
    ): Promise<Task> {
      const task = await engine.task(kind, which);
      await engine.decide(task, change, by);
      return task;
    },

    async refusalOf(attempt: Promise<unknown>): Promise<Refusal> {
      try {
        await attempt;
      } catch (error) {
        if (error instanceof Error && 'code' in error) return error as unknown as Refusal;
        throw error;
      }
      throw new Error('expected a refusal, but it was accepted');
    },

    /** Begins an act (a finding, a withdrawal) at a workflow, by default with the act's own example. */
    async act(
      workflowId: string,
      act: string,
      organisation: string,
      change: Record<string, unknown> = {},
      user = `${organisation}-1`,
    ): Promise<Receipt> {
      const node = record.nodes.get(workflowId) as { acts?: { act: string; context: Json }[] } | undefined;
      const context = node?.acts?.find((open) => open.act === act)?.context ?? null;
      const at = await now();
      const base =
        context === null
          ? {}
          : actKinds[act]?.example(
              context as never,
              { now: at, today: civilDate(at), calendar: briefing.calendar } as never,
            );
      const form = JSON.parse(JSON.stringify({ ...(base as object), ...change })) as Json;
      const request = { act, form, by: { user, organisation }, bodyHash: hashOf(form) };
      const updateId = `act-${(keys += 1)}`;
      const signed = signedAct(testKeys.api, workflowId, request, updateId, at);
      return ask(workflowId, beginActUpdate, updateId, signed);
    },

    /** Does something with a task beside completing it, as a user of its organisation. */
    async actOn(
      task: Task,
      act: string,
      form: Record<string, unknown> = {},
      by: { user?: string; for?: string; organisation?: string; key?: string } = {},
    ): Promise<Receipt> {
      const organisation = by.organisation ?? task.organisation;
      const request = {
        taskId: task.id,
        act,
        form: form as Json,
        by: {
          user: by.user ?? somebodyOf(organisation, task.notBy),
          ...standing({ user: '', ...by }),
          organisation,
        },
        bodyHash: hashOf(form),
      };
      const updateId = by.key ?? `task-act-${(keys += 1)}`;
      const signed = signedTaskAct(testKeys.api, task, request, updateId, await now());
      const receipt = await ask(workflowOfTask(task.id), actOnTaskUpdate, updateId, signed);
      await engine.eventually(
        () => record.of(receipt.workflowId).some(({ seq }) => seq >= receipt.seq),
        `event ${receipt.seq}`,
      );
      return receipt;
    },

    /** Moves the engine's clock, running every timer on the way: `9d`, `36h`. */
    async advance(by: string): Promise<void> {
      await engine.settled();
      await env.sleep(by as never);
      await engine.settled();
    },

    async advanceTo(date: string, time = '10:00'): Promise<void> {
      const target = Date.parse(`${date}T${time}:00+08:00`);
      const left = target - (await now());
      if (left > 0) await engine.advance(`${left}ms`);
    },

    /** Until the worker has been idle for a moment. */
    async settled(): Promise<void> {
      const PAUSE_MS = 15;
      // A workflow that goes on in a further run tells nothing meanwhile.
      const idleFor = process.env['JIUGAI_TEST_WORKFLOWS'] === undefined ? 4 : 12;
      let before = -1;
      for (let idle = 0; idle < idleFor;) {
        const from = performance.now();
        await new Promise((done) => setTimeout(done, PAUSE_MS));
        // A pause that took far longer than asked says that this machine is busy, not that the worker is idle.
        const busy = performance.now() - from > 3 * PAUSE_MS;
        idle = record.events.length === before && !busy ? idle + 1 : 0;
        before = record.events.length;
      }
    },

    /**
     * Everybody does what is asked of them, as their task's example says, and time goes on when nothing is open,
     * until `done` or until nothing happens any more.
     * @param change what somebody sends instead of the example, by kind of task
     */
    async everybodyActs(
      done: () => boolean,
      change: Readonly<Record<string, (task: Task) => Record<string, unknown> | undefined>> = {},
      limits: { step?: string; steps?: number } = {},
    ): Promise<void> {
      const awaited = () => engine.openTasks().filter(({ paperPending }) => !paperPending);
      for (let idle = 0; !done();) {
        const open = awaited();
        for (const task of open) {
          if (record.tasks.get(task.id)?.status !== 'open') continue;
          await engine.decide(task, change[task.kind]?.(task) ?? {}).catch((error: unknown) => {
            if ((error as { code?: string }).code !== 'task-not-open') throw error;
          });
          if (done()) return;
        }
        // What is decided is on record, and mostly what comes of it; only before time goes on all must have been done.
        if (awaited().length > 0) continue;
        if (open.length > 0) {
          await engine.settled();
          if (done()) return;
          if (awaited().length > 0) continue;
        }
        idle = open.length === 0 ? idle + 1 : 0;
        if (idle > (limits.steps ?? 120))
          throw new Error(`nothing happens: ${record.types().slice(-5).join(', ')}`);
        await env.sleep((limits.step ?? '7d') as never);
        await engine.settled();
      }
    },

    /** How many runs a workflow has had: one, unless it went on in a further one. */
    runsOf: async (workflowId: string): Promise<number> => {
      for (let runs = 1, runId: string | undefined; ; runs += 1) {
        const { events } = await env.client.workflow.getHandle(workflowId, runId).fetchHistory();
        runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
        if (runId === undefined) return runs;
      }
    },

    today: async (): Promise<string> => civilDate(await now()),

    /** The workers of an earlier version go, those of this one come: what is under way goes on under other code. */
    async upgrade(): Promise<void> {
      await worker.stop();
      worker = await runWorker(await currentCode());
    },

    async stop(): Promise<void> {
      if (RECORDING) await keepHistories();
      await worker.stop();
      await env.teardown();
    },
  };
  return engine;
}
/** A user of the organisation who has not submitted what is to be decided. */
function somebodyOf(organisation: string, notBy: readonly string[]): string {
  const users = [1, 2, 3].map((n) => `${organisation}-${n}`);
  return users.find((user) => !notBy.includes(user)) ?? `${organisation}-4`;
}

export type Engine = Awaited<ReturnType<typeof startEngine>>;

const INDEXED: Record<string, number> = {
  TEXT: 1,
  KEYWORD: 2,
  INT: 3,
  DOUBLE: 4,
  BOOL: 5,
  DATETIME: 6,
  KEYWORD_LIST: 7,
};
