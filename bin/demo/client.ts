import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** One line of `sample-accounts.json`. */
export interface Account {
  readonly username: string;
  readonly password: string;
  readonly organisation: string | null;
  readonly area: string;
  readonly roles: readonly string[];
}

export interface TaskRow {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly round: number;
  readonly projectId?: string;
  readonly planYear?: number;
  readonly organisation: string;
  /** A paper decision was entered and awaits its second person: nothing to do here. */
  readonly awaitsConfirmation: boolean;
}

export type Form = Record<string, unknown>;

export interface TaskDetail extends TaskRow {
  readonly status: 'open' | 'completed' | 'closed';
  readonly context: unknown;
  readonly example?: Form;
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

interface Problem {
  readonly code?: string;
  readonly title?: string;
}

/** The engine or the store was away for a moment: the same key may be sent again, and nothing was lost. */
const TRIES = 6;
const PAUSE_MS = 1_000;

/** A person who is logged in. Everything of the demonstration goes through here: HTTP, and nothing else. */
export class Person {
  private constructor(
    readonly account: Account,
    private readonly url: string,
    readonly token: string,
  ) {}

  static async logIn(url: string, account: Account): Promise<Person> {
    const { username, password } = account;
    const body = JSON.stringify({ username, password });
    const answer = await send<{ token: string }>(`${url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    return new Person(account, url, expect(answer, 201, `log-in of ${username}`).token);
  }

  async get<Body>(path: string): Promise<Body> {
    return expect(await this.ask<Body>('GET', path), 200, `GET ${path}`);
  }

  /** Whatever the answer is; `expect` says which one it must be. */
  post<Body>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.ask<Body>('POST', path, { type: 'application/json', body: JSON.stringify(body) });
  }

  async patch<Body>(path: string, body: unknown): Promise<Body> {
    const sent = { type: 'application/json', body: JSON.stringify(body) };
    return expect(await this.ask<Body>('PATCH', path, sent), 200, `PATCH ${path}`);
  }

  async postCsv<Body>(path: string, csv: string): Promise<Body> {
    const answer = await this.ask<Body>('POST', path, { type: 'text/csv', body: csv });
    return expect(answer, 200, `POST ${path}`);
  }

  /** What is mine to do; `fromPaper`: what I may record for an office that decides on paper. */
  async tasks(fromPaper?: { readonly kind: string }): Promise<TaskRow[]> {
    const query = fromPaper ? `kind=${fromPaper.kind}` : 'mine=true';
    const { items } = await this.get<{ items: TaskRow[] }>(`/tasks?status=open&limit=200&${query}`);
    return items.filter((task) => !task.awaitsConfirmation);
  }

  task(id: string): Promise<TaskDetail> {
    return this.get<TaskDetail>(`/tasks/${id}`);
  }

  /** @returns false when somebody else's decision has closed it meanwhile */
  async complete(task: TaskRow, form: Form): Promise<boolean> {
    const answer = await this.post<Problem>(`/tasks/${task.id}/completion`, form);
    if (answer.status === 409 && answer.body.code === 'task-not-open') return false;
    expect(answer, 200, `${task.kind} by ${this.account.username} with ${JSON.stringify(form)}`);
    return true;
  }

  private ask<Body>(
    method: string,
    path: string,
    sent?: { readonly type: string; readonly body: string },
  ): Promise<Answer<Body>> {
    const headers = {
      Authorization: `Bearer ${this.token}`,
      ...(sent ? { 'Content-Type': sent.type, 'Idempotency-Key': randomUUID() } : {}),
    };
    return send<Body>(`${this.url}/api/v1${path}`, { method, headers, ...(sent ? { body: sent.body } : {}) });
  }
}

/** @throws Error that says what was asked and what came instead */
export function expect<Body>(answer: Answer<Body>, status: number, what: string): Body {
  if (answer.status === status) return answer.body;
  throw new Error(
    `${what}: ${status} was expected and ${answer.status} came: ${JSON.stringify(answer.body)}`,
  );
}

async function send<Body>(url: string, request: RequestInit): Promise<Answer<Body>> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, request);
    const body = (await response.json()) as Body;
    if (response.status !== 503 || attempt === TRIES)
      return { status: response.status, headers: response.headers, body };
    await pause(PAUSE_MS);
  }
}
