/**
 * A task desk on one page, without engine, signatures or clocks: what every act must do, written a second time and by
 * other means, so that the workflows can be held against it. Days are whole; a civil date stands for its morning.
 */

export interface Person {
  readonly user: string;
  readonly organisation: string;
  /** 代理: in whose stead. */
  readonly for?: string;
}

type SignerState = 'waiting' | 'asked' | 'agreed' | 'refused' | 'removed' | 'needless';
interface Signer {
  organisation: string;
  user?: string;
  state: SignerState;
  task?: string;
}

export interface CoSigningAsked {
  readonly when: 'before' | 'beside' | 'after';
  readonly rule: 'all-of' | 'any-of' | 'in-sequence';
  readonly signers: readonly { readonly organisation: string; readonly user?: string }[];
}

export interface ModelTask {
  id: string;
  kind: 'control-consent' | 'co-signature';
  organisation: string;
  status: 'open' | 'completed' | 'closed';
  holder?: string | undefined;
  delegation?: { by: string; to: string; answered: boolean } | undefined;
  coSigning?: { when: CoSigningAsked['when']; rule: CoSigningAsked['rule']; signers: Signer[] };
  decided?: Person | undefined;
  outcome?: Person | undefined;
  notBy: string[];
  /** 经办、签发: who has drafted it; only of the organisation that signs in two stages. */
  drafted?: Person | undefined;
  clock?: { on: string; until: string } | undefined;
  stood: { from: string; to: string }[];
  urged?: { on: string; times: number };
  from: string;
  due: string;
  overdue: boolean;
  /** Of which task it is a co-signature, and as which of its signers. */
  coSigns?: { task: string; place: number };
}

export interface ModelEvent {
  readonly type: string;
  readonly task: string;
  readonly user?: string;
}

export type Result = 'ok' | 'gone' | 'task-not-open' | 'wrong-step' | 'not-your-seat' | 'rule-violated';

const WORKING_DAYS = 5;
const URGES_A_DAY = 2;

export class DeskModel {
  tasks: ModelTask[] = [];
  events: ModelEvent[] = [];
  ended = false;
  suspendedOn: string | undefined;
  private stood: { from: string; to: string }[] = [];

  constructor(
    /** Beginning of its tasks' ids: the workflow's, with dots. */
    readonly prefix: string,
    readonly organisations: readonly string[],
    public today: string,
    private daysOff: readonly string[],
    readonly notBy: readonly string[],
    /** The organisation in which a handler drafts and a signatory signs. */
    readonly signsInStages: string,
  ) {
    for (const organisation of organisations)
      this.assign({ kind: 'control-consent', organisation, notBy: [...notBy] });
  }

  copy(): DeskModel {
    return Object.assign(Object.create(DeskModel.prototype) as DeskModel, structuredClone({ ...this }));
  }

  // What people do.

  /** At which of its stages a task is: what is meant for one is refused at the other. */
  stage(id: string): number {
    return this.find(id).drafted === undefined ? 0 : 1;
  }

  /** The stage for which the next thing was meant. */
  private meantFor = 0;
  meant(stage: number): this {
    this.meantFor = stage;
    return this;
  }

  complete(id: string, by: Person, agrees: boolean): Result {
    const task = this.find(id);
    if (this.ended) return 'gone';
    if (task.status !== 'open') return 'task-not-open';
    if (this.suspendedOn) return 'wrong-step';
    if (by.organisation !== task.organisation || this.submitted(task, by)) return 'not-your-seat';
    if (this.meantFor !== this.stage(id)) return 'wrong-step';
    const awaited = this.awaited(task);
    if (awaited !== undefined && awaited !== principal(by)) return 'not-your-seat';
    if (this.isDelegate(task, by)) {
      if (task.delegation) task.delegation = { ...task.delegation, answered: true };
      this.tell('task-delegate-answered', id, by);
      return 'ok';
    }
    if (task.clock || task.decided) return 'wrong-step';
    const state = task.coSigning && stateOf(task.coSigning);
    if (state === 'broken' || (state === 'waiting' && task.coSigning?.when === 'before')) return 'wrong-step';
    if (this.inStages(task) && task.drafted === undefined) {
      task.drafted = by;
      task.notBy = [...new Set([...task.notBy, ...persons(by)])];
      this.free(task);
      this.tell('task-drafted', id, by);
      return 'ok';
    }
    if (state === undefined || state === 'met') {
      this.settle(task, by, agrees, by.user);
      this.ring();
      return 'ok';
    }
    task.decided = by;
    this.tell('task-decided', id, by);
    this.advance(task);
    this.ring();
    return 'ok';
  }

  claim(id: string, by: Person): Result {
    return this.act(id, by, 'task-claimed', (task) => {
      const theirs = this.theirs(task, by);
      if (theirs) return theirs;
      if (this.awaited(task) === principal(by)) return 'rule-violated';
      task.holder = principal(by);
      return 'ok';
    });
  }

  release(id: string, by: Person, withReason: boolean): Result {
    return this.act(id, by, 'task-released', (task) => {
      if (task.holder === undefined) return 'rule-violated';
      if (task.holder !== principal(by) && !withReason) return 'rule-violated';
      this.free(task);
      return 'ok';
    });
  }

  transfer(id: string, by: Person, to: string): Result {
    return this.act(id, by, 'task-transferred', (task) => {
      const refused = this.theirsToGive(task, by) ?? this.other(to, task, by);
      if (refused) return refused;
      this.free(task);
      task.holder = to;
      return 'ok';
    });
  }

  delegate(id: string, by: Person, to: string): Result {
    return this.act(id, by, 'task-delegated', (task) => {
      const refused = this.theirsToGive(task, by) ?? this.other(to, task, by);
      if (refused) return refused;
      task.holder = principal(by);
      task.delegation = { by: principal(by), to, answered: false };
      return 'ok';
    });
  }

  askCoSigners(id: string, by: Person, asked: CoSigningAsked): Result {
    return this.act(id, by, 'task-co-signature-asked', (task) => {
      if (task.kind === 'co-signature') return 'rule-violated';
      if (task.coSigning && stateOf(task.coSigning) === 'waiting') return 'rule-violated';
      const refused = this.theirsToGive(task, by);
      if (refused) return refused;
      const names = asked.signers.map(({ organisation, user }) => `${organisation} ${user ?? ''}`);
      if (new Set(names).size < names.length) return 'rule-violated';
      for (const { organisation, user } of asked.signers) {
        if (user !== undefined && task.notBy.includes(user)) return 'rule-violated';
        if (organisation !== task.organisation) continue;
        if (user === undefined || persons(by).includes(user)) return 'rule-violated';
      }
      task.coSigning = {
        when: asked.when,
        rule: asked.rule,
        signers: asked.signers.map((one) => ({ ...one, state: 'waiting' })),
      };
      return 'ok';
    });
  }

  removeCoSigners(id: string, by: Person, places: readonly number[]): Result {
    return this.act(id, by, 'task-co-signers-removed', (task) => {
      const { coSigning } = task;
      if (!coSigning || stateOf(coSigning) === 'met') return 'rule-violated';
      const theirs = this.theirs(task, by);
      if (theirs) return theirs;
      const named = places.map((place) => coSigning.signers[place % coSigning.signers.length] as Signer);
      if (named.some(({ state }) => state === 'agreed' || state === 'removed')) return 'rule-violated';
      for (const one of named) one.state = 'removed';
      if (stateOf(coSigning) === 'waiting') {
        for (const one of coSigning.signers) {
          if (one.state !== 'needless') continue;
          one.state = 'waiting';
          delete one.task;
        }
      }
      return 'ok';
    });
  }

  urge(id: string, by: Person): Result {
    return this.act(
      id,
      by,
      'task-urged',
      (task) => {
        if (this.awaited(task) === principal(by) || this.suspendedOn || task.clock) return 'rule-violated';
        const times = task.urged?.on === this.today ? task.urged.times : 0;
        if (times >= URGES_A_DAY) return 'rule-violated';
        task.urged = { on: this.today, times: times + 1 };
        return 'ok';
      },
      true,
    );
  }

  stopClock(id: string, by: Person, until: string): Result {
    return this.act(id, by, 'task-clock-stopped', (task) => {
      const refused = this.theirsToGive(task, by);
      if (refused) return refused;
      if (this.suspendedOn || task.overdue || task.stood.length > 0) return 'rule-violated';
      task.clock = { on: this.today, until };
      return 'ok';
    });
  }

  resumeClock(id: string, by: Person): Result {
    return this.act(id, by, 'task-clock-resumed', (task) => {
      if (!task.clock) return 'rule-violated';
      const theirs = this.theirs(task, by);
      if (theirs) return theirs;
      this.clockRuns(task, this.today);
      return 'ok';
    });
  }

  retract(id: string, by: Person): Result {
    const task = this.find(id);
    if (this.ended) return 'gone';
    if (task.status !== 'completed') return 'task-not-open';
    if (by.organisation !== task.organisation) return 'not-your-seat';
    if (task.kind === 'co-signature') return 'rule-violated';
    if (!task.outcome || !persons(task.outcome).includes(principal(by))) return 'not-your-seat';
    if (task.coSigning) return 'rule-violated';
    task.status = 'open';
    task.holder = principal(by);
    task.outcome = undefined;
    this.due(task);
    this.tell('task-retracted', id, by);
    this.ring();
    return 'ok';
  }

  returnDraft(id: string, by: Person): Result {
    return this.act(id, by, 'task-draft-returned', (task) => {
      const { drafted } = task;
      if (!drafted) return 'rule-violated';
      const refused = this.theirsToGive(task, by);
      if (refused) return refused;
      task.drafted = undefined;
      task.notBy = [...this.notBy];
      task.delegation = undefined;
      task.holder = principal(drafted);
      return 'ok';
    });
  }

  /** 离岗移交, by the administrator in the leaver's stead. */
  handOver(id: string, by: Person, to: string): Result {
    const leaver = principal(by);
    return this.act(
      id,
      by,
      'task-handed-over',
      (task) => {
        const { delegation, coSigning } = task;
        const open = coSigning && stateOf(coSigning) !== 'met' ? coSigning.signers : [];
        const waits = open.filter(
          ({ user, state }) => user === leaver && ['waiting', 'asked', 'needless'].includes(state),
        );
        const answers = delegation?.to === leaver && !delegation.answered;
        if (task.holder !== leaver && delegation?.by !== leaver && !answers && waits.length === 0) {
          return 'rule-violated';
        }
        const other = this.other(to, task, by);
        if (other) return other;
        if (task.holder === leaver) task.holder = to;
        if (delegation) {
          const next = {
            by: delegation.by === leaver ? to : delegation.by,
            to: answers ? to : delegation.to,
            answered: delegation.answered,
          };
          task.delegation = next.answered || next.by !== next.to ? next : undefined;
        }
        for (const one of waits) {
          const asked = coSigning?.signers.some(
            (two) => two.organisation === one.organisation && two.user === to && two.state !== 'removed',
          );
          if (asked) one.state = 'removed';
          else one.user = to;
        }
        return 'ok';
      },
      true,
    );
  }

  // What happens to the whole step.

  passTo(day: string): void {
    this.today = day;
    this.ring();
  }

  suspend(): void {
    this.suspendedOn ??= this.today;
  }

  resume(): void {
    if (this.suspendedOn === undefined) return;
    this.stood.push({ from: this.suspendedOn, to: this.today });
    this.suspendedOn = undefined;
    for (const task of this.open()) this.due(task);
    this.ring();
  }

  holidays(daysOff: readonly string[]): void {
    this.daysOff = daysOff;
    for (const task of this.open()) this.due(task);
    this.ring();
  }

  turnBack(): void {
    for (const task of this.open()) task.status = 'closed';
    this.ended = true;
  }

  private act(
    id: string,
    by: Person,
    event: string,
    change: (task: ModelTask) => Result,
    anybody = false,
  ): Result {
    const task = this.find(id);
    if (this.ended) return 'gone';
    if (task.status !== 'open') return 'task-not-open';
    if (event !== 'task-urged' && this.meantFor !== this.stage(id)) return 'wrong-step';
    if (!anybody && by.organisation !== task.organisation) return 'not-your-seat';
    const result = change(task);
    if (result !== 'ok') return result;
    this.due(task);
    this.tell(event, id, by);
    this.advance(task);
    this.ring();
    return 'ok';
  }

  private inStages({ kind, organisation }: ModelTask): boolean {
    return kind === 'control-consent' && organisation === this.signsInStages;
  }

  private theirs(task: ModelTask, by: Person): Result | undefined {
    if (this.submitted(task, by)) return 'not-your-seat';
    const awaited = this.awaited(task);
    return awaited === undefined || awaited === principal(by) ? undefined : 'not-your-seat';
  }

  private theirsToGive(task: ModelTask, by: Person): Result | undefined {
    const theirs = this.theirs(task, by);
    if (theirs) return theirs;
    return this.isDelegate(task, by) || task.decided || task.clock ? 'rule-violated' : undefined;
  }

  private other(user: string, task: ModelTask, by: Person): Result | undefined {
    return persons(by).includes(user) || task.notBy.includes(user) ? 'rule-violated' : undefined;
  }

  private submitted(task: ModelTask, by: Person): boolean {
    return persons(by).some((user) => task.notBy.includes(user));
  }

  private awaited({ delegation, holder }: ModelTask): string | undefined {
    return delegation && !delegation.answered ? delegation.to : holder;
  }

  private isDelegate({ delegation }: ModelTask, by: Person): boolean {
    return delegation !== undefined && !delegation.answered && delegation.to === principal(by);
  }

  private free(task: ModelTask): void {
    task.holder = undefined;
    task.delegation = undefined;
  }

  private assign(of: Pick<ModelTask, 'kind' | 'organisation' | 'notBy'> & Partial<ModelTask>): ModelTask {
    const task: ModelTask = {
      id: `${this.prefix}.${this.tasks.length + 1}`,
      status: 'open',
      stood: [],
      from: this.today,
      due: '',
      overdue: false,
      ...of,
    };
    this.due(task);
    this.tasks.push(task);
    this.tell('task-assigned', task.id);
    return task;
  }

  private settle(task: ModelTask, by: Person, agrees: boolean, user: string): void {
    task.status = 'completed';
    task.outcome = by;
    task.decided = undefined;
    this.events.push({ type: 'task-completed', task: task.id, user });
    if (task.coSigning && stateOf(task.coSigning) !== 'met') this.closeSigners(task.coSigning.signers);
    if (task.coSigns) {
      const of = this.find(task.coSigns.task);
      const signer = of.coSigning?.signers[task.coSigns.place];
      if (signer) signer.state = agrees ? 'agreed' : 'refused';
      this.advance(of);
    }
    const consents = this.tasks.filter(({ kind }) => kind === 'control-consent');
    if (consents.some(({ status }) => status !== 'completed')) return;
    for (const open of this.open()) open.status = 'closed';
    this.ended = true;
  }

  /** Whoever's turn it is among the co-signers is asked; what they have settled takes effect. */
  private advance(task: ModelTask): void {
    const { coSigning } = task;
    if (!coSigning || task.status !== 'open') return;
    this.closeSigners(coSigning.signers.filter(({ state }) => state === 'removed'));
    const state = stateOf(coSigning);
    if (state === 'waiting') return this.ask(task, coSigning);
    this.closeSigners(coSigning.signers);
    for (const one of coSigning.signers)
      if (one.state === 'waiting' || one.state === 'asked') one.state = 'needless';
    const { decided } = task;
    if (!decided) return;
    if (state === 'met') return this.settle(task, decided, true, decided.user);
    task.decided = undefined;
    this.tell('task-decision-given-back', task.id);
  }

  private ask(task: ModelTask, { when, rule, signers }: NonNullable<ModelTask['coSigning']>): void {
    if (when === 'after' && !task.decided) return;
    if (rule === 'in-sequence' && signers.some(({ state }) => state === 'asked')) return;
    const waiting = signers.filter(({ state }) => state === 'waiting');
    for (const one of rule === 'in-sequence' ? waiting.slice(0, 1) : waiting) {
      one.state = 'asked';
      one.task = this.assign({
        kind: 'co-signature',
        organisation: one.organisation,
        holder: one.user,
        notBy: [...new Set([...task.notBy, ...(task.decided ? persons(task.decided) : [])])],
        from: task.from,
        coSigns: { task: task.id, place: signers.indexOf(one) },
      }).id;
    }
  }

  private closeSigners(signers: readonly Signer[]): void {
    for (const { task, state } of signers) {
      if (task === undefined || state === 'agreed' || state === 'refused') continue;
      const open = this.find(task);
      if (open.status === 'open') open.status = 'closed';
    }
  }

  /** Counted day by day; days on which the step or the task stood still, ends included, do not count. */
  private due(task: ModelTask): void {
    let day = task.from;
    for (let counted = 0; counted < WORKING_DAYS;) {
      day = dayAfter(day);
      const still = [...this.stood, ...task.stood].some(({ from, to }) => from <= day && day <= to);
      if (!still && this.isWorking(day)) counted += 1;
    }
    task.due = day;
    task.overdue = task.overdue && day < this.today;
  }

  private isWorking(day: string): boolean {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    return weekday !== 0 && weekday !== 6 && !this.daysOff.includes(day);
  }

  /** What no person does: clocks that may stand no longer, and due dates that have passed. */
  private ring(): void {
    if (this.suspendedOn || this.ended) return;
    for (const task of this.open()) {
      if (task.clock && task.clock.until < this.today) this.clockRuns(task, task.clock.until);
      if (!task.clock && task.due < this.today) task.overdue = true;
    }
  }

  private clockRuns(task: ModelTask, to: string): void {
    const { clock } = task;
    task.clock = undefined;
    if (clock && clock.on !== to) task.stood.push({ from: clock.on, to });
    this.due(task);
  }

  private open(): ModelTask[] {
    return this.tasks.filter(({ status }) => status === 'open');
  }

  private find(id: string): ModelTask {
    const task = this.tasks.find((one) => one.id === id);
    if (!task) throw new Error(`the model has no task ${id}`);
    return task;
  }

  private tell(type: string, task: string, by?: Person): void {
    this.events.push({ type, task, ...(by ? { user: by.user } : {}) });
  }
}

function principal(by: Person): string {
  return by.for ?? by.user;
}

function persons({ user, for: other }: Person): string[] {
  return other === undefined ? [user] : [user, other];
}

function stateOf({
  rule,
  signers,
}: {
  rule: CoSigningAsked['rule'];
  signers: readonly Signer[];
}): 'waiting' | 'met' | 'broken' {
  const left = signers.filter(({ state }) => state !== 'removed');
  const agreed = left.filter(({ state }) => state === 'agreed').length;
  const refused = left.filter(({ state }) => state === 'refused').length;
  if (left.length === 0) return 'met';
  if (rule === 'any-of') return agreed > 0 ? 'met' : refused === left.length ? 'broken' : 'waiting';
  if (refused > 0) return 'broken';
  return agreed === left.length ? 'met' : 'waiting';
}

export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
