import { setTimeout as pause } from 'node:timers/promises';
import { inParallel } from '../../bin/demo/in-parallel';
import type { SampleAccount } from '../../bin/sample-city/accounts';
import type { Dice } from '../../test/faults/dice';
import type { Person, Sender } from './sender';

interface TaskRow {
  readonly id: string;
  readonly awaitsConfirmation: boolean;
}

interface TaskDetail {
  readonly id: string;
  readonly status: string;
  readonly example?: unknown;
  readonly acts?: readonly { readonly act: string; readonly href: string; readonly example?: unknown }[];
}

/** People who are at work at the same time, usually. */
const AT_ONCE = 10;
const LONGEST_PAUSE_MS = 500;
/** Who has nothing to do looks again after a while. */
const REST_MS = 4_000;
/** Whoever cannot even read the list waits a moment. */
const UNANSWERED_MS = 300;
/** How many of the tasks that somebody sees they turn to at a time. */
const IN_A_ROW = 3;
/** Of a hundred tasks to which somebody turns: decided, acted upon (claimed, transferred, …). */
const DECIDED = 80;
/** Of a hundred decisions: made by two people of the office at the same moment. */
const CONTESTED = 15;
/** Of a hundred decisions that were told to count: read back at once, through whichever API answers. */
const READ_BACK = 30;
/** Of a hundred acts with which somebody could send a whole step back, those that do. */
const SENT_BACK = 20;
/** What would end a project or keep it still for days: a few do, and most must go on. */
const RARE = new Set(['return', 'clock-suspension']);

const NOTHING = (): undefined => undefined;

/** The people of a city at work over HTTP: each lists what is theirs to do and does it as the API's own examples say. */
export class Crowd {
  private readonly people: Person[] = [];
  private readonly restUntil = new Map<string, number>();

  constructor(
    private readonly sender: Sender,
    private readonly dice: Dice,
  ) {}

  async logIn(accounts: readonly SampleAccount[]): Promise<void> {
    const people = await inParallel(accounts, async ({ username, password, organisation }) => {
      const asked = { method: 'POST', path: '/sessions', body: { username, password } } as const;
      const { token, user } = (await this.sender.insist(asked, 'log-in')) as {
        token: string;
        user: { id: string };
      };
      return { id: user.id, username, organisation: organisation ?? '', token };
    });
    this.people.push(...people);
  }

  /** @throws Error when nobody is called so */
  person(username: string): Person {
    const found = this.people.find((one) => one.username === username);
    if (!found) throw new Error(`Nobody is called ${username}`);
    return found;
  }

  /**
   * So many at a time are at work until told otherwise; resolves when the last has put down what they were doing.
   * @param besides what somebody may be doing instead, when there is something
   */
  async work(
    goesOn: () => boolean,
    {
      atOnce = AT_ONCE,
      besides = NOTHING,
    }: { atOnce?: number; besides?: () => Promise<unknown> | undefined } = {},
  ): Promise<void> {
    const one = async (): Promise<void> => {
      while (goesOn()) {
        await pause(this.dice.upTo(LONGEST_PAUSE_MS));
        const other = besides();
        if (other) await other;
        else await this.turn(goesOn);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
  }

  /** Nobody rests any more. */
  wake(): void {
    this.restUntil.clear();
  }

  private async turn(goesOn: () => boolean): Promise<void> {
    const now = Date.now();
    const rested = this.people.filter(({ id }) => (this.restUntil.get(id) ?? 0) < now);
    const person = rested[this.dice.upTo(rested.length)];
    if (!person) return;
    // Taken: nobody is in two places at once.
    this.restUntil.set(person.id, now + REST_MS);
    const list = await this.sender.read<{ items: TaskRow[] }>(
      person,
      'list',
      '/tasks?mine=true&status=open&limit=20',
    );
    const tasks = (list?.items ?? []).filter(({ awaitsConfirmation }) => !awaitsConfirmation);
    let done = 0;
    for (let n = 0; n < IN_A_ROW && tasks.length > 0 && goesOn(); n += 1) {
      const [task] = tasks.splice(this.dice.upTo(tasks.length), 1);
      if (task && (await this.turnTo(person, task.id))) done += 1;
    }
    if (done > 0) this.restUntil.delete(person.id);
    if (!list) await pause(UNANSWERED_MS);
  }

  /** Decides a task or does something else with it. Answers whether there was anything to do. */
  private async turnTo(person: Person, id: string): Promise<boolean> {
    const task = await this.sender.read<TaskDetail>(person, 'task', `/tasks/${id}`);
    if (task?.status !== 'open') return false;
    const acts = (task.acts ?? []).filter(
      ({ act, example }) => example !== undefined && (!RARE.has(act) || this.dice.upTo(100) < SENT_BACK),
    );
    if (task.example !== undefined && (acts.length === 0 || this.dice.upTo(100) < DECIDED)) {
      await this.decide(person, task);
      return true;
    }
    const act = acts[this.dice.upTo(acts.length)];
    if (!act) return false;
    await this.sender.send(person, `act: ${act.act}`, act.href.replace(/^\/api\/v1/, ''), act.example);
    return true;
  }

  private async decide(person: Person, task: TaskDetail): Promise<void> {
    const others = this.people.filter(
      ({ id, organisation }) => organisation === person.organisation && id !== person.id,
    );
    const contests = others.length > 0 && this.dice.upTo(100) < CONTESTED;
    const rival = others[this.dice.upTo(others.length)];
    const competing = contests && rival ? [person, rival] : [person];
    await Promise.all(competing.map((one) => this.complete(one, task)));
  }

  private async complete(person: Person, { id, example }: TaskDetail): Promise<void> {
    const answer = await this.sender.send(person, 'decision', `/tasks/${id}/completion`, example);
    if (answer?.status !== 200) return;
    const { task } = answer.body as { task?: { status: string } };
    if (task?.status !== 'completed' || this.dice.upTo(100) >= READ_BACK) return;
    // 200 means visible to every later read, whoever is asked.
    const now = await this.sender.read<TaskDetail>(person, 'task', `/tasks/${id}`);
    if (now && now.status === 'open')
      this.sender.lies.push(`${id}: answered as completed, then shown as open`);
  }
}
