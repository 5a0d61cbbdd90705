import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Listens } from '../configuration';
import { readiness, type State } from '../../watching/readiness';

/** What a worker answers those who watch it. */
export interface Watched {
  /** Texts in the format of Prometheus, told one after the other. */
  readonly figures: readonly (() => Promise<string>)[];
  /** Part by part, whether the worker can do its work. */
  ready(): Promise<Readonly<Record<string, State>>>;
}

export interface Answering {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The worker's only port, for machines of the operators: `/healthz`, `/readyz` and `/metrics`. It tells figures and
 * nobody's data; it is still not for the public.
 * @throws if the port is taken
 */
export async function answerWatchers(
  watched: Watched,
  { port, host, certificate }: Listens,
): Promise<Answering> {
  const listener: RequestListener = (request, response) => {
    const path = request.url?.split('?')[0];
    const isAsked = request.method === 'GET' || request.method === 'HEAD';
    const answer = isAsked ? ANSWERS[path ?? ''] : undefined;
    if (!answer) return json(response, 404, { status: 'not-found' });
    answer(watched, response).catch(() => json(response, 500, { status: 'failed' }));
  };
  const server = certificate
    ? createTlsServer({ cert: certificate.cert, key: certificate.key }, listener)
    : createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const ANSWERS: Readonly<Record<string, (watched: Watched, response: ServerResponse) => Promise<void>>> = {
  '/healthz': async (_, response) => json(response, 200, { status: 'ok' }),
  '/readyz': async (watched, response) => {
    const said = readiness(await watched.ready());
    json(response, said.status === 'ready' ? 200 : 503, said);
  },
  '/metrics': async ({ figures }, response) => {
    const texts = await Promise.all(figures.map((tell) => tell()));
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(texts.join('\n'));
  },
};

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
