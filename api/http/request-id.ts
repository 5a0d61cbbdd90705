import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { traceIdNow } from '../../watching/tracing/start';

const ACCEPTED = /^[A-Za-z0-9._-]{8,64}$/;
const running = new AsyncLocalStorage<string>();

/** Every response carries `X-Request-Id`: the caller's own where it is fit for a log line, otherwise a new one. */
export function requestId(): RequestHandler {
  return (request, response, next) => {
    const given = request.get('X-Request-Id');
    const id = given !== undefined && ACCEPTED.test(given) ? given : randomUUID();
    request.id = id;
    response.set('X-Request-Id', id);
    running.run(id, next);
  };
}

/** What every log line says of the request for which it is written, and of its trace if somebody traces. */
export function idsNow(): { requestId?: string; traceId?: string } {
  const id = running.getStore();
  return { ...(id === undefined ? {} : { requestId: id }), ...traceIdNow() };
}
