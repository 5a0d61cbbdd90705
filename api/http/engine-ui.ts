import type { RequestHandler } from 'express';

const TAKEN = 'Authorization, Content-Type, X-CSRF-Token, X-Namespace, X-Request-Id';
const KEPT_S = '600';

/**
 * Lets the pages of the Temporal UI, and of no other origin, send with the cookie of whoever is logged in and read the
 * answer. Browsers say truly where a request comes from: from there it needs no token of ours beside the cookie.
 * @param origin scheme, host and port of the UI; without one only our own pages are let in
 */
export function engineUi(origin: string | undefined): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin');
    if (origin === undefined || request.get('Origin') !== origin) return next();
    response.set('Access-Control-Allow-Origin', origin);
    response.set('Access-Control-Allow-Credentials', 'true');
    response.locals['fromOwnPage'] = true;
    if (request.method !== 'OPTIONS' || !request.get('Access-Control-Request-Method')) return next();
    response.set({
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': TAKEN,
      'Access-Control-Max-Age': KEPT_S,
    });
    response.status(204).end();
  };
}
