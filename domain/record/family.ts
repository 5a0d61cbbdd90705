import { EMPTY_HEAD, type ChainHead, type Json, type RecordedEvent } from '../events';
import type { RecordFault } from './fault';

/** The workflow from whose chain this one's goes on; nothing for projects and plans. */
export function parentOf(workflowId: string): string | undefined {
  const [kind = '', id = '', ...rest] = workflowId.split('/');
  if (kind === 'submission') return `plan/${id.slice(0, id.indexOf('-'))}`;
  return rest.length > 0 ? `${kind}/${id}` : undefined;
}

/** The project or plan to which it belongs. */
export function familyOf(workflowId: string): string {
  return parentOf(workflowId) ?? workflowId;
}

/** The step that was ended from outside, where this event of its project says so. */
export function lostChild({ type, data }: RecordedEvent): string | undefined {
  if (type !== 'step-lost') return undefined;
  const { workflow } = (data ?? {}) as { workflow?: string };
  return workflow;
}

interface Child {
  readonly origin: string;
  readonly head: ChainHead;
}

/**
 * A project or a plan with all workflows that it started: each child begins at a record of the parent's, the parent
 * names the heads of those that have ended, and nobody is missing.
 */
export class FamilyCheck {
  private readonly hashes = new Set<string>();
  private readonly children = new Map<string, Child>();
  private readonly named = new Map<string, ChainHead>();
  /** Steps that were started, and by now must have ended. */
  private readonly started = new Set<string>();
  private readonly over = new Set<string>();
  private readonly latest = new Map<string, string>();
  private readonly lost = new Set<string>();
  private ended = false;

  constructor(readonly id: string) {}

  /** Every event of the parent's chain. */
  seeParent({ hash, type, step, round, data }: RecordedEvent): void {
    this.hashes.add(hash);
    const child = `${this.id}/${step}/${round}`;
    if (type === 'step-started') this.started.add(child);
    if (type === 'step-started' && step !== undefined) this.latest.set(step, child);
    if (type === 'step-closed') this.over.add(child);
    // Terminated from outside it had no last word: its parent says that it is lost, and names no head.
    if (type === 'step-lost' && step !== undefined) this.lost.add(this.latest.get(step) ?? '');
    if (type === 'project-ended') this.ended = true;
    for (const one of headsIn(data)) this.named.set(one.workflowId, one);
  }

  /** Every child's whole chain. */
  seeChild(workflowId: string, origin: string, head: ChainHead): void {
    this.children.set(workflowId, { origin, head });
  }

  /** The root's own beginning: nothing was before it. */
  static originFault(workflowId: string, origin: string): RecordFault | undefined {
    return parentOf(workflowId) === undefined && origin !== EMPTY_HEAD.hash
      ? { workflowId, seq: 1, kind: 'origin-unknown' }
      : undefined;
  }

  /** Children that were started and have no record; whether they should have one only the engine can say. */
  get absent(): string[] {
    return [...this.started].filter((id) => !this.children.has(id) && !this.named.has(id));
  }

  faults(): RecordFault[] {
    return [
      ...[...this.children].flatMap(([id, child]) => this.childFault(id, child)),
      ...[...this.named.keys(), ...this.over]
        .filter((id) => !this.children.has(id))
        .map((workflowId): RecordFault => ({ workflowId, seq: 1, kind: 'child-missing' })),
    ];
  }

  private childFault(workflowId: string, { origin, head }: Child): RecordFault[] {
    if (this.hashes.size === 0) return [{ workflowId, seq: 1, kind: 'parent-missing', detail: this.id }];
    if (!this.hashes.has(origin)) return [{ workflowId, seq: 1, kind: 'origin-unknown' }];
    const named = this.named.get(workflowId);
    if (!named) {
      const forgotten = this.ended && this.started.has(workflowId) && !this.lost.has(workflowId);
      return forgotten ? [{ workflowId, seq: head.seq, kind: 'child-unnamed' }] : [];
    }
    if (head.seq < named.seq) return [{ workflowId, seq: head.seq + 1, kind: 'missing' }];
    if (head.seq > named.seq) return [{ workflowId, seq: named.seq + 1, kind: 'added' }];
    return head.hash === named.hash ? [] : [{ workflowId, seq: head.seq, kind: 'child-differs' }];
  }
}

function headsIn(data: Json | undefined): ({ workflowId: string } & ChainHead)[] {
  const heads = (data as { heads?: unknown } | null | undefined)?.heads;
  return Array.isArray(heads) ? (heads as ({ workflowId: string } & ChainHead)[]) : [];
}
