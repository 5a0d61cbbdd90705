import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

/**
 * One line a request: method, route, status, time, request id. Neither query nor body nor headers: a search text or
 * a token is nobody's business in a log.
 */
export function accessLog(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: (request) => request.id,
    quietReqLogger: true,
    quietResLogger: true,
    customLogLevel: (_request, response, error) =>
      error || response.statusCode >= 500 ? 'error' : response.statusCode >= 400 ? 'info' : 'debug',
    customSuccessObject: (request, response, value) => lineOf(request, response, value),
    customErrorObject: (request, response, _error, value) => lineOf(request, response, value),
    serializers: { req: () => undefined, res: () => undefined, err: () => undefined },
  });
}

function lineOf(
  request: { id: unknown; method?: string | undefined; url?: string | undefined },
  response: { statusCode: number; locals?: Record<string, unknown> },
  value: { responseTime?: number },
) {
  return {
    requestId: request.id,
    ...(response.locals?.['traceId'] === undefined ? {} : { traceId: response.locals['traceId'] }),
    method: request.method,
    path: request.url?.split('?')[0],
    status: response.statusCode,
    ms: value.responseTime,
  };
}
