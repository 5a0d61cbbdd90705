import type { Actor } from './actor';
import type { CivilDate } from './calendar';
import type { Json } from './events';
import type { Bindings, Place } from './seats';
import { steps, type Step } from '../policy/keys';
import type { PolicySnapshot } from '../policy/snapshot';

/** A community as a project carries it: the register's figures at the start, and where it lies. */
export interface ProjectCommunity {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  readonly households: number;
  readonly buildings: number;
  /** ㎡ */
  readonly floorArea: number;
}

/** A project begun on paper, taken in at `enterAt` (接入): the outputs of all steps before, with their documents. */
export interface Intake {
  readonly enterAt: Step;
  readonly outputs: Readonly<Partial<Record<Step, Json>>>;
  readonly bindings: Bindings;
  readonly documents: readonly {
    readonly step: Step;
    readonly name: string;
    readonly attachment: string;
    readonly date: CivilDate;
  }[];
}

/** Of one project (片区): each is asked, hung and voted on by itself, and all of it must fit into one life of a workflow. */
export const MOST_COMMUNITIES = 20;

/** With what `renovationProject` starts. The policy is a snapshot: a project keeps the version with which it began. */
export interface ProjectStart {
  /** `371302-2027-0042` */
  readonly projectId: string;
  readonly name: string;
  readonly city: string;
  readonly county: string;
  /** Year of the annual plan that it is meant for. */
  readonly year: number;
  readonly communities: readonly ProjectCommunity[];
  /** Marked as a provincial pilot or a 4+N pilot (P4.3.2). */
  readonly pilot?: boolean;
  readonly policy: PolicySnapshot;
  readonly startedBy: Actor;
  readonly intake?: Intake;
}

/** Steps in the order of the policy; a return goes back along it. */
export const STEP_ORDER: readonly Step[] = steps;

export function isBefore(step: Step, other: Step): boolean {
  return STEP_ORDER.indexOf(step) < STEP_ORDER.indexOf(other);
}
