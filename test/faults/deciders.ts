import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { updateIdOf } from '../../api/idempotency';
import type { Task } from '../../domain/task';
import type { SampleAccount } from '../../bin/sample-city/accounts';
import type { Dice } from './dice';

/** What a client was told in the end about one decision: it counts, or it was refused. */
export interface Told {
  readonly task: string;
  readonly user: string;
  readonly updateId: string;
  readonly status: number;
  readonly code: string | undefined;
  /** How often it was sent under the same key. */
  readonly sent: number;
}

interface Answer {
  readonly status: number;
  readonly body: { code?: string; token?: string; task?: Task; user?: { id: string } };
}

interface LoggedIn {
  readonly id: string;
  readonly token: string;
}

/** Rounds after which a workflow of the test is brought to its end. */
const ROUNDS = 3;
const PATIENCE_MS = 6_000;

/**
 * People who decide over HTTP while everything is being killed around them. Two of each organisation compete for every
 * task, each under a key of their own; whoever gets no clear answer sends the same key again, to either API.
 */
export class Deciders {
  readonly told: Told[] = [];
  /** Said by an API and found untrue at once: must stay empty. */
  readonly lies: string[] = [];
  inFlight = 0;
  private stopped = false;
  private readonly people = new Map<string, LoggedIn[]>();
  private readonly seen = new Set<string>();
  private readonly working = new Set<Promise<void>>();
  private sentListeners: (() => void)[] = [];

  constructor(
    /** Addresses of the APIs that are up, as a balancer with health checks would know them. */
    private readonly apis: () => readonly string[],
    private readonly dice: Dice,
  ) {}

  async logIn(accounts: readonly SampleAccount[]): Promise<void> {
    for (const { username, password, organisation } of accounts) {
      if (organisation === null) continue;
      const { body } = await this.untilClear(() => this.post('/sessions', { username, password }));
      if (!body.token || !body.user) throw new Error(`${username} cannot log in`);
      const person = { id: body.user.id, token: body.token };
      this.people.set(organisation, [...(this.people.get(organisation) ?? []), person]);
    }
  }

  /** Begins to decide the tasks that nobody has begun yet. */
  take(tasks: readonly Task[]): void {
    for (const task of tasks) {
      if (this.seen.has(task.id)) continue;
      this.seen.add(task.id);
      for (const person of this.people.get(task.organisation) ?? []) {
        const work = this.decide(task, person).finally(() => this.working.delete(work));
        this.working.add(work);
      }
    }
  }

  /** Resolves when the next decision has been sent, or after `withinMs`. */
  nextSent(withinMs: number): Promise<void> {
    return Promise.race([new Promise<void>((done) => this.sentListeners.push(done)), pause(withinMs)]);
  }

  /** Waits for those who still decide, and sends away who has had no clear answer by then. */
  async end(withinMs: number): Promise<void> {
    const until = Date.now() + withinMs;
    while (this.working.size > 0 && Date.now() < until) await Promise.race([...this.working, pause(100)]);
    this.stopped = true;
    await Promise.all(this.working);
  }

  private async decide(task: Task, person: LoggedIn): Promise<void> {
    const key = randomUUID();
    const round = Number((task.context as { number: string }).number);
    const form = { confirmed: round < ROUNDS, remarks: person.id };
    let sent = 0;
    await pause(this.dice.upTo(150));
    const { status, body } = await this.untilClear(() => {
      sent += 1;
      return this.post(`/tasks/${task.id}/completion`, form, { key, token: person.token });
    });
    const updateId = updateIdOf(person.id, key);
    this.told.push({ task: task.id, user: person.id, updateId, status, code: body.code, sent });
    if (status !== 200) return;
    // 200 means visible: the task as it is read back has this very decision.
    const { status: now, outcome } = body.task ?? {};
    if (now !== 'completed' || outcome?.by.user !== person.id)
      this.lies.push(`${task.id}: ${JSON.stringify(body)}`);
  }

  /** Sends again until the answer says whether it counts. */
  private async untilClear(send: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const answer = await send().catch(() => undefined);
      if (answer && answer.status < 500 && answer.status !== 429) return answer;
      if (this.stopped) return { status: 0, body: { code: 'no clear answer' } };
      await pause(100 + this.dice.upTo(300));
    }
  }

  private async someApi(): Promise<string> {
    while (!this.stopped) {
      const up = this.apis();
      const api = up[this.dice.upTo(up.length)];
      if (api !== undefined) return api;
      await pause(20);
    }
    throw new Error('stopped');
  }

  private async post(path: string, body: unknown, as?: { key: string; token: string }): Promise<Answer> {
    const api = await this.someApi();
    this.inFlight += 1;
    const listeners = this.sentListeners;
    this.sentListeners = [];
    for (const told of listeners) told();
    try {
      const response = await fetch(`${api}/api/v1${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(as ? { authorization: `Bearer ${as.token}`, 'idempotency-key': as.key } : {}),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    } finally {
      this.inFlight -= 1;
    }
  }
}
