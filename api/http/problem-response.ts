import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { type Problem, PROBLEMS } from '../../domain/problems';
import { asProblem } from './foreign-errors';
import { InvalidRequest } from './invalid';
import { languageOf, type Language } from './language';
import { TooMany } from './too-many';

/** The body of an error, RFC 9457. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly instance: string;
  readonly clause?: string;
  readonly basis?: string;
  readonly errors?: readonly { path: string; message: string }[];
  readonly violations?: readonly { path?: string; message: string; clause?: string; basis?: string }[];
}

/** Seconds after which the same request may be sent again. */
const RETRY_AFTER = { 'engine-unavailable': 2, 'too-many-requests': 60 } as const;

export function problemBody(problem: Problem, language: Language, requestId: string): ProblemBody {
  const entry = PROBLEMS[problem.code];
  const [first] = problem.refusals;
  const violations = problem.refusals.map(({ path, message, messageEn, clause, basis }) => ({
    ...(path === undefined ? {} : { path }),
    message: language === 'en' ? messageEn : message,
    ...(clause === undefined ? {} : { clause }),
    ...(basis === undefined ? {} : { basis }),
  }));
  return {
    type: `urn:jiugai:problem:${problem.code}`,
    title: entry[language],
    status: entry.status,
    code: problem.code,
    ...(problem.detail === undefined ? {} : { detail: problem.detail[language] }),
    instance: `urn:jiugai:request:${requestId}`,
    ...(first?.clause === undefined ? {} : { clause: first.clause }),
    ...(first?.basis === undefined ? {} : { basis: first.basis }),
    ...(problem instanceof InvalidRequest ? { errors: errorsIn(problem, language) } : {}),
    ...(violations.length > 0 ? { violations } : {}),
  };
}

function errorsIn(problem: InvalidRequest, language: Language) {
  return problem.errors.map(({ path, message }) => ({
    path,
    message: typeof message === 'string' ? message : message[language],
  }));
}

/** Sends a problem; what has begun to stream cannot be taken back, so its connection is cut instead. */
function sendProblem(response: Response, problem: Problem): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const language = languageOf(response.req);
  const body = problemBody(problem, language, String(response.req.id));
  if (problem instanceof TooMany) {
    response.set('Retry-After', String(Math.max(1, Math.ceil(problem.afterMs / 1_000))));
  } else if (problem.code in RETRY_AFTER && !response.hasHeader('Retry-After')) {
    response.set('Retry-After', String(RETRY_AFTER[problem.code as keyof typeof RETRY_AFTER]));
  }
  // What of the body is left is not read.
  if (problem.code === 'too-large') response.set('Connection', 'close');
  if (problem.code === 'unauthenticated') response.set('WWW-Authenticate', 'Bearer');
  response
    .status(body.status)
    .set('Content-Language', language)
    .type('application/problem+json')
    .send(JSON.stringify(body));
}

/** The end of every error: one table, never a stack trace in an answer. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const problem = asProblem(error);
    if (PROBLEMS[problem.code].status >= 500) {
      log.error({ requestId: request.id, code: problem.code, err: error }, 'request failed');
    }
    sendProblem(response, problem);
  };
}
