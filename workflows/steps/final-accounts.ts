import { personsOf } from '../../domain/actor';
import type { CivilDate } from '../../domain/calendar';
import { dueOf, type PeriodRule } from '../../domain/due';
import * as extension from '../../domain/forms/accounts-extension';
import * as forms from '../../domain/forms/final-accounts';
import { partOf, sumFen } from '../../domain/money';
import type {
  AcceptanceOutput,
  AccountsOutput,
  Contract,
  PlanOutput,
  WorksOutput,
} from '../../domain/outputs';
import { budgetOf, fundingBySource } from '../../domain/plan';
import { settlementReviewDays } from '../../domain/settlement';
import type { Seat } from '../../policy/keys';
import { defineStep, type StepDesk } from '../step';
import { TaskClosed, type Answer, type Assigned } from '../task-desk';
import { sealSupplement } from './archive-supplement';
import { closedByFinder } from './open-findings';

const OWNER: Seat = { body: 'project-owner', level: 'market' };
const COUNTY_FINANCE: Seat = { body: 'finance', level: 'county' };

export interface AccountsInput {
  readonly planned: PlanOutput;
  readonly contracts: readonly Contract[];
  readonly works: WorksOutput;
  readonly accepted: AcceptanceOutput;
}

/** P2.4.3: every contract settled, the accounts drawn up and reviewed, the money findings closed. */
export const finalAccounts = defineStep(
  'final-accounts',
  'finalAccounts',
  async (desk, input: AccountsInput): Promise<AccountsOutput> => {
    for (const finding of input.works.moneyFindings) desk.place.spawn(() => closedByFinder(desk, finding));
    const { acceptedOn } = input.accepted;
    const deadline = extendable(desk, acceptedOn);
    const settled = new Map<string, Settled>();
    let lots = contractMoney(input, desk);
    for (let remarks: string | undefined; ;) {
      for (const one of await settle(desk, lots, acceptedOn, remarks)) settled.set(one.contract.lot, one);
      const contracts = [...settled.values()].map(({ contract, form }) => ({
        ...contract,
        settledFen: form.settledFen,
        ...(form.reason === undefined ? {} : { reason: form.reason }),
      }));
      const context: forms.AccountsContext = {
        budgetFen: budgetOf(input.planned.plan),
        contracts,
        paidFen: input.works.paidFen,
        sources: fundingBySource(input.planned.plan).map(({ source, amountFen }) => ({
          source,
          plannedFen: amountFen,
        })),
        ratios: { retention: desk.place.policy.ratios.retention },
        ...(remarks === undefined ? {} : { remarks }),
      };
      const accounts = await deadline.drawnUp(context);
      const paidFen = sumFen(accounts.form.paid.map((line) => line.paidFen));
      const { form: review } = await desk.ask(forms.finalAccountsReview, {
        seat: COUNTY_FINANCE,
        context: {
          budgetFen: context.budgetFen,
          totalFen: accounts.form.totalFen,
          paidFen,
          lots: contracts.map(({ lot }) => lot),
          document: accounts.form.documents['final-accounts'] ?? '',
        },
        notBy: personsOf(accounts.by),
      });
      if (review.approved) {
        deadline.approved();
        await sealSupplement(desk, [...[...settled.values()].map(({ form }) => form), accounts.form]);
        return {
          settledFen: accounts.form.totalFen,
          budgetFen: context.budgetFen,
          paidFen,
          approvedOn: desk.place.today(),
        };
      }
      remarks = review.remarks;
      lots = [...settled.values()]
        .map(({ contract }) => contract)
        .filter(({ lot }) => review.lots?.includes(lot) ?? false);
    }
  },
);

type ContractMoney = Omit<forms.AccountsContract, 'settledFen' | 'reason'> & { readonly winner: string };
type SettlementForm = ReturnType<(typeof forms.settlementReview)['example']>;

interface Settled {
  readonly contract: ContractMoney;
  readonly form: SettlementForm;
}

/** One task a contract, due by the band of its amount (财建〔2004〕369号). */
function settle(
  desk: StepDesk,
  contracts: readonly ContractMoney[],
  acceptedOn: CivilDate,
  remarks: string | undefined,
): Promise<Settled[]> {
  return Promise.all(
    contracts.map(async (contract) => {
      const { lot, winner, contractFen, approvedChangesFen } = contract;
      const reviewDays = settlementReviewDays(contractFen + approvedChangesFen, desk.place.policy);
      const { form } = await desk.ask(forms.settlementReview, {
        seat: OWNER,
        context: {
          lot,
          winner,
          contractFen,
          approvedChangesFen,
          reviewDays,
          acceptedOn,
          ...(remarks === undefined ? {} : { remarks }),
        },
        due: { ...desk.place.period('settlement-review'), length: { days: reviewDays } },
      });
      return { contract, form };
    }),
  );
}

/**
 * Each contract with its changes and payments. Works done on paper know only their sums: these are laid on the
 * contracts in their order, never above what is payable.
 */
function contractMoney({ contracts, works }: AccountsInput, desk: StepDesk): ContractMoney[] {
  const changed = Math.max(
    0,
    contracts.findIndex(({ kind }) => kind === 'works'),
  );
  let unpaid = works.paidFen;
  return contracts.map(({ lot, winner, amountFen: contractFen }, i) => {
    const known = works.lots?.find((one) => one.lot === lot);
    if (known) return { ...known, winner, contractFen };
    const approvedChangesFen = i === changed ? works.approvedChangesFen : 0;
    const price = contractFen + approvedChangesFen;
    const paidFen = Math.min(unpaid, price - partOf(price, desk.place.policy.ratios.retention));
    unpaid -= paidFen;
    return { lot, winner, contractFen, approvedChangesFen, paidFen };
  });
}

/** The accounts' period, which county finance may extend once; an open task then gets the later date. */
function extendable(desk: StepDesk, acceptedOn: CivilDate) {
  const { place } = desk;
  const first = place.period('final-accounts');
  const longer = extended(first, place.period('final-accounts-extension'));
  const dateOf = (rule: PeriodRule): CivilDate =>
    dueOf(rule, acceptedOn, place.calendar, place.standstills).date;
  let rule = first;
  let state: extension.ExtensionContext['state'] = 'open';
  let open: Assigned<AccountsForm> | undefined;
  let deciding: Assigned<{ granted: boolean }> | undefined;
  const context = (): extension.ExtensionContext => ({
    until: dateOf(first),
    extendedUntil: dateOf(longer),
    state,
  });

  desk.accept(extension.accountsExtension, context, ({ reason }, by) => {
    state = 'asked';
    place.spawn(async () => {
      [deciding] = await desk.assign(extension.accountsExtensionDecision, {
        seat: COUNTY_FINANCE,
        context: { ...context(), reason },
        notBy: personsOf(by),
      });
      try {
        const granted = (await deciding?.answer)?.form.granted ?? false;
        state = 'decided';
        if (granted) rule = longer;
        if (granted) open?.close(`已准予延期，期限改为 ${dateOf(longer)}`);
      } catch (error) {
        if (!(error instanceof TaskClosed)) throw error;
      }
    });
    return undefined;
  });

  return {
    approved(): void {
      state = 'approved';
      deciding?.close('决算已批复，不再需要延期');
    },
    /** The owner's accounts; asked for anew, with the later date, when the extension is granted meanwhile. */
    async drawnUp(asked: forms.AccountsContext): Promise<Answer<AccountsForm>> {
      for (;;) {
        [open] = await desk.assign(forms.finalAccounts, {
          seat: OWNER,
          context: asked,
          due: rule,
          dueFrom: acceptedOn,
        });
        if (!open) continue;
        try {
          return await open.answer;
        } catch (error) {
          if (!(error instanceof TaskClosed)) throw error;
        } finally {
          open = undefined;
        }
      }
    },
  };
}
type AccountsForm = ReturnType<(typeof forms.finalAccounts)['example']>;

function extended(first: PeriodRule, by: PeriodRule): PeriodRule {
  const length =
    'months' in first.length && 'months' in by.length
      ? { months: first.length.months + by.length.months }
      : by.length;
  return { ...by, length };
}
