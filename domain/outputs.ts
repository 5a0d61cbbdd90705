import type { Warranty } from './acceptance';
import type { CivilDate } from './calendar';
import type { OwnersDecision } from './notice';
import type { Plan } from './plan';
import type { UtilityFacility } from './utilities';
import type { Step, Utility } from '../policy/keys';

/**
 * What each step hands to the next: plain JSON, kept by the project's workflow and projected with it.
 * An intake enters the outputs of the steps that were done on paper.
 */

export type ManagementMode = 'professional' | 'subdistrict' | 'neighbourhood';

/** What one community's subdistrict has confirmed. */
export interface CommunityNeeds {
  readonly community: string;
  readonly items: readonly number[];
  readonly managementMode: ManagementMode;
}

/** P2.1.1: who wants it, what they want. */
export interface NeedsOutput {
  /** Ids of the communities that go on; those that declined have left. */
  readonly communities: readonly string[];
  readonly surveys: readonly {
    readonly community: string;
    readonly households: number;
    readonly answered: number;
    readonly agreeing: number;
    /** Households that would pay, and what together. */
    readonly contribution?: { readonly households: number; readonly amountFen: number };
    /** Households that wish each mode of property management. */
    readonly modes?: Readonly<Record<ManagementMode, number>>;
  }[];
  /** Numbers of annex 2's items that the residents ask for, in any of the communities. */
  readonly items: readonly number[];
  /** Of the first community; `lists` has each one's own. */
  readonly managementMode: ManagementMode;
  /** By community; absent where the step was done on paper. */
  readonly lists?: readonly CommunityNeeds[];
}

/** P2.1.2: the plan in force; `owner` is the organisation that will build (建设单位). */
export interface PlanOutput {
  readonly plan: Plan;
  readonly owner: string;
  /** What the operators concerned have promised (P4.5); absent where the step was done on paper. */
  readonly operators?: readonly OperatorPromise[];
}

/** An operator's own plan for its facilities outside the entry port (P4.5). */
export interface OperatorPromise {
  readonly organisation: string;
  readonly facilities: readonly (UtilityFacility & { readonly utility: Utility })[];
  readonly promisedFen: number;
  /** 以奖代补, by the government. */
  readonly rewardFen: number;
}

/** P2.1.3 */
export interface NoticeOutput {
  /** An objection was accepted that changes the plan, or the owners' vote failed: back to the plan. */
  readonly adjust: boolean;
  readonly remarks?: string;
  readonly postedOn: CivilDate;
  readonly endedOn: CivilDate;
  /** Received in time, online and on paper; each is answered. */
  readonly objections: number;
  /** Kept, and not waited for. */
  readonly lateObjections?: number;
  /** What the owners have decided in favour of (民法典 278). */
  readonly ownersAgreed?: readonly OwnersDecision[];
}

/** P2.3.1, P2.3.2 */
export interface SchemeOutput {
  readonly designer: string;
  readonly surveyor?: string;
  /** The estimate that was approved; a later change above it needs approval again. */
  readonly estimateFen: number;
  readonly approvedOn: CivilDate;
  /** Ordinary formalities that the simplification did not cover, each done. */
  readonly formalities: readonly string[];
}

export type LotKind = 'works' | 'supervision' | 'materials' | 'operator-works';

/** P2.3.3, P2.3.5 */
export interface Contract {
  readonly lot: string;
  readonly name?: string;
  readonly kind: LotKind;
  readonly way: 'tender' | 'negotiation' | 'consultation' | 'inquiry' | 'single-source' | 'operator';
  /** Of operators' works: whose network, and the public reward 以奖代补 for them (P4.5). */
  readonly utility?: Utility;
  readonly rewardFen?: number;
  /** Why it was not tendered, where it was not. */
  readonly ground?: string;
  /** An organisation's id; a supplier of materials by name. */
  readonly winner: string;
  readonly amountFen: number;
  /** What the contract grants ahead of progress; nothing if absent. */
  readonly advanceFen?: number;
  readonly signedOn: CivilDate;
}

export interface ContractsOutput {
  readonly contracts: readonly Contract[];
}

export interface MoneyFinding {
  readonly id: string;
  readonly title: string;
  readonly finder: string;
  readonly found: string;
}

/** P2.3.4 */
export interface WorksOutput {
  readonly startedOn: CivilDate;
  readonly completedOn: CivilDate;
  readonly approvedChangesFen: number;
  readonly paidFen: number;
  /** Findings on money that are still open: they do not block acceptance, but the end of the project. */
  readonly moneyFindings: readonly MoneyFinding[];
  /** By contract; absent where the works were done on paper. */
  readonly lots?: readonly {
    readonly lot: string;
    readonly approvedChangesFen: number;
    readonly paidFen: number;
  }[];
}

/** P2.4.1, P2.4.2 */
export interface AcceptanceOutput {
  readonly acceptedOn: CivilDate;
  readonly residentsPresent: number;
  /** Operators whose own acceptance may follow, before handover. */
  readonly operatorsPending: readonly string[];
}

/** P2.4.3 */
export interface AccountsOutput {
  readonly settledFen: number;
  readonly budgetFen: number;
  readonly paidFen: number;
  readonly approvedOn: CivilDate;
}

/** P2.4.4 */
export interface ArchiveOutput {
  readonly documents: number;
  readonly sha256: string;
  readonly sealedOn: CivilDate;
}

/** P2.4.5 */
export interface HandoverOutput {
  readonly manager: string;
  /** The neighbourhood manages until a company is found. */
  readonly interim: boolean;
  readonly handedOverOn: CivilDate;
  /** Last days of the warranties, which run from acceptance; absent where the handover was done on paper. */
  readonly warranties?: readonly Warranty[];
}

/** P2.5.1, P2.5.2, P5.4.2 */
export interface ManagementOutput {
  readonly mode: ManagementMode;
  readonly subsidyFen: number;
  /** Satisfied households of those asked. */
  readonly satisfaction: { readonly satisfied: number; readonly asked: number };
  readonly evaluation: 'excellent' | 'good' | 'passed' | 'failed';
}

export interface ListingOutput {
  readonly outcome: 'listed';
  readonly year: number;
  readonly number: string;
  readonly date: CivilDate;
}

/** By step, what an intake at a later step must bring. */
export interface StepOutputs extends Partial<Record<Step, unknown>> {
  readonly 'needs-collection': NeedsOutput;
  readonly 'preliminary-plan': PlanOutput;
  readonly 'public-notice': NoticeOutput;
  readonly 'joint-document': ListingOutput;
  readonly 'scheme-review': SchemeOutput;
  readonly tendering: ContractsOutput;
  readonly construction: WorksOutput;
  readonly 'completion-acceptance': AcceptanceOutput;
  readonly 'final-accounts': AccountsOutput;
  readonly archiving: ArchiveOutput;
  readonly handover: HandoverOutput;
  readonly 'property-management': ManagementOutput;
}
