import { hashOf, type ChainHead, type RecordedEvent } from '../events';
import type { Verifier } from '../signing/signature';
import { Attribution } from './attribution';
import type { FaultKind, RecordFault } from './fault';

/** How a record is checked. */
export interface Checking {
  /** Without one, signatures are looked for but not verified. */
  readonly verifier?: Verifier;
  /** Another way to the same hash, where there is a faster one: SHA-256 (hex) over canonical JSON. */
  readonly hash?: (value: unknown) => string;
}

/**
 * Checks one workflow's events, one after the other, against each other, against their signatures, and at the end
 * against the head. The first fault stays; what follows it is not looked at.
 */
export class ChainCheck {
  private previous: string | undefined;
  private next = 1;
  private found: RecordFault | undefined;
  private readonly attribution: Attribution;
  private readonly hash: (value: unknown) => string;

  constructor(
    readonly workflowId: string,
    { verifier, hash }: Checking = {},
  ) {
    this.attribution = new Attribution(workflowId, verifier, hash);
    this.hash = hash ?? hashOf;
  }

  /** @param slot the number under which the store keeps it */
  see(event: RecordedEvent, slot = event.seq): void {
    if (this.found) return;
    if (slot !== this.next) return this.stop(this.next, 'missing');
    if (event.workflowId !== this.workflowId || event.seq !== slot) return this.stop(slot, 'misplaced');
    const { hash, ...rest } = event;
    if (this.hash(rest) !== hash) return this.stop(slot, 'altered');
    if (this.previous !== undefined && event.previous !== this.previous) return this.stop(slot, 'unlinked');
    const wrong = this.attribution.see(event);
    if (wrong) return this.stop(slot, wrong.kind, wrong.detail);
    this.previous = hash;
    this.next += 1;
  }

  /** @param head as the store holds it, with the hash with which the chain began */
  end(
    head: (ChainHead & { readonly origin: string }) | undefined,
    first?: RecordedEvent,
  ): RecordFault | undefined {
    if (this.found) return this.found;
    const last = this.next - 1;
    if (!head) this.stop(last, 'no-head');
    else if (head.seq > last) this.stop(this.next, 'missing');
    else if (head.seq < last) this.stop(head.seq + 1, 'added');
    else if (head.hash !== this.previous) this.stop(last, 'head-differs');
    else if (first && first.previous !== head.origin) this.stop(1, 'unlinked');
    return this.found;
  }

  get fault(): RecordFault | undefined {
    return this.found;
  }

  /** The last event that holds. */
  get head(): ChainHead {
    return { seq: this.next - 1, hash: this.previous ?? '' };
  }

  private stop(seq: number, kind: FaultKind, detail?: string): void {
    this.found = { workflowId: this.workflowId, seq, kind, ...(detail === undefined ? {} : { detail }) };
  }
}
