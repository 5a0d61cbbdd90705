import { request } from 'node:http';

/** An answer, and how long it took. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly tookMs: number;
}

export interface Asked {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1`. */
  readonly path: string;
  readonly token?: string;
  /** Idempotency-Key. */
  readonly key?: string;
  readonly body?: unknown;
}

/** HTTP answers within 5 s, says the contract; whoever waits longer than this has had no answer. */
const PATIENCE_MS = 6_500;

/**
 * One request over a connection of its own, so that the balancer sees each.
 * @throws Error when there is no whole answer in time
 */
export function ask(url: string, { method, path, token, key, body }: Asked): Promise<Answer> {
  const began = performance.now();
  const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    ...(sent ? { 'content-type': 'application/json', 'content-length': sent.length } : {}),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const sending = request(`${url}/api/v1${path}`, { method, headers, agent: false, signal }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        try {
          const said = JSON.parse(Buffer.concat(pieces).toString('utf8')) as Answer['body'];
          resolve({ status: response.statusCode ?? 0, body: said, tookMs: performance.now() - began });
        } catch (error) {
          reject(error as Error);
        }
      });
    });
    sending.on('error', reject);
    sending.end(sent);
  });
}
