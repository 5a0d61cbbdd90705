/** For so long after an answer, its reader may be on the way to the next task. */
const MAY_GO_ON_MS = 100;

/**
 * Whoever sends one decision waits in front of a page; whoever sends hundreds in one request has reckoned with a while.
 * Tells the many when to make room. Each API process knows of its own people only.
 */
export class Precedence {
  private waiting = 0;
  private lastAnswerAt = -Infinity;

  /** Somebody waits for just this. */
  async give<T>(work: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    try {
      return await work();
    } finally {
      this.waiting -= 1;
      this.lastAnswerAt = performance.now();
    }
  }

  /** Whether somebody waits for one decision, or has just had one answered. */
  get isClaimed(): boolean {
    return this.waiting > 0 || performance.now() - this.lastAnswerAt < MAY_GO_ON_MS;
  }
}
