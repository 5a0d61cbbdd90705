import { civilDate } from '../../domain/calendar';
import { operatorWorks, procurementPlan, type OwnKind } from '../../domain/forms/tendering';
import type { Contract, ContractsOutput, PlanOutput, SchemeOutput } from '../../domain/outputs';
import type { Plan } from '../../domain/plan';
import { sumFen } from '../../domain/money';
import { itemsOf, utilitiesOf } from '../../domain/traits';
import type { Utility } from '../../policy/keys';
import { defineStep } from '../step';
import type { Answer } from '../task-desk';
import { buyLot } from './tendering/lot';
import { Market } from './tendering/market';

interface Input {
  readonly planned: PlanOutput;
  readonly scheme: SchemeOutput;
}

/** 招投标: the owner's lots, and beside them what the operators carry out themselves (二(三)2). */
export const tendering = defineStep(
  'tendering',
  'tendering',
  async (desk, { planned, scheme }: Input): Promise<ContractsOutput> => {
    const market = new Market(desk, scheme.estimateFen);
    const utilities = utilitiesOf(planned.plan, desk.place.policy);
    const [own, theirs] = await Promise.all([
      ownLots(market, ['works', 'supervision'], sumFen(bookedOnOperators(planned.plan))),
      Promise.all(utilities.map((utility) => operatorLots(market, utility, planned))),
    ]);
    return { contracts: [...own, ...theirs.flat()] };
  },
);

/** Plans lots and buys all of them at the same time. */
async function ownLots(
  market: Market,
  needs: readonly OwnKind[],
  operatorFen: number,
  because?: string,
): Promise<Contract[]> {
  const { amounts } = market.desk.place.policy;
  const { form } = await market.owner(procurementPlan, () => ({
    estimateFen: market.estimateFen,
    operatorFen,
    earlier: [...market.planned],
    needs,
    ...(because === undefined ? {} : { because }),
    amounts,
  }));
  const lots = form.lots.map((planned) => {
    const id = `L${market.planned.length + 1}`;
    const { name, kind, estimateFen, goods } = planned;
    market.planned.push({ id, kind, estimateFen, goods });
    return { planned, lot: { id, name, kind, estimateFen } };
  });
  for (const { lot, planned } of lots) market.show(lot, planned.way, 'planned', 0);
  return Promise.all(lots.map(({ lot, planned }) => buyLot(market, lot, planned)));
}

/** What the plan books on operators, or on one of them. */
function bookedOnOperators(plan: Plan, giver?: string): number[] {
  return plan.communities
    .flatMap(({ funding }) => funding)
    .filter((entry) => entry.source === 'operator' && (giver === undefined || entry.giver === giver))
    .map(({ amountFen }) => amountFen);
}

interface Operator {
  readonly utility: Utility;
  readonly organisation: string;
  readonly items: readonly string[];
  readonly promisedFen: number;
  readonly rewardFen: number;
}

/** By the operator's own plan; where that was on paper, by what the plan books on it. */
function promiseOf(
  { plan, operators }: PlanOutput,
  utility: Utility,
  organisation: string,
): { promisedFen: number; rewardFen: number } {
  if (!operators) return { promisedFen: sumFen(bookedOnOperators(plan, organisation)), rewardFen: 0 };
  const facilities = operators
    .filter((one) => one.organisation === organisation)
    .flatMap((one) => one.facilities.filter((facility) => facility.utility === utility));
  return {
    promisedFen: sumFen(facilities.map(({ operatorPaysFen }) => operatorPaysFen)),
    rewardFen: sumFen(facilities.map(({ rewardFen }) => rewardFen)),
  };
}

/** Every operator whose network a chosen item concerns; three telecom companies are three. */
async function operatorLots(market: Market, utility: Utility, planned: PlanOutput): Promise<Contract[]> {
  const { place } = market.desk;
  const chosen = itemsOf(planned.plan);
  const items = place.policy.items
    .filter(({ no, operators }) => chosen.includes(no) && operators?.includes(utility))
    .map(({ name }) => name);
  const holders = await place.holders({ body: utility, level: 'operator' });
  const contracts = await Promise.all(
    holders.map(({ organisation }) =>
      operatorLot(market, {
        utility,
        organisation,
        items,
        ...promiseOf(planned, utility, organisation),
      }),
    ),
  );
  return contracts.flat();
}

/** P2.3.5: the operator carries it out itself, with its ground; otherwise the owner buys it like all else. */
async function operatorLot(market: Market, operator: Operator): Promise<Contract[]> {
  const { organisation, ...context } = operator;
  const { utility, items } = context;
  const answer = await market.desk.ask(operatorWorks, {
    seat: { body: utility, level: 'operator' },
    organisation,
    context,
  });
  if (answer.form.carriesOut) return [operatorContract(operator, answer)];
  market.desk.tell('operator-declined', { utility, organisation });
  return ownLots(market, ['works'], 0, `${items.join('、')}：专营单位不自行实施`);
}

function operatorContract(
  { utility, organisation, items, rewardFen }: Operator,
  { form, at }: Answer<{ ground?: string | undefined; amountFen?: number | undefined }>,
): Contract {
  const amountFen = form.amountFen ?? 0;
  return {
    lot: `O-${utility}-${organisation}`,
    name: items.join('、'),
    kind: 'operator-works',
    way: 'operator',
    utility,
    rewardFen: Math.min(rewardFen, amountFen),
    ground: form.ground ?? '',
    winner: organisation,
    amountFen,
    signedOn: civilDate(Date.parse(at)),
  };
}
