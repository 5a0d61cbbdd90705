import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

const ACCEPTED = /^[A-Za-z0-9._-]{8,64}$/;

/** Every response carries `X-Request-Id`: the caller's own where it is fit for a log line, otherwise a new one. */
export function requestId(): RequestHandler {
  return (request, response, next) => {
    const given = request.get('X-Request-Id');
    const id = given !== undefined && ACCEPTED.test(given) ? given : randomUUID();
    request.id = id;
    response.set('X-Request-Id', id);
    next();
  };
}
