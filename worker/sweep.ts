import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { AlertKind } from '../store/alerts';
import type { Store } from '../store/connect';
import { turnedBackWithoutReason } from './cancelled-outside';
import { keepDoing, type Kept } from './periodic';
import { inspectWorkflow, type Finding, type Self } from './inspect';

const BATCH = 200;
const AT_ONCE = 8;
/** Clocks of several workers differ, and a head is dated before its transaction ends. */
const OVERLAP_MS = 30_000;
/** How far back the first sweep looks at what has changed and ended; whatever is open it looks at anyway. */
const LOOK_BACK_MS = 86_400_000;

/** The kinds of alerts that a sweep raises, and so may end. */
const OF_THE_SWEEP: readonly AlertKind[] = [
  'needs-repair',
  'vanished',
  'cancelled-outside',
  'record-differs',
];

export interface SweepResult {
  readonly looked: number;
  readonly told: string[];
  readonly troubled: string[];
}

/**
 * Compares the heads of the record with what the workflows hold, and mends what differs.
 *
 * The first sweep looks at every workflow that is open, in the store or in the engine, and at the last day; later ones at
 * heads that have changed since, at workflows that were ended from outside, and again at whatever was not well.
 */
export class Sweep {
  private since: Date | undefined;
  private suspects = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly client: Client,
    private readonly log: Pick<Logger, 'info' | 'warn' | 'error'>,
    private readonly self: Omit<Self, 'revocations'>,
  ) {}

  async run(): Promise<SweepResult> {
    const began = new Date();
    const since = this.since;
    const result: SweepResult = { looked: 0, told: [], troubled: [] };
    const seen = new Set<string>();
    for await (const ids of this.candidates(since)) {
      const fresh = ids.filter((id) => !seen.has(id));
      for (const id of fresh) seen.add(id);
      await this.lookAt(fresh, result);
    }
    this.since = new Date(began.getTime() - OVERLAP_MS);
    const { looked, told, troubled } = { ...result, looked: seen.size };
    if (told.length + troubled.length > 0)
      this.log.warn({ looked, told, troubled }, 'sweep found differences');
    return { looked, told, troubled };
  }

  private async *candidates(since: Date | undefined): AsyncIterable<string[]> {
    const standing = await this.store.alerts.standing(BATCH, OF_THE_SWEEP);
    yield [...this.suspects, ...standing.map(({ workflowId }) => workflowId)];
    this.suspects = new Set();
    if (!since) yield* this.openInStore();
    yield* this.changed(since ?? new Date(Date.now() - LOOK_BACK_MS));
    yield* this.inEngine(since);
  }

  private async *changed(since: Date): AsyncIterable<string[]> {
    for (let from = since; ;) {
      const heads = await this.store.heads.changedSince(from, BATCH);
      yield heads.filter(({ open }) => open).map(({ _id }) => _id);
      // Ended workflows are well, but for those that somebody has cancelled past their parents.
      const ended = heads.filter(({ open }) => !open);
      yield await turnedBackWithoutReason(this.store, ended);
      const last = heads.at(-1);
      if (heads.length < BATCH || !last) return;
      from = new Date(last.writtenAt.getTime() + (last.writtenAt.getTime() === from.getTime() ? 1 : 0));
    }
  }

  private async *openInStore(): AsyncIterable<string[]> {
    for (let after = ''; ;) {
      const heads = await this.store.heads.openAfter(after, BATCH);
      yield heads.map(({ _id }) => _id);
      const last = heads.at(-1);
      if (heads.length < BATCH || !last) return;
      after = last._id;
    }
  }

  /** What only the engine can list: running workflows that the store has lost, and those that were ended from outside. */
  private async *inEngine(since: Date | undefined): AsyncIterable<string[]> {
    const query = since
      ? `ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled') AND CloseTime > '${since.toISOString()}'`
      : `ExecutionStatus = 'Running'`;
    let batch: string[] = [];
    try {
      for await (const { workflowId } of this.client.workflow.list({ query })) {
        batch.push(workflowId);
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
    } catch (error) {
      // The engine of a rehearsal keeps no lists.
      this.log.info({ reason: (error as Error).message }, 'the engine lists no workflows');
    }
    yield batch;
  }

  private async lookAt(workflowIds: readonly string[], result: SweepResult): Promise<void> {
    const left = [...workflowIds];
    const self = { ...this.self, revocations: await this.store.revocations.count() };
    const worker = async (): Promise<void> => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) {
        await this.note(id, await inspectWorkflow(this.store, this.client, id, self), result);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  private async note(workflowId: string, finding: Finding, result: SweepResult): Promise<void> {
    const now = new Date();
    if (finding.found === 'well') return this.store.alerts.mend(workflowId, now, OF_THE_SWEEP);
    if (finding.found === 'unknown')
      this.log.info({ workflowId, reason: finding.reason }, 'no answer to the sweep');
    if (finding.found === 'trouble') {
      result.troubled.push(workflowId);
      const isNew = await this.store.alerts.raise(finding.kind, workflowId, finding.detail, now);
      if (isNew)
        this.log.error({ workflowId, kind: finding.kind, detail: finding.detail }, 'a workflow needs people');
      return;
    }
    if (finding.found === 'told') result.told.push(workflowId);
    this.suspects.add(workflowId);
  }
}

/** Sweeps now and then every minute, until stopped. A sweep that fails (a server is away) is tried again. */
export function keepSweeping(sweep: Pick<Sweep, 'run'>, log: Pick<Logger, 'warn'>, everyMs = 60_000): Kept {
  return keepDoing(
    () => sweep.run(),
    everyMs,
    ({ message }) => log.warn({ reason: message }, 'sweep failed'),
  );
}
