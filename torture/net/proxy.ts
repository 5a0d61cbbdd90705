import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How the connections of a link are: as they should be, refused and broken, standing still, or late by so many ms. */
export type Passage = 'open' | 'cut' | 'stalled' | { readonly lateMs: number };

/** A link between two processes that can be cut, held up and slowed: it passes bytes on and understands none of them. */
export class Proxy {
  private passage: Passage = 'open';
  private readonly sockets = new Set<Socket>();
  private waiting: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    /** Where the near end connects to, on 127.0.0.1. */
    readonly port: number,
    private readonly targetPort: number,
  ) {}

  /** A link to this port of 127.0.0.1, open. */
  static async to(targetPort: number): Promise<Proxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const port = await listening(server);
    const proxy = new Proxy(server, port, targetPort);
    server.on('connection', (near: Socket) => proxy.pass(near));
    return proxy;
  }

  /** Changes all connections at once, those that are there and those that come. */
  set(passage: Passage): void {
    this.passage = passage;
    if (passage === 'cut') for (const socket of this.sockets) socket.resetAndDestroy();
    if (passage === 'stalled') return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const goOn of waiting) goOn();
  }

  close(): Promise<void> {
    this.set('cut');
    return new Promise((done) => this.server.close(() => done()));
  }

  private pass(near: Socket): void {
    if (this.passage === 'cut') {
      near.on('error', () => undefined);
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: this.targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (chunk: Buffer) => void this.forward(chunk, from, to));
      from.on('end', () => void this.ready().then(() => to.end()));
      // A refused or broken connection is refused and broken at the other end too.
      from.on('error', () => to.resetAndDestroy());
      from.on('close', () => {
        this.sockets.delete(from);
        if (!to.destroyed && !to.writableEnded) void this.ready().then(() => to.destroySoon());
      });
    }
  }

  /** One piece after the other: order is kept, and whoever sends faster than it passes has to wait. */
  private async forward(chunk: Buffer, from: Socket, to: Socket): Promise<void> {
    const isFree = this.passage === 'open';
    if (!isFree) {
      from.pause();
      await this.ready();
    }
    const hasRoom = to.write(chunk);
    if (!hasRoom) {
      from.pause();
      to.once('drain', () => from.resume());
    } else if (!isFree) {
      from.resume();
    }
  }

  private async ready(): Promise<void> {
    if (typeof this.passage === 'object') await pause(this.passage.lateMs);
    while (this.passage === 'stalled') await new Promise<void>((goOn) => this.waiting.push(goOn));
  }
}

/** Listens on a free port of 127.0.0.1 and says which. */
export function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address && typeof address === 'object') resolve(address.port);
      else reject(new Error('no port'));
    });
  });
}
