import { keptLanguage } from '../words/language';

/** `application/problem+json` as the API answers it. */
export interface ProblemBody {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly instance?: string;
  readonly clause?: string;
  readonly basis?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly violations?: readonly {
    readonly path?: string;
    readonly message: string;
    readonly clause?: string;
    readonly basis?: string;
  }[];
}

/** The API has answered, and not what was hoped for. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly problem: ProblemBody) {
    super(problem.detail ?? problem.title);
  }
}

/** No answer came: whether the request arrived is unknown, so it may be sent again under the same key only. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON, but for files: a form of them, or one as it is, by its own type. */
  readonly body?: unknown;
  /** `Idempotency-Key`: the same for the same intention, however often it is sent. */
  readonly key?: string;
  readonly signal?: AbortSignal;
}

const BASE = '/api/v1';

/** After so long without a touch, what the page asks by itself does not keep somebody logged in. */
const ATTENDED_MS = 60_000;
let touchedAt = Date.now();
for (const touch of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'])
  window.addEventListener(touch, () => (touchedAt = Date.now()), { passive: true, capture: true });

let csrfToken: string | undefined;
let onEnded: () => void = () => undefined;

/** The token that goes with every change; told at log-in and by `GET /sessions/current`. */
export function keepCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

/** Calls this when the API says that nobody is logged in any longer. */
export function whenSessionEnds(then: () => void): void {
  onEnded = then;
}

/**
 * Asks the API below `/api/v1` and answers its JSON.
 * @throws Refused, NoAnswer
 */
export async function ask<Answer>(path: string, sent: Sent = {}): Promise<Answer> {
  const { method = 'GET', body, key, signal } = sent;
  const isFile = body instanceof FormData || body instanceof Blob;
  const headers = {
    Accept: 'application/json',
    'Accept-Language': keptLanguage(),
    ...(body === undefined || isFile ? {} : { 'Content-Type': 'application/json' }),
    ...(method === 'GET' || csrfToken === undefined ? {} : { 'X-CSRF-Token': csrfToken }),
    ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    ...(method === 'GET' && Date.now() - touchedAt > ATTENDED_MS ? { 'X-Unattended': 'true' } : {}),
  };
  const content = body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) };
  const request = { method, headers, ...content, ...(signal ? { signal } : {}) };
  const response = await fetch(`${path.startsWith('/auth/') ? '' : BASE}${path}`, request).catch(
    (error: unknown) => {
      if (signal?.aborted) throw error;
      throw new NoAnswer(String(error));
    },
  );
  if (response.status === 204) return undefined as Answer;
  const answered = await response.json().catch((error: unknown) => {
    throw new NoAnswer(String(error));
  });
  if (response.ok) return answered as Answer;
  const problem = answered as ProblemBody;
  if (problem.code === 'unauthenticated' && !path.startsWith('/sessions')) onEnded();
  throw new Refused(problem);
}

/** Whether the API has refused with one of these codes. */
export function isRefused(error: unknown, ...codes: readonly string[]): error is Refused {
  return error instanceof Refused && (codes.length === 0 || codes.includes(error.problem.code));
}

/** `{ status: 'open', kind: '' }` → `?status=open`: what asks for nothing is left out. */
export function queryOf(query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
