import {
  briefingChangedSignal,
  resumeSignal,
  suspendSignal,
  tasksQuery,
  turnBackSignal,
} from '../../workflows/messages';
import { ChainCheck } from '../../domain/record/chain';
import { Verifier } from '../../domain/signing/signature';
import type { Task } from '../../domain/task';
import { verifyNative } from '../../keys/verify';
import { testKeys } from '../support/keys';
import type { Engine, SignedHandle } from '../workflows/engine';
import type { PolicySnapshot } from '../../policy/snapshot';
import { policy, stepStart } from '../workflows/sample';
import type { Concrete } from './acts';
import { type DeskModel, type Result } from './desk-model';
import { goesOn } from './going-on';

export const ORGANISATIONS = ['371300-housing', '371300-finance', '371300-development-and-reform'] as const;
const SEATS = (['housing', 'finance', 'development-and-reform'] as const).map(
  (body) => ({ body, level: 'city' }) as const,
);
const context = { act: 'withdrawal', title: '撤回', reason: '样例', form: {}, by: '371302-housing' };
/** One of the three signs in stages. */
export const SIGNS_IN_STAGES = '371300-finance';
const POLICY = {
  ...policy,
  signOff: [{ for: 'finance@city', steps: ['control'], stages: ['handler', 'signatory'] }],
} as unknown as PolicySnapshot;
const PATIENCE_MS = 20_000;

/** One step on the real engine: the same that the model is asked, it is asked over Updates and Signals. */
export class RealDesk {
  private constructor(
    private readonly engine: Engine,
    readonly workflowId: string,
    private readonly handle: SignedHandle,
  ) {}

  static async open(
    engine: Engine,
    workflowId: string,
    round: number,
    notBy: readonly string[],
  ): Promise<RealDesk> {
    const start = stepStart('control', { seats: SEATS, context, notBy }, { round, policy: POLICY });
    return new RealDesk(engine, workflowId, await engine.start('consent', workflowId, [start]));
  }

  async attempt({ act, task: id, by, form }: Concrete): Promise<Result> {
    const task = this.engine.record.tasks.get(id);
    if (!task) throw new Error(`no task ${id} in the record`);
    try {
      if (act === 'completion') await this.engine.decide(task, form, by);
      else await this.engine.actOn(task, act, form, by);
      return 'ok';
    } catch (error) {
      const { code } = error as { code?: unknown };
      return typeof code === 'string' ? (code as Result) : 'gone';
    }
  }

  suspend(): Promise<void> {
    return this.stop(suspendSignal);
  }

  resume(): Promise<void> {
    return this.stop(resumeSignal);
  }

  async turnBack(): Promise<void> {
    await this.stop(turnBackSignal);
    await this.handle.cancel();
  }

  async holidays(daysOff: readonly string[]): Promise<void> {
    Object.assign(this.engine.briefing, { calendar: calendarOf(daysOff) });
    await this.handle.signal(briefingChangedSignal);
  }

  private async stop(signal: typeof suspendSignal): Promise<void> {
    const at = new Date(await this.engine.now()).toISOString();
    await this.handle.signal(signal, { reason: '样例', at });
  }

  /**
   * Waits until workflow, record and one of the models say the same.
   * @returns that model
   * @throws with the difference, if they do not come to agree
   */
  async agreed(models: readonly DeskModel[]): Promise<DeskModel> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const real = await this.said();
      const found = models.find((model) => JSON.stringify(saidBy(model)) === JSON.stringify(real));
      if (found) return found;
      if (Date.now() > until) {
        const said = models.map(saidBy);
        throw new Error(
          `the workflow says\n${pretty(real)}\nand the model\n${said.map(pretty).join('\nor\n')}`,
        );
      }
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  private async said(): Promise<Said> {
    const { record } = this.engine;
    const events = record.of(this.workflowId);
    const last = events.at(-1)?.type;
    const ended = last === 'step-done' || last === 'step-turned-back';
    const recorded = [...record.tasks.values()].filter(({ workflowId }) => workflowId === this.workflowId);
    // A query that comes when a run goes on in another is lost on this engine, and its clock stands still for ever.
    const unasked = ended || goesOn(this.workflowId);
    const tasks = unasked ? recorded : ((await this.handle.query(tasksQuery)) as Task[]);
    const same = JSON.stringify(said(recorded)) === JSON.stringify(said(tasks));
    return {
      // Until the record says what the workflow says, neither is compared.
      ended: same ? ended : 'the record says otherwise',
      tasks: said(tasks),
      events: events.flatMap(({ type, taskId, by }) =>
        taskId === undefined || UNASKED.includes(type)
          ? []
          : [`${type} ${taskId}${by === undefined ? '' : ` ${by.user}`}`],
      ),
    };
  }

  /** Whether its workflow has gone on in a further run. */
  async wentOn(): Promise<boolean> {
    const { events } = await this.handle.fetchHistory();
    const { continuedExecutionRunId } = events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
    return Boolean(continuedExecutionRunId);
  }

  /** Every event of the chain holds: its hash, its link, its signature, and who it says has done it. */
  fault(): unknown {
    const check = new ChainCheck(this.workflowId, {
      verifier: new Verifier({ roots: testKeys.roots, revocations: [] }, verifyNative),
    });
    for (const event of this.engine.record.of(this.workflowId)) check.see(event);
    return check.fault;
  }
}

/** Told by the clock, at instants of which the model knows the day only. */
const UNASKED = ['task-reminded', 'task-overdue', 'task-escalated', 'task-clock-ran-out', 'task-closed'];

interface Said {
  readonly ended: boolean | string;
  readonly tasks: readonly { readonly id: string }[];
  readonly events: readonly string[];
}

function saidBy(model: DeskModel): Said {
  return {
    ended: model.ended,
    tasks: model.tasks
      .map((task) => ({
        id: task.id,
        organisation: task.organisation,
        status: task.status,
        holder: task.holder ?? null,
        delegation: task.delegation ?? null,
        signers:
          task.coSigning?.signers.map(
            ({ organisation, user, state }) => `${organisation} ${user ?? ''} ${state}`,
          ) ?? null,
        drafted: task.drafted?.user ?? null,
        decided: task.status === 'open' && task.decided !== undefined,
        clock: task.status === 'open' && task.clock ? task.clock.until : null,
        due: task.due,
        overdue: task.overdue,
        by: task.outcome?.user ?? null,
      }))
      .sort(byId),
    events: model.events.map(
      ({ type, task, user }) => `${type} ${task}${user === undefined ? '' : ` ${user}`}`,
    ),
  };
}

function said(tasks: readonly Task[]): { readonly id: string }[] {
  return tasks.map(taskSaid).sort(byId);
}

function taskSaid(task: Task): { readonly id: string } {
  return {
    id: task.id,
    organisation: task.organisation,
    status: task.status,
    holder: task.holder ?? null,
    delegation: task.delegation
      ? {
          by: task.delegation.by,
          to: task.delegation.to,
          answered: task.delegation.answer !== undefined,
        }
      : null,
    signers:
      task.coSigning?.signers.map(
        ({ organisation, user, state }) => `${organisation} ${user ?? ''} ${state}`,
      ) ?? null,
    drafted: task.signOff?.signed[0]?.by.user ?? null,
    decided: task.status === 'open' && task.decided !== undefined,
    clock: task.status === 'open' && task.clockStopped ? task.clockStopped.until : null,
    due: task.due?.date ?? '',
    overdue: task.overdue,
    by: task.outcome?.by.user ?? null,
  } as { readonly id: string };
}

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1;
}

function pretty(said: Said): string {
  return [...said.tasks.map((one) => JSON.stringify(one)), ...said.events, `ended: ${said.ended}`].join('\n');
}

/** These working days are off, and no weekend is worked. */
function calendarOf(daysOff: readonly string[]) {
  const years: Record<number, { off: string[]; work: string[] }> = {};
  for (const day of daysOff) (years[Number(day.slice(0, 4))] ??= { off: [], work: [] }).off.push(day);
  return { years };
}
