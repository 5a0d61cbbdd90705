import { civilDate, plusDays, startOfDay } from '../../domain/calendar';
import type { Cast } from './cast';
import { expect, type Person } from './client';
import { inParallel } from './in-parallel';
import type { Story } from './story';
import type { PlanView, ProjectView } from './views';
import { padded, stepName } from './words';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Without anything that anybody waits for, the clock moves on by this. */
const IDLE_DAYS = 3;

/** Tasks that somebody leaves to another: a decision taken on paper, a list that is not complete yet. */
export type LeaveAlone = (task: { readonly kind: string; readonly planYear?: number }) => boolean;

/** Lets everybody act as the story wants and moves the clock when nobody has anything to do. */
export class Play {
  private now: number;
  private readonly shown = new Map<string, string>();
  private readonly ended = new Map<string, ProjectView>();
  tasksDone = 0;

  constructor(
    private readonly cast: Cast,
    private readonly viewer: Person,
    private readonly projects: readonly string[],
    private readonly planOffices: readonly string[],
    private readonly story: Story,
    start: number,
    private readonly say: (line: string) => void,
    private readonly leaveAlone: LeaveAlone,
  ) {
    this.now = start;
  }

  today(): string {
    return civilDate(this.now);
  }

  /**
   * Goes on until `reached` says so.
   * @param each asked whenever nobody has anything to do; true if it did something
   * @throws Error when that has not come after so many days
   */
  async until(
    reached: (projects: readonly ProjectView[]) => boolean,
    days: number,
    each: () => Promise<boolean> = async () => false,
  ): Promise<ProjectView[]> {
    const end = this.now + days * DAY;
    for (;;) {
      await this.workUntilIdle();
      const projects = await this.look();
      if (reached(projects)) return projects;
      if (await each()) continue;
      if (this.now > end) throw new Error(`Still not there on ${this.today()}: ${described(projects)}`);
      await this.advanceTo(await this.nextMoment(projects));
    }
  }

  /** Every project as it is now; one that has ended is not asked for again. */
  async look(): Promise<ProjectView[]> {
    return inParallel(this.projects, async (id) => {
      const known = this.ended.get(id);
      if (known) return known;
      const project = await this.viewer.get<ProjectView>(`/projects/${id}`);
      this.show(project);
      if (project.endedAt !== undefined) this.ended.set(id, project);
      return project;
    });
  }

  async advance(duration: string): Promise<void> {
    const answer = await this.viewer.post<{ now: string }>('/rehearsal/clock', { advance: duration });
    this.now = Date.parse(expect(answer, 200, `the clock by ${duration}`).now);
  }

  /**
   * First those whom a project waits for, a round of them a day; when there is nobody, the offices of the year's plan,
   * whose tasks belong to no project.
   */
  private async workUntilIdle(): Promise<void> {
    for (;;) {
      if ((await this.work(await this.awaited())) === 0 && (await this.work(this.planOffices)) === 0) return;
      await this.advance('P1D');
    }
  }

  private async awaited(): Promise<string[]> {
    const projects = await this.look();
    return [
      ...new Set(projects.flatMap(({ openTasks }) => openTasks.map(({ organisation }) => organisation))),
    ];
  }

  private async work(organisations: readonly string[]): Promise<number> {
    const done = await inParallel(organisations, (organisation) => this.workOf(organisation));
    const sum = done.reduce((a, b) => a + b, 0);
    this.tasksDone += sum;
    return sum;
  }

  /** The handler of an organisation; what the handler may not do, a colleague does. */
  private async workOf(organisation: string): Promise<number> {
    for (const person of this.cast.of(organisation)) {
      const rows = (await person.tasks()).filter((row) => !this.leaveAlone(row));
      let done = 0;
      for (const row of rows) {
        const task = await person.task(row.id);
        if (task.status !== 'open' || !task.example) continue;
        if (await person.complete(row, this.story.form(task))) done += 1;
      }
      if (rows.length > 0) return done;
    }
    return 0;
  }

  /** The next morning on which something ends that time alone can end. */
  private async nextMoment(projects: readonly ProjectView[]): Promise<number> {
    const { items } = await this.viewer.get<{ items: PlanView[] }>('/plans');
    const days = projects.flatMap(({ waits }) => waits.map(({ until }) => plusDays(until, 1)));
    const closes = items.flatMap(({ closesAt, facts }) =>
      [closesAt, facts.reviewClosesAt].flatMap((at) => (at ? [civilDate(Date.parse(at))] : [])),
    );
    const mornings = [...days, ...closes].map((day) => startOfDay(day) + 9 * HOUR);
    const next = mornings.filter((at) => at > this.now).sort((a, b) => a - b)[0];
    return Math.min(next ?? Infinity, this.now + (next === undefined ? IDLE_DAYS * DAY : Infinity));
  }

  private async advanceTo(instant: number): Promise<void> {
    const seconds = Math.max(1, Math.ceil((instant - this.now) / 1_000));
    const days = Math.floor(seconds / 86_400);
    await this.advance(`P${days}DT${seconds - days * 86_400}S`);
  }

  private show({ id, name, status, steps, rounds }: ProjectView): void {
    const where = steps.map((step) => {
      const round = rounds[step] ?? 1;
      return `${stepName(step)}${round > 1 ? `（第${round}轮）` : ''}`;
    });
    const text = ['running', 'waiting'].includes(status) ? where.join(' + ') : `■ ${status}`;
    if (text === '' || this.shown.get(id) === text) return;
    this.shown.set(id, text);
    this.say(`${this.today()}  ${padded(shortName(name), 18)}${text}`);
  }
}

/** `天阳楼小区改造项目` → `天阳楼小区` */
export function shortName(name: string): string {
  return name.replace(/改造项目$/, '');
}

function described(projects: readonly ProjectView[]): string {
  return projects
    .map(({ name, status, steps, openTasks }) => {
      const open = openTasks.map(({ kind, organisation }) => `${kind} by ${organisation}`).join(', ');
      return `${shortName(name)} ${status} ${steps.join('+')}${open ? ` (open: ${open})` : ''}`;
    })
    .join('; ');
}
