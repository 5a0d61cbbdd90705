import { randomUUID } from 'node:crypto';

/**
 * A client that knows nothing but the HTTP contract: it logs in as each seat, lists its tasks, posts each task's own
 * `example`, and advances the clock when nobody has anything to do.
 */

export interface Account {
  readonly username: string;
  readonly password: string;
  readonly organisation: string | null;
  readonly body: string | null;
  readonly level: string;
  readonly area: string;
  readonly roles: readonly string[];
}

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
}

interface TaskRow {
  readonly id: string;
  readonly kind: string;
  readonly step: string;
  readonly organisation: string;
  readonly projectId?: string;
  readonly awaitsConfirmation: boolean;
}

/** One decision that was made with an example, as the client saw it. */
export interface Done {
  readonly kind: string;
  readonly step: string;
  readonly by: string;
}

/** A person at work: an account that is logged in. */
export class Person {
  private constructor(
    readonly account: Account,
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async logIn(url: string, account: Account): Promise<Person> {
    const { username, password } = account;
    const answer = await call<{ token: string }>(`${url}/api/v1/sessions`, 'POST', { username, password });
    if (answer.status !== 201) throw new Error(`${username} cannot log in: ${JSON.stringify(answer)}`);
    return new Person(account, url, answer.body.token);
  }

  get<Body = Record<string, unknown>>(path: string): Promise<Answer<Body>> {
    return call(`${this.url}/api/v1${path}`, 'GET', undefined, { Authorization: `Bearer ${this.token}` });
  }

  post<Body = Record<string, unknown>>(path: string, body: unknown): Promise<Answer<Body>> {
    return call(`${this.url}/api/v1${path}`, 'POST', body, {
      Authorization: `Bearer ${this.token}`,
      'Idempotency-Key': randomUUID(),
    });
  }

  async tasks(): Promise<TaskRow[]> {
    const { body } = await this.get<{ items: TaskRow[] }>('/tasks?mine=true&status=open&limit=200');
    return body.items.filter((task) => !task.awaitsConfirmation);
  }

  /**
   * Posts the example of a task.
   * @returns nothing when somebody else's decision closed it meanwhile
   * @throws Error when its example is refused: an example would be accepted as it is
   */
  async complete(task: TaskRow): Promise<Done | undefined> {
    const { body: detail } = await this.get<{ status: string; example?: unknown }>(`/tasks/${task.id}`);
    if (detail.status !== 'open') return undefined;
    const answer = await this.post<{ code?: string }>(`/tasks/${task.id}/completion`, detail.example);
    if (answer.status === 200) return { kind: task.kind, step: task.step, by: this.account.username };
    if (answer.body.code === 'task-not-open') return undefined;
    throw new Error(
      `The example of ${task.kind} (${task.id}) was refused to ${this.account.username}: ` +
        `${JSON.stringify(answer)}\nexample: ${JSON.stringify(detail.example)}`,
    );
  }
}

/** Everybody of a city whom a list of accounts lets in. */
export class City {
  private constructor(
    readonly people: readonly Person[],
    private readonly clock: Person,
  ) {}

  static async logIn(url: string, accounts: readonly Account[]): Promise<City> {
    const people = await inTurns(accounts, (account) => Person.logIn(url, account));
    const [clock] = people;
    if (!clock) throw new Error('There are no accounts');
    return new City(
      people.filter(({ account }) => account.organisation !== null),
      clock,
    );
  }

  one(body: string, level: string, area?: string): Person {
    const found = this.people.find(
      ({ account }) =>
        account.body === body && account.level === level && (area === undefined || account.area === area),
    );
    if (!found) throw new Error(`Nobody sits for ${body} at ${level}`);
    return found;
  }

  async advance(duration: string): Promise<string> {
    const { status, body } = await this.clock.post<{ now: string }>('/rehearsal/clock', {
      advance: duration,
    });
    if (status !== 200) throw new Error(`The clock refused ${duration}: ${JSON.stringify(body)}`);
    return body.now;
  }

  /** These people do what is open for them with its example, once. */
  async work(people: readonly Person[], done: Done[]): Promise<number> {
    const counts = await inTurns(people, async (person) => {
      const tasks = await person.tasks();
      for (const task of tasks) {
        const one = await person.complete(task);
        if (one) done.push(one);
      }
      return tasks.length;
    });
    return counts.reduce((a, b) => a + b, 0);
  }

  /** The people of the organisations that a project waits for; its subdistrict's handler asks. */
  async awaitedBy(projectId: string): Promise<Person[]> {
    const { body } = await this.clock.get<{ openTasks: TaskRow[] }>(`/projects/${projectId}`);
    const organisations = new Set(body.openTasks.map(({ organisation }) => organisation));
    return this.people.filter(({ account }) => organisations.has(account.organisation ?? ''));
  }

  /**
   * Works on a project until nobody of this city has anything to do. Those whom the project names are asked first;
   * everybody only when they have nothing left, because the year's plan has tasks of its own.
   */
  async workUntilIdle(projectId: string, done: Done[]): Promise<void> {
    for (;;) {
      if ((await this.work(await this.awaitedBy(projectId), done)) > 0) continue;
      // What a decision leads to is there when the clock has moved by a second.
      await this.advance('PT1S');
      if ((await this.awaitedBy(projectId)).length > 0) continue;
      if ((await this.work(this.people, done)) === 0) return;
    }
  }
}

/** Days that the clock is moved on when nobody has anything to do; further each time that nothing comes of it. */
const FIRST_DAYS = 2;
const MOST_DAYS = 32;

/** Works and waits until the project has come to an end, or until `days` have passed. */
export async function workUntilEnded(
  city: City,
  project: { readonly id: string; readonly ended: () => Promise<boolean> },
  days: number,
): Promise<Done[]> {
  const done: Done[] = [];
  let step = FIRST_DAYS;
  for (let passed = 0; passed <= days; passed += step) {
    const before = done.length;
    await city.workUntilIdle(project.id, done);
    if (await project.ended()) return done;
    step = done.length > before ? FIRST_DAYS : Math.min(step * 2, MOST_DAYS);
    await city.advance(`P${step}D`);
  }
  throw new Error(`Not at an end after ${days} days; last done: ${JSON.stringify(done.slice(-5))}`);
}

const AT_ONCE = 8;

async function inTurns<One, Result>(
  all: readonly One[],
  work: (one: One) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = all.map((one, index) => ({ one, index }));
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) results[next.index] = await work(next.one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

async function call<Body>(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<Body>> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = { status: response.status, body: (await response.json()) as Body };
    // Nothing was lost, says the contract: the same request, with the same key, may be sent again.
    if (answer.status !== 503 || attempt === ATTEMPTS) return answer;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** How often a busy system is asked before its 503 is taken for an answer. */
const ATTEMPTS = 10;
