import type { RequestHandler } from 'express';

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const TAKEN = 'Authorization, Content-Type, Idempotency-Key, X-Request-Id, Accept-Language';
const SHOWN = 'Location, Retry-After, X-Request-Id, X-Rehearsal';
const KEPT_S = '600';

/**
 * Lets pages of these origins, and of no others, read answers; with a token of their own, never with our cookie.
 * Without origins nothing is said at all: browsers then keep answers from every other site.
 */
export function cors(origins: readonly string[]): RequestHandler[] {
  if (origins.length === 0) return [];
  return [
    (request, response, next) => {
      response.vary('Origin');
      const origin = request.get('Origin');
      if (origin === undefined || !origins.includes(origin)) return next();
      response.set('Access-Control-Allow-Origin', origin);
      response.set('Access-Control-Expose-Headers', SHOWN);
      const isPreflight = request.method === 'OPTIONS' && request.get('Access-Control-Request-Method');
      if (!isPreflight) return next();
      response.set({
        'Access-Control-Allow-Methods': METHODS,
        'Access-Control-Allow-Headers': TAKEN,
        'Access-Control-Max-Age': KEPT_S,
      });
      response.status(204).end();
    },
  ];
}
