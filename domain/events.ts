import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { Actor } from './actor';
import type { Signature } from './signing/signature';
import type { OfficeRole, Step } from '../policy/keys';

/** Plain JSON: what may enter a workflow's state, an event, a projection. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The last link of one workflow's chain of events. */
export interface ChainHead {
  /** Number of the last event, from 1; 0 before the first. */
  readonly seq: number;
  /** SHA-256 (hex) of that event; of the parent's head before the first event; 64 zeros where nothing was before. */
  readonly hash: string;
}

export const EMPTY_HEAD: ChainHead = { seq: 0, hash: '0'.repeat(64) };

/** One fact of the record: who, in which seat, what, when, why. Append-only. */
export interface RecordedEvent {
  readonly workflowId: string;
  readonly seq: number;
  /** RFC 3339, the engine's clock. */
  readonly at: string;
  /** What happened, in the past tense: `task-completed`, `step-opened`, … */
  readonly type: string;
  readonly projectId?: string;
  readonly planYear?: number;
  readonly county?: string;
  readonly step?: Step;
  readonly round?: number;
  readonly taskId?: string;
  /** Nobody for what the system itself did: a timer, a step opened. */
  readonly by?: Actor;
  readonly reason?: string;
  readonly data?: Json;
  /** The Update that caused it: SHA-256 over user and idempotency key. */
  readonly updateId?: string;
  /** SHA-256 of the request's body, to tell a repeated request from a reused key. */
  readonly bodyHash?: string;
  /** What the API signed when the person decided or began it (P1.4). */
  readonly signature?: Signature & { readonly seat?: string; readonly stage?: OfficeRole };
  /** Hash of the event before in the same workflow; of the parent's head for the first. */
  readonly previous: string;
  readonly hash: string;
}

/** Canonical JSON (RFC 8785) of a value: equal text, equal content. */
export function canonicalText(value: unknown): string {
  return canonicalize(value) ?? 'null';
}

/** Canonical JSON of a value, UTF-8: what is hashed and what is signed. */
export function canonicalBytes(value: unknown): Uint8Array {
  return utf8ToBytes(canonicalText(value));
}

/** SHA-256 (hex) over the canonical JSON of a value. */
export function hashOf(value: unknown): string {
  return bytesToHex(sha256(canonicalBytes(value)));
}

/** Closes an event: links it to the head before and hashes everything but the hash itself. */
export function link(
  head: ChainHead,
  event: Omit<RecordedEvent, 'seq' | 'previous' | 'hash'>,
): RecordedEvent {
  const linked = { ...event, seq: head.seq + 1, previous: head.hash };
  return { ...linked, hash: hashOf(linked) };
}

export function headAfter(event: RecordedEvent): ChainHead {
  return { seq: event.seq, hash: event.hash };
}

export interface ChainFault {
  readonly workflowId: string;
  readonly seq: number;
  readonly fault: 'missing' | 'altered' | 'unlinked' | 'head-differs';
}

/**
 * Checks one workflow's events, in order, against each other and against the head that the workflow holds.
 * @param origin the head with which the workflow started
 * @returns the first fault, or nothing if the chain holds
 */
export function verifyChain(
  workflowId: string,
  origin: string,
  events: readonly RecordedEvent[],
  head?: ChainHead,
): ChainFault | undefined {
  let previous = origin;
  let expected = 1;
  for (const event of events) {
    if (event.seq !== expected) return { workflowId, seq: expected, fault: 'missing' };
    const { hash, ...rest } = event;
    if (hashOf(rest) !== hash) return { workflowId, seq: expected, fault: 'altered' };
    if (event.previous !== previous) return { workflowId, seq: expected, fault: 'unlinked' };
    previous = hash;
    expected += 1;
  }
  if (head && head.seq >= expected) return { workflowId, seq: expected, fault: 'missing' };
  if (head && (head.seq !== expected - 1 || (head.seq > 0 && head.hash !== previous))) {
    return { workflowId, seq: head.seq, fault: 'head-differs' };
  }
  return undefined;
}
