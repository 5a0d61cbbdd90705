/** Settlement and final accounts (P2.4.3): how long, and against budget, contracts and payments. In fen. */
import type { Source } from '../policy/keys';
import type { PolicySnapshot } from '../policy/snapshot';
import { addCalendarDays, addMonths, type Calendar, type CivilDate, type LastDay } from './calendar';
import { isFen, partOf, sumFen, yuan, yuanEn } from './money';
import { refusal, type Refusal } from './refusal';

/** Days of review by the amount submitted (财建〔2004〕369号). */
export function settlementReviewDays(
  amountFen: number,
  policy: Pick<PolicySnapshot, 'settlementBands'>,
): number {
  const bands = policy.settlementBands;
  const band = bands.find(({ upTo }) => upTo === undefined || amountFen <= upTo) ?? bands.at(-1);
  return band?.days ?? 0;
}

/** Last day of the review of a settlement submitted on this day; a maximum. */
export function settlementReviewBy(
  submittedOn: CivilDate,
  amountFen: number,
  calendar: Calendar,
  policy: Pick<PolicySnapshot, 'settlementBands'>,
): LastDay {
  return addCalendarDays(calendar, submittedOn, settlementReviewDays(amountFen, policy));
}

/** Last day for the final accounts after completion; a maximum, extended once for small and medium projects. */
export function finalAccountsBy(
  completedOn: CivilDate,
  extended: boolean,
  calendar: Calendar,
  policy: Pick<PolicySnapshot, 'periods'>,
): LastDay {
  const months = (key: 'final-accounts' | 'final-accounts-extension') => {
    const { length } = policy.periods[key];
    return 'months' in length ? length.months : 0;
  };
  return addMonths(
    calendar,
    completedOn,
    months('final-accounts') + (extended ? months('final-accounts-extension') : 0),
  );
}

export interface SettledContract {
  readonly lot: string;
  readonly contractFen: number;
  /** May be negative. */
  readonly approvedChangesFen: number;
  readonly settledFen: number;
  readonly paidFen: number;
  /** Why settled and contracted differ. */
  readonly reason?: string | undefined;
}

export interface SettledSource {
  readonly source: Source;
  readonly plannedFen: number;
  readonly paidInFen: number;
  readonly spentFen: number;
  /** Why paid in and planned differ. */
  readonly reason?: string | undefined;
}

export interface FinalAccounts {
  readonly budgetFen: number;
  readonly contracts: readonly SettledContract[];
  /** Costs without a contract. */
  readonly otherCostsFen: number;
  readonly totalFen: number;
  readonly sources: readonly SettledSource[];
  /** Approval (an attachment) if the total is over the budget. */
  readonly overBudgetApproval?: string | undefined;
}

const clause = 'P2.4.3';

/** What a form's context needs of the policy to judge accounts. */
export interface Retention {
  readonly ratios: Pick<PolicySnapshot['ratios'], 'retention'>;
}

/** Why the accounts cannot be approved: sums that disagree, differences without a reason, too much paid. */
export function accountsRefusals(accounts: FinalAccounts, policy: Retention): Refusal[] {
  const malformed = amountRefusals(accounts);
  if (malformed.length > 0) return malformed;
  return [
    ...accounts.contracts.flatMap((contract, i) => contractRefusals(contract, `contracts.${i}`, policy)),
    ...accounts.sources.flatMap((source, i) => sourceRefusals(source, `sources.${i}`)),
    ...totalRefusals(accounts),
  ];
}

function amountRefusals(accounts: FinalAccounts): Refusal[] {
  const amounts: [path: string, value: number][] = [
    ['budgetFen', accounts.budgetFen],
    ['otherCostsFen', accounts.otherCostsFen],
    ['totalFen', accounts.totalFen],
    ...accounts.contracts.flatMap((one, i): [string, number][] => [
      [`contracts.${i}.contractFen`, one.contractFen],
      [`contracts.${i}.settledFen`, one.settledFen],
      [`contracts.${i}.paidFen`, one.paidFen],
      [`contracts.${i}.approvedChangesFen`, Math.abs(one.approvedChangesFen)],
    ]),
    ...accounts.sources.flatMap((one, i): [string, number][] => [
      [`sources.${i}.plannedFen`, one.plannedFen],
      [`sources.${i}.paidInFen`, one.paidInFen],
      [`sources.${i}.spentFen`, one.spentFen],
    ]),
  ];
  return amounts
    .filter(([, value]) => !isFen(value))
    .map(([path]) => no(path, '金额应为整数（分）', 'must be whole fen'));
}

function contractRefusals(contract: SettledContract, at: string, policy: Retention): Refusal[] {
  const agreed = contract.contractFen + contract.approvedChangesFen;
  const payable = contract.settledFen - partOf(contract.settledFen, policy.ratios.retention);
  const found: Refusal[] = [];
  if (contract.settledFen !== agreed && !contract.reason?.trim()) {
    found.push(
      no(
        `${at}.reason`,
        `结算价 ${yuan(contract.settledFen)} 与合同及变更 ${yuan(agreed)} 不一致，应说明`,
        `settled ${yuanEn(contract.settledFen)}, agreed ${yuanEn(agreed)}: explain`,
      ),
    );
  }
  if (contract.paidFen > payable) {
    found.push(
      no(
        `${at}.paidFen`,
        `已付 ${yuan(contract.paidFen)} 超过结算价扣除质保金后的 ${yuan(payable)}`,
        `paid ${yuanEn(contract.paidFen)}, payable after retention ${yuanEn(payable)}`,
        '建质〔2017〕138号',
      ),
    );
  }
  return found;
}

function sourceRefusals(source: SettledSource, at: string): Refusal[] {
  const found: Refusal[] = [];
  if (source.paidInFen !== source.plannedFen && !source.reason?.trim()) {
    found.push(no(`${at}.reason`, '到位资金与计划不一致，应说明', 'paid in differs from the plan: explain'));
  }
  if (source.spentFen > source.paidInFen) {
    found.push(no(`${at}.spentFen`, '支出大于到位资金', 'more was spent than paid in'));
  }
  return found;
}

function totalRefusals(accounts: FinalAccounts): Refusal[] {
  const { totalFen, budgetFen } = accounts;
  const settled = sumFen([...accounts.contracts.map((one) => one.settledFen), accounts.otherCostsFen]);
  const spent = sumFen(accounts.sources.map((one) => one.spentFen));
  const found: Refusal[] = [];
  if (settled !== totalFen) {
    found.push(
      no(
        'totalFen',
        `各项合计 ${yuan(settled)}，与决算 ${yuan(totalFen)} 不符`,
        `lines are ${yuanEn(settled)}, the total says ${yuanEn(totalFen)}`,
      ),
    );
  }
  if (spent > totalFen) {
    found.push(
      no(
        'sources',
        `支出合计 ${yuan(spent)} 大于决算 ${yuan(totalFen)}`,
        `${yuanEn(spent)} spent, the total is ${yuanEn(totalFen)}`,
      ),
    );
  }
  if (totalFen > budgetFen && !accounts.overBudgetApproval?.trim()) {
    found.push(
      no(
        'overBudgetApproval',
        `决算 ${yuan(totalFen)} 超过预算 ${yuan(budgetFen)}，应有批准文件`,
        `the accounts of ${yuanEn(totalFen)} are over the budget of ${yuanEn(budgetFen)}: needs approval`,
        '政府投资条例 23',
      ),
    );
  }
  return found;
}

function no(path: string, message: string, messageEn: string, basis = '财建〔2016〕503号'): Refusal {
  return refusal(message, messageEn, { path, clause, basis });
}
