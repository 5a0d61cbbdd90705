import type { PolicySnapshot } from '../policy/snapshot';
import type { Calendar } from './calendar';
import type { Json } from './events';
import type { RecordBatch } from './node';
import type { Organisation } from './seats';
import type { Trust } from './signing/certificate';
import type { Signature } from './signing/signature';
import type { Statement } from './signing/statements';

/**
 * What workflows ask of the world and what the world answers: the activities' contract, and the shapes that cross it.
 */

/** What a county's submission must know of a project that asks to be listed. */
export interface Candidate {
  readonly projectId: string;
  readonly name: string;
  readonly communities: number;
  readonly households: number;
  readonly buildings: number;
  readonly floorArea: number;
  readonly budgetFen: number;
  readonly readyAt: string;
}

/** What a step reads of the world once, when it opens, and again when it is told that it changed. */
export interface Briefing {
  readonly calendar: Calendar;
  /** Organisations that may hold a seat in this area, companies included. */
  readonly organisations: readonly Organisation[];
  /** Whom to believe, as the worker's configuration says. */
  readonly trust: Trust;
}

/** Residents' objections as a workflow may see them: no word of theirs, no name, only what must be answered. */
export interface ObjectionDigest {
  /** Likes together: one group is answered once. */
  readonly groups: readonly { readonly group: string; readonly title: string; readonly count: number }[];
  /** Received after the notice had ended: kept, and not blocking. */
  readonly late: number;
}

export interface ArchiveSeal {
  readonly documents: number;
  readonly sha256: string;
}

/** The activities, as workflows see them; `activities/` implements them. */
export interface Activities {
  record(batch: RecordBatch): Promise<void>;
  briefing(of: { city: string; county?: string }): Promise<Briefing>;
  objections(of: { projectId: string; round: number; closedAt: string }): Promise<ObjectionDigest>;
  answerObjections(of: {
    projectId: string;
    round: number;
    answers: readonly { group: string; answer: string; changesPlan: boolean }[];
  }): Promise<void>;
  sealArchive(of: {
    projectId: string;
    documents: readonly { step: string; name: string; attachment: string }[];
  }): Promise<ArchiveSeal>;
  /** Numbers are unique per bureau and year (P2.2.3); claiming one's own again is no conflict. */
  claimDocumentNumber(of: { number: string; claimedBy: string }): Promise<{ taken: boolean }>;
  pool(of: { county: string; year: number }): Promise<Candidate[]>;
  /** Closes the projections of a workflow that was ended from outside. */
  layToRest(of: { workflowId: string; because: string }): Promise<void>;
  /** A version of the city's policy; nothing where there is none. */
  policyVersion(of: { id: string; version: string }): Promise<PolicySnapshot | null>;
  startPlan(of: { year: number }): Promise<Json>;
  /** Signs, with the worker's key, what the calling workflow starts or tells; nothing else. */
  sign(statements: readonly Statement[]): Promise<Signature[]>;
}
