import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { ServerCertificate } from '../keys/server-certificate';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Takes no more requests, lets those that run end, and closes idle connections at once. */
  close(withinMs?: number): Promise<void>;
}

/**
 * Listens; port 0 takes a free one. With a certificate it speaks TLS only.
 * @throws if the port is taken
 */
export async function serve(
  app: Express,
  port: number,
  host: string,
  certificate?: ServerCertificate,
): Promise<Listening> {
  const limits = { requestTimeout: 120_000, headersTimeout: 15_000, maxHeaderSize: 16_384 };
  const server = certificate
    ? createTlsServer({ ...limits, cert: certificate.cert, key: certificate.key }, app)
    : createServer(limits, app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (withinMs = 8_000) => {
      // Streams would never end by themselves.
      app.emit('closing');
      return closeServer(server, withinMs);
    },
  };
}

/** A bare `close` waits for kept-alive connections to time out; idle ones are closed as they fall idle. */
async function closeServer(server: Server, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), withinMs);
  server.closeIdleConnections();
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
