import { randomUUID } from 'node:crypto';
import { hashNative } from '../keys/digest';
import { Problem, PROBLEMS } from '../domain/problems';
import type { FirstAnswer } from '../store/answers';
import type { Store } from '../store/connect';
import { asProblem } from './http/foreign-errors';
import type { Answer } from './http/operation';

/** A key of a user; without one from the client a new one, so that nothing is ever remembered by chance. */
export function updateIdOf(user: string, key: string | undefined): string {
  return hashNative([user, key ?? randomUUID()]);
}

/** What the key stands for: the same body sent elsewhere is another request. */
export function requestHash(target: string, body: unknown): string {
  return hashNative({ target, body });
}

export function keyReused(): Problem {
  return new Problem('idempotency-key-reused');
}

/** One request, under one key. */
export interface Request {
  /** Whose key it is; `public` where nobody is logged in. */
  readonly user: string;
  readonly key: string | undefined;
  /** Method and path. */
  readonly target: string;
  readonly body: unknown;
}

/** What an earlier attempt under this key has reserved, and how to note it. */
export interface Attempt {
  readonly memo: unknown;
  note(memo: unknown): Promise<void>;
}

/**
 * Acts once for a key, for requests that no workflow remembers: the first answer is given again for 24 hours. Refusals
 * are not remembered; after a 503 the next request with the key goes on where this one stopped.
 */
export async function once(
  store: Store,
  request: Request,
  act: (attempt: Attempt) => Promise<Answer>,
): Promise<Answer> {
  if (request.key === undefined) return act({ memo: undefined, note: async () => undefined });
  const id = updateIdOf(request.user, request.key);
  const bodyHash = requestHash(request.target, request.body);
  const [taken, event] = await Promise.all([store.answers.take(id, bodyHash), store.events.ofUpdate(id)]);
  if (!taken.mine) return earlier(taken.row, bodyHash);
  if (event) {
    await store.answers.giveBack(id, taken.holder);
    throw keyReused();
  }
  try {
    const note = async (memo: unknown): Promise<void> => {
      // This process was held up for so long that another attempt has gone on in its place.
      if (!(await store.answers.note(id, taken.holder, memo))) throw new Problem('engine-unavailable');
    };
    const answer = await act({ memo: taken.memo, note });
    await store.answers.keep(id, asFirst(answer));
    return answer;
  } catch (error) {
    const away = PROBLEMS[asProblem(error).code].status >= 500;
    const { leave, giveBack } = store.answers;
    await (away ? leave : giveBack)(id, taken.holder).catch(() => undefined);
    throw error;
  }
}

function earlier(row: { bodyHash: string; answer?: FirstAnswer }, bodyHash: string): Answer {
  if (row.bodyHash !== bodyHash) throw keyReused();
  if (!row.answer) {
    throw new Problem('engine-unavailable', {
      zh: '同一幂等键的请求正在办理，请稍候重试',
      en: 'A request with this Idempotency-Key is being worked on; try again in a moment',
    });
  }
  return { status: row.answer.status, headers: row.answer.headers, body: row.answer.body };
}

function asFirst({ status, headers = {}, body = null }: Answer): FirstAnswer {
  // As it went over the wire: without `undefined`, dates as text.
  return { status, headers, body: JSON.parse(JSON.stringify(body)) as unknown };
}
