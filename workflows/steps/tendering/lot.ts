import { personsOf } from '../../../domain/actor';
import { civilDate } from '../../../domain/calendar';
import { otherWay, procurementResult } from '../../../domain/forms/procurement';
import { contractSigning, regulatorReport } from '../../../domain/forms/tender-award';
import type { LotSeen, OwnWay, PlannedLot } from '../../../domain/forms/tendering';
import type { Contract } from '../../../domain/outputs';
import { afterFailure } from '../../../domain/tendering';
import { otherWayApproved, priceApproved } from './approvals';
import type { Awarded, Market } from './market';
import { tender } from './tender';

/** One of the owner's lots, from its plan to its signed contract. */
export async function buyLot(market: Market, lot: LotSeen, planned: PlannedLot): Promise<Contract> {
  await market.ready(lot);
  const awarded = await untilAwarded(market, lot, planned);
  market.award(lot, awarded.company, awarded.priceFen);
  market.show(lot, awarded.way, 'awarded', 0);
  return await contract(market, lot, awarded);
}

async function untilAwarded(market: Market, lot: LotSeen, planned: PlannedLot): Promise<Awarded> {
  let way: OwnWay = planned.way;
  let ground = planned.ground;
  let failures = 0;
  const remarks: string[] = [];
  for (let attempt = 1; ; attempt += 1) {
    market.show(lot, way, way === 'tender' ? 'tendering' : 'purchasing', failures);
    if (way !== 'tender') {
      const bought = await purchase(market, lot, way, ground ?? '', remarks.at(-1));
      if (bought) return bought;
      remarks.push('成交价超预算，未获批准');
      continue;
    }
    const outcome = await tender(market, lot, attempt, remarks);
    if ('company' in outcome) return { ...outcome, way };
    remarks.push(outcome.failed);
    if (outcome.counts) failures += 1;
    market.desk.tell('tender-failed', { lot: lot.id, attempt, failures, reason: outcome.failed });
    if (afterFailure(failures) === 'other-way') {
      ({ way, ground } = await chooseAnotherWay(market, lot, failures, remarks));
    }
  }
}

/** Negotiation, consultation, inquiry or single source, with its record. */
async function purchase(
  market: Market,
  lot: LotSeen,
  way: Exclude<OwnWay, 'tender'>,
  ground: string,
  remarks: string | undefined,
): Promise<Awarded | undefined> {
  const { form, by } = await market.owner(procurementResult, () => ({
    lot,
    way,
    ground,
    ...market.companies(lot),
    ...(remarks === undefined ? {} : { remarks }),
  }));
  const { company, priceFen } = form;
  const allowed = await priceApproved(market, lot, priceFen, personsOf(by));
  return allowed === undefined ? undefined : { company, priceFen, way, ground };
}

async function chooseAnotherWay(
  market: Market,
  lot: LotSeen,
  failures: number,
  remarks: string[],
): Promise<{ way: OwnWay; ground: string | undefined }> {
  for (;;) {
    const { form, by } = await market.owner(otherWay, () => ({ lot, failures, remarks }));
    if (form.way === 'tender') return { way: 'tender', ground: undefined };
    if (await otherWayApproved(market, lot, form.way, form.ground ?? '', personsOf(by))) {
      return { way: form.way, ground: form.ground };
    }
    remarks.push('改用其他采购方式未获批准');
  }
}

/** The contract, and beside it the report to the regulator where it was tendered. */
async function contract(market: Market, lot: LotSeen, awarded: Awarded): Promise<Contract> {
  const { place } = market.desk;
  const { company: winner, priceFen, awardedOn, way, ground } = awarded;
  const { ratios } = place.policy;
  const since = awardedOn === undefined ? {} : { dueFrom: awardedOn };
  const [signed] = await Promise.all([
    market.owner(
      contractSigning,
      () => ({
        lot,
        way,
        winner,
        priceFen,
        ratios: {
          'advance-cap': ratios['advance-cap'],
          'bid-bond': ratios['bid-bond'],
          'performance-bond': ratios['performance-bond'],
        },
      }),
      awardedOn === undefined ? {} : { due: place.period('tender-contract'), ...since },
    ),
    awardedOn === undefined
      ? undefined
      : market.owner(regulatorReport, () => ({ lot, winner }), {
          due: place.period('tender-regulator-report'),
          ...since,
        }),
  ]);
  market.show(lot, way, 'contracted', 0);
  return {
    lot: lot.id,
    name: lot.name,
    kind: lot.kind,
    way,
    ...(ground === undefined ? {} : { ground }),
    winner,
    amountFen: signed.form.amountFen,
    advanceFen: signed.form.advanceFen,
    signedOn: civilDate(Date.parse(signed.at)),
  };
}
