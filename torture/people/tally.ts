import { percentile } from '../../bench/statistics';

/** What became of the requests of one kind. */
export interface Figures {
  readonly sent: number;
  /** How often each answer came: `200`, `409 task-not-open`, `no answer`. */
  readonly answers: Readonly<Record<string, number>>;
  /** Of requests that were answered at all, ms. */
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Counts what people have sent and been answered, by kind of request. */
export class Tally {
  private readonly took = new Map<string, number[]>();
  private readonly answers = new Map<string, Map<string, number>>();

  /** @param tookMs absent where there was no answer */
  count(kind: string, answer: string, tookMs?: number): void {
    const took = this.took.get(kind) ?? [];
    if (tookMs !== undefined) this.took.set(kind, [...took, tookMs]);
    const answers = this.answers.get(kind) ?? new Map<string, number>();
    this.answers.set(kind, answers.set(answer, (answers.get(answer) ?? 0) + 1));
  }

  /** Of each kind of request, the most frequent first. */
  figures(): Record<string, Figures> {
    const kinds = [...this.answers].map(([kind, answers]) => [kind, this.of(kind, answers)] as const);
    return Object.fromEntries(kinds.sort(([, a], [, b]) => b.sent - a.sent));
  }

  private of(kind: string, answers: ReadonlyMap<string, number>): Figures {
    const took = this.took.get(kind) ?? [];
    const at = (share: number): number => (took.length === 0 ? 0 : Math.round(percentile(took, share)));
    return {
      sent: [...answers.values()].reduce((a, b) => a + b, 0),
      answers: Object.fromEntries([...answers].sort(([, a], [, b]) => b - a)),
      p50: at(0.5),
      p95: at(0.95),
      max: at(1),
    };
  }
}
