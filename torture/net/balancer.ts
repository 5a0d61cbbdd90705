import { connect, createServer, type Server, type Socket } from 'node:net';
import { listening } from './proxy';

/** So long a place that has refused a connection is passed over, if there is another. */
const PASSED_OVER_MS = 500;

/**
 * Gives connections to the places behind it, one after the other. It repeats nothing: what breaks behind it breaks for
 * the client, who alone knows whether it may be sent again.
 */
export class Balancer {
  private next = 0;
  private readonly refusedAt = new Map<number, number>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    /** On 127.0.0.1. */
    readonly port: number,
    private readonly places: readonly number[],
  ) {}

  /** Before these ports of 127.0.0.1. */
  static async before(places: readonly number[]): Promise<Balancer> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const balancer = new Balancer(server, await listening(server), places);
    server.on('connection', (near: Socket) => balancer.give(near));
    return balancer;
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((done) => this.server.close(() => done()));
  }

  private give(near: Socket): void {
    const place = this.place();
    const far = connect({ port: place, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    far.once('error', () => this.refusedAt.set(place, Date.now()));
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => to.resetAndDestroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroySoon();
      });
      from.pipe(to);
    }
  }

  private place(): number {
    const since = Date.now() - PASSED_OVER_MS;
    const inTurn = this.places.map((_, n) => this.places[(this.next + n) % this.places.length] as number);
    const place = inTurn.find((one) => (this.refusedAt.get(one) ?? 0) < since) ?? (inTurn[0] as number);
    this.next = this.places.indexOf(place) + 1;
    return place;
  }
}
