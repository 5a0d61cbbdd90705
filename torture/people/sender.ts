import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { updateIdOf } from '../../api/idempotency';
import type { Dice } from '../../test/faults/dice';
import { ask, type Answer, type Asked } from './http';
import { Tally } from './tally';

/** Somebody who is logged in. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly organisation: string;
  readonly token: string;
}

/** One thing that somebody wanted, under one key, and what they were told of it in the end. */
export interface Intention {
  readonly kind: string;
  readonly path: string;
  readonly user: string;
  /** Under which the record knows it. */
  readonly updateId: string;
  /** How often it was sent. */
  readonly sent: number;
  /** Of the last clear answer; nothing when there was none: it may count or not. */
  readonly status?: number;
  readonly code?: string;
  /** Of the last that was sent, clear or not. */
  readonly lastAnswer: string;
  /** Of a beginning: the community whose project it was to be. No two begin one for the same. */
  readonly community?: string;
  /** Of what was begun: its id. */
  readonly begun?: string;
}

/** Of those who get no clear answer one in so many walks away and never learns what became of it. */
const WALKS_AWAY = 12;
/** The pause before something is sent once more grows to so many times the first. */
const MOST_PAUSES = 5;

/** Sends for people, and notes what they are told. */
export class Sender {
  readonly intentions: Intention[] = [];
  /** Said by the API and found untrue at once. */
  readonly lies: string[] = [];
  private patient = true;
  private counting = new Tally();

  constructor(
    private readonly url: string,
    private readonly dice: Dice,
  ) {}

  get tally(): Tally {
    return this.counting;
  }

  /** Requests from now on are counted apart, and people send again as long as it takes. */
  beginAnew(): Tally {
    this.patient = true;
    this.counting = new Tally();
    return this.counting;
  }

  /** From now on nobody sends anything once more. */
  giveUp(): void {
    this.patient = false;
  }

  /** Reads once; nothing when there is no good answer. */
  async read<Body>(person: Person, kind: string, path: string): Promise<Body | undefined> {
    const answer = await this.once(kind, { method: 'GET', path, token: person.token });
    return answer?.status === 200 ? (answer.body as Body) : undefined;
  }

  /** Sends under one key until the answer says whether it counts. */
  async send(
    person: Person,
    kind: string,
    path: string,
    body: unknown,
    { staysOn = false, community }: { staysOn?: boolean; community?: string } = {},
  ): Promise<Answer | undefined> {
    const key = randomUUID();
    const asked: Asked = { method: 'POST', path, token: person.token, key, body };
    const about = {
      ...{ kind, path, user: person.id, updateId: updateIdOf(person.id, key) },
      ...(community === undefined ? {} : { community }),
    };
    for (let sent = 1; ; sent += 1) {
      const answer = await this.once(kind, asked);
      const lastAnswer = inWords(answer);
      if (answer && isClear(answer)) {
        const { code, id } = answer.body as { code?: string; id?: string };
        const told = { status: answer.status, ...(code === undefined ? {} : { code }) };
        this.intentions.push({
          ...about,
          sent,
          lastAnswer,
          ...told,
          ...(id === undefined ? {} : { begun: id }),
        });
        return answer;
      }
      if (!this.patient || (!staysOn && this.dice.upTo(WALKS_AWAY) === 0)) {
        this.intentions.push({ ...about, sent, lastAnswer });
        return undefined;
      }
      await pause(Math.min(sent, MOST_PAUSES) * (100 + this.dice.upTo(200)));
    }
  }

  /** Until it works: log-ins and the like, of which nothing is asked afterwards. */
  async insist(asked: Asked, kind: string): Promise<Answer['body']> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.once(kind, asked);
      if (answer && answer.status < 300) return answer.body;
      if (tries === 30) throw new Error(`${asked.path}: ${answer?.status} ${JSON.stringify(answer?.body)}`);
      await pause(200);
    }
  }

  private async once(kind: string, asked: Asked): Promise<Answer | undefined> {
    const answer = await ask(this.url, asked).catch(() => undefined);
    this.tally.count(kind, inWords(answer), answer?.tookMs);
    if (answer?.status === 500) this.lies.push(`${kind} ${asked.path}: answered ${inWords(answer)}`);
    return answer;
  }
}

function isClear({ status }: Answer): boolean {
  return status < 500 && status !== 429;
}

function inWords(answer: Answer | undefined): string {
  if (!answer) return 'no answer';
  const { code } = answer.body as { code?: string };
  return code === undefined ? String(answer.status) : `${answer.status} ${code}`;
}
