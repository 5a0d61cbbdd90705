/** Utility facilities outside the entry port (P4.5): who owns them, who pays, and the asset afterwards. In fen. */
import type { Utility } from '../policy/keys';
import { isFen, sumFen, yuan, yuanEn } from './money';
import type { CommunityPlan } from './plan';
import { refusal, type Refusal } from './refusal';

export interface UtilityFacility {
  readonly name: string;
  /** `operator`: 产权属于专营单位. */
  readonly owner: 'operator' | 'other';
  readonly costFen: number;
  readonly operatorPaysFen: number;
  /** 以奖代补: paid by the government to support the operator. */
  readonly rewardFen: number;
}

/** An operator's plan for the facilities of a project, made at the same time as the preliminary plan. */
export interface OperatorPlan {
  readonly utility: Utility;
  readonly facilities: readonly UtilityFacility[];
  /** 与老旧小区改造同步设计、同步实施. */
  readonly sameDesignAndBuild: boolean;
}

const clause = 'P4.5';
const basis = '临政办字〔2020〕81号 四(五)';

/** What the operator owns it pays for alone; elsewhere its share and the reward make the cost. */
export function operatorPlanRefusals(plan: OperatorPlan): Refusal[] {
  const lines = plan.facilities.flatMap((facility, i) => facilityRefusals(facility, `facilities.${i}`));
  return plan.sameDesignAndBuild
    ? lines
    : [
        ...lines,
        no(
          'sameDesignAndBuild',
          '应与小区改造同步设计、同步实施',
          'must be designed and built with the renovation',
        ),
      ];
}

function facilityRefusals(facility: UtilityFacility, at: string): Refusal[] {
  const { costFen, operatorPaysFen, rewardFen, owner } = facility;
  if (![costFen, operatorPaysFen, rewardFen].every(isFen)) {
    return [no(at, '金额应为非负整数（分）', 'must be whole numbers of fen')];
  }
  if (owner === 'operator' && rewardFen > 0) {
    return [
      no(
        `${at}.rewardFen`,
        '产权属于专营单位的，由专营单位负责改造，不予奖补',
        'the operator pays alone for what it owns',
      ),
    ];
  }
  if (operatorPaysFen + rewardFen === costFen) return [];
  return [
    no(
      `${at}.operatorPaysFen`,
      `专营单位出资与奖补合计 ${yuan(operatorPaysFen + rewardFen)}，与费用 ${yuan(costFen)} 不符`,
      `operator and reward pay ${yuanEn(operatorPaysFen + rewardFen)}, the cost is ${yuanEn(costFen)}`,
    ),
  ];
}

/** What an operator promises in all. */
export function promisedFen(plan: OperatorPlan): number {
  return sumFen(plan.facilities.map(({ operatorPaysFen }) => operatorPaysFen));
}

/** Operators concerned by a community's chosen items, each once. */
export function concernedUtilities(
  chosen: readonly number[],
  items: readonly { readonly no: number; readonly operators?: readonly Utility[] }[],
): Utility[] {
  return [
    ...new Set(
      items.filter(({ no: number }) => chosen.includes(number)).flatMap(({ operators }) => operators ?? []),
    ),
  ];
}

/** Money that the preliminary plan books on operators must be what they promise. */
export function contributionRefusals(
  communities: readonly CommunityPlan[],
  promises: readonly { readonly operator: string; readonly promisedFen: number }[],
): Refusal[] {
  const booked = new Map<string, number>();
  for (const { source, giver, amountFen } of communities.flatMap(({ funding }) => funding)) {
    if (source === 'operator' && giver) booked.set(giver, (booked.get(giver) ?? 0) + amountFen);
  }
  return [...booked].flatMap(([operator, amountFen]) => {
    const promised = sumFen(
      promises.filter((one) => one.operator === operator).map((one) => one.promisedFen),
    );
    if (promised === amountFen) return [];
    return [
      no(
        'funding',
        `方案列专营单位 ${operator} 出资 ${yuan(amountFen)}，其承诺 ${yuan(promised)}`,
        `the plan books ${yuanEn(amountFen)} on ${operator}, it promises ${yuanEn(promised)}`,
      ),
    ];
  });
}

function no(path: string, message: string, messageEn: string): Refusal {
  return refusal(message, messageEn, { path, clause, basis });
}
