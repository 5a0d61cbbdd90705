import type { ChainHead, Json, RecordedEvent } from './events';
import type { Bindings } from './seats';
import type { Stage, Task } from './task';
import type { Candidate } from './world';
import type { Step } from '../policy/keys';

export type ProjectStatus = 'running' | 'suspended' | 'waiting' | 'needs-repair' | ProjectEnd;
export type ProjectEnd = 'completed' | 'residents-declined' | 'rejected' | 'withdrawn' | 'cancelled';

/** An approved repair, as the project shows it. */
export interface RepairMark {
  readonly measure: 'record-again' | 'reopen-step' | 'move-on';
  readonly step: Step;
  readonly reason: string;
  readonly at: string;
}

/** A project as its workflow knows it now. `waiting`: in the pool for a later year's plan. */
export interface ProjectNode {
  readonly node: 'project';
  readonly projectId: string;
  readonly name: string;
  readonly county: string;
  /** City, county, subdistricts and neighbourhoods of the communities with which it began: who sees it by its area. */
  readonly areas: readonly string[];
  readonly year: number;
  readonly communities: readonly string[];
  readonly status: ProjectStatus;
  /** Steps that are running now; after acceptance there are several. */
  readonly steps: readonly Step[];
  readonly rounds: Readonly<Partial<Record<Step, number>>>;
  /** Workflow of each running step, so that an act goes straight there. */
  readonly running: Readonly<Partial<Record<Step, string>>>;
  readonly bindings: Bindings;
  readonly policyVersion: string;
  /** Number and date of the joint document, once listed. */
  readonly document?: { readonly number: string; readonly date: string; readonly year: number };
  /** Steps that were done on paper before the project was taken in. */
  readonly onPaper: readonly Step[];
  /** The plan in force, the contracts, the acceptance …: each step's output, by step. */
  readonly outputs: Readonly<Record<string, Json>>;
  /** What the county's submission must know of it, once it has asked to be listed. */
  readonly candidate?: Candidate;
  readonly acts: StepNode['acts'];
  /** 应急修复: what was done about it when it was stuck. */
  readonly repairs?: readonly RepairMark[];
  /** Steps that were ended from outside and wait for repair. */
  readonly lost?: readonly Step[];
  readonly reason?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
}

/** The organisations that acts have named in a project: holders of seats, and whoever has won a contract. */
export function partiesOf({ bindings, outputs }: Pick<ProjectNode, 'bindings' | 'outputs'>): string[] {
  const { contracts = [] } = (outputs['tendering'] ?? {}) as { contracts?: readonly { winner: string }[] };
  return [...new Set([...Object.values(bindings), ...contracts.map(({ winner }) => winner)])];
}

/** One run of one step: a round. */
export interface StepNode {
  readonly node: 'step';
  readonly step: Stage;
  readonly round: number;
  readonly projectId?: string;
  readonly planYear?: number;
  readonly county?: string;
  readonly status: 'running' | 'suspended' | 'done' | 'closed' | 'needs-repair';
  readonly openedAt: string;
  readonly closedAt?: string;
  /** A wait for time, not for people: `公示 5 working days, to 2027-03-10`. */
  readonly waits: readonly { readonly what: string; readonly until: string; readonly provisional: boolean }[];
  /** What the step shows of itself: the notice with its objections, the money of the works, … */
  readonly facts: Json;
  /** Acts that people may begin now, with the context of their form and example. */
  readonly acts: readonly { readonly act: string; readonly context: Json }[];
}

/** A year's plan or a county's submission to it. */
export interface PlanNode {
  readonly node: 'plan';
  readonly planYear: number;
  readonly phase: string;
  readonly status: 'running' | 'closed' | 'needs-repair';
  readonly openedAt: string;
  readonly closesAt?: string;
  readonly facts: Json;
}

export interface SubmissionNode {
  readonly node: 'submission';
  readonly planYear: number;
  readonly county: string;
  readonly phase: string;
  readonly status: 'running' | 'closed' | 'needs-repair';
  readonly openedAt: string;
  /** State of every project in the list, by project. */
  readonly projects: Readonly<Record<string, Json>>;
  readonly facts: Json;
  readonly acts: StepNode['acts'];
}

/** A plan as its own step knows itself. */
export function planOf(node: StepNode): PlanNode {
  const facts = node.facts as { phase?: string; closesAt?: string };
  return {
    node: 'plan',
    planYear: node.planYear ?? 0,
    phase: facts.phase ?? 'declaration',
    status: node.status === 'needs-repair' ? node.status : node.status === 'running' ? 'running' : 'closed',
    openedAt: node.openedAt,
    ...(facts.closesAt === undefined ? {} : { closesAt: facts.closesAt }),
    facts: node.facts,
  };
}

/** A submission as its own step knows itself. */
export function submissionOf(node: StepNode): SubmissionNode {
  const facts = node.facts as { phase?: string; projects?: SubmissionNode['projects'] };
  return {
    node: 'submission',
    planYear: node.planYear ?? 0,
    county: node.county ?? '',
    phase: facts.phase ?? 'declaration',
    status: node.status === 'needs-repair' ? node.status : node.status === 'running' ? 'running' : 'closed',
    openedAt: node.openedAt,
    projects: facts.projects ?? {},
    facts: node.facts,
    acts: node.acts,
  };
}

export type Node = ProjectNode | StepNode | PlanNode | SubmissionNode;

/**
 * What one run of the activity `record` writes, in one transaction: all events since the last one, and the
 * projections as they are now. Writing it twice, or late, changes nothing.
 */
export interface RecordBatch {
  readonly workflowId: string;
  /** Hash with which this workflow's chain began: its parent's head. */
  readonly origin: string;
  /** The workflow's head when it asked: the last of the events, or, without any, what they left before. */
  readonly head: ChainHead;
  readonly events: readonly RecordedEvent[];
  readonly tasks: readonly Task[];
  readonly node: Node;
}

/** What a workflow answers about its own record. */
export interface RecordState {
  readonly head: ChainHead;
  /** Number of the last event that is known to be durable in the store. */
  readonly recorded: number;
  readonly needsRepair?: string;
  /** Whom the workflow believes: ids of roots, and how many revocations it has heard of; absent before its first briefing. */
  readonly trust?: { readonly roots: readonly string[]; readonly revocations: number };
}

/** What a workflow would write of itself now, to be held against what the store holds of it. */
export interface Projection {
  readonly head: ChainHead;
  /** Whether everything that was told is written: what the store holds is this, or wrong. */
  readonly settled: boolean;
  readonly needsRepair?: string;
  readonly node: Node;
  readonly tasks: readonly Task[];
  /** Tasks up to this number that are over may be missing in `tasks`: an earlier run of the workflow knew them. */
  readonly earlier?: number;
}

/** The type of failure with which `record` says that the store lacks events before these; details[0] is its head. */
export const RECORD_BEHIND = 'record-behind';

/** The type of failure with which `record` says that a slot of the chain holds something else. */
export const SLOT_TAKEN = 'slot-taken';
