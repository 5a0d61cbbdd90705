import type { Utility } from '../../policy/keys';
import type { PolicySnapshot } from '../../policy/snapshot';
import type { Plan } from '../plan';

/** What the form of the preliminary plan looks at: the communities with their residents' wishes, and who can be named. */

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** A community as its plan is made: figures of the register, and what its residents asked for. */
export interface PlanCommunity extends Named {
  readonly households: number;
  /** ㎡ */
  readonly floorArea: number;
  /** Numbers of the items of needs collection. */
  readonly wishes: readonly number[];
}

export interface Operator extends Named {
  readonly utilities: readonly Utility[];
}

export interface PlanContext {
  readonly communities: readonly PlanCommunity[];
  readonly policy: Pick<PolicySnapshot, 'items' | 'sources' | 'modes'>;
  /** Who may be named as 建设单位: companies, and county housing itself. */
  readonly owners: readonly Named[];
  /** Every operator that serves the place. */
  readonly operators: readonly Operator[];
  /** Why it is made again: who says what. */
  readonly remarks: readonly Remark[];
  readonly before?: Plan;
}

export interface Remark {
  readonly by: string;
  readonly remarks: string;
}

/** 以奖代补: what the government offers an operator for facilities that the operator does not own (P4.5). */
export interface Reward {
  readonly operator: string;
  readonly amountFen: number;
}
