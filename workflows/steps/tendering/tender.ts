import { condition } from '@temporalio/workflow';
import { personsOf } from '../../../domain/actor';
import { civilDate, endOfDay, type CivilDate } from '../../../domain/calendar';
import { bidEvaluation, bidOpening, tenderDocuments } from '../../../domain/forms/tender';
import { candidatePublication, tenderAward, type AwardContext } from '../../../domain/forms/tender-award';
import type { LotSeen } from '../../../domain/forms/tendering';
import { tenderFailed } from '../../../domain/tendering';
import type { Answer } from '../../task-desk';
import type { Workplace } from '../../workplace';
import { priceApproved } from './approvals';
import type { Market, Publication } from './market';

/** How one tender of a lot ended. */
export type TenderOutcome =
  | { readonly company: string; readonly priceFen: number; readonly awardedOn: CivilDate }
  /** `counts`: one of the two failures after which another way is open. */
  | { readonly failed: string; readonly counts: boolean };

const dayOf = ({ at }: Answer<unknown>): CivilDate => civilDate(Date.parse(at));

/**
 * One public tender (招标投标法, 实施条例): each stage is a task that is assigned only when its minimum has run; every
 * clock counts from the day on which the stage before was recorded here.
 */
export async function tender(
  market: Market,
  lot: LotSeen,
  attempt: number,
  remarks: readonly string[],
): Promise<TenderOutcome> {
  const { place } = market.desk;
  const { periods, ratios } = place.policy;
  const issued = await market.owner(tenderDocuments, () => ({
    lot,
    attempt,
    remarks,
    ratios: { 'bid-bond': ratios['bid-bond'], 'performance-bond': ratios['performance-bond'] },
    periods: {
      'tender-documents-on-sale': periods['tender-documents-on-sale'],
      'tender-bid': periods['tender-bid'],
    },
  }));
  market.bidding.set(lot.id, { lot: lot.id, name: lot.name, bidDeadline: issued.form.bidDeadline });
  const bidDeadline = await bidsIn(market, lot, dayOf(issued));

  const { bidders } = (await market.owner(bidOpening, () => ({ lot, attempt, bidDeadline }))).form;
  if (tenderFailed(bidders)) return { failed: `投标人 ${bidders} 家，不足三家`, counts: true };

  const upheld: string[] = [];
  for (;;) {
    const report = await market.owner(bidEvaluation, () => ({
      lot,
      bidders,
      ...market.companies(lot),
      ratios: { 'committee-experts': ratios['committee-experts'] },
      remarks: upheld,
    }));
    const { candidates, allRejected } = report.form;
    const first = candidates[0];
    if (!first) return { failed: `否决全部投标：${allRejected ?? ''}`, counts: true };
    const objections = await publish(market, lot, candidates, dayOf(report));
    if (objections.length > 0) {
      upheld.push(...objections);
      continue;
    }
    const allowedFen = await priceApproved(market, lot, first.priceFen, personsOf(report.by));
    if (allowedFen === undefined) return { failed: '中标候选人报价超预算，未获批准', counts: false };
    return await award(market, { lot, candidates, allowedFen });
  }
}

/** Until the bid deadline, which a clarification may move; never less than the statutory minimum really run. */
async function bidsIn(market: Market, lot: LotSeen, issuedOn: CivilDate): Promise<CivilDate> {
  const { place } = market.desk;
  const deadline = (): CivilDate => market.bidding.get(lot.id)?.bidDeadline ?? issuedOn;
  await place.periodOver(place.period('tender-bid'), issuedOn, `${lot.name} 投标`);
  for (;;) {
    const until = deadline();
    const left = endOfDay(until) - place.moment().now;
    if (left > 0) await moved(place, () => deadline() !== until, left, `${lot.name} 投标截止`, until);
    else if (place.suspended) await condition(() => !place.suspended);
    else {
      market.bidding.delete(lot.id);
      return until;
    }
  }
}

/** Waits, for all to see, until the day is over or the deadline has been moved. */
async function moved(
  place: Workplace,
  changed: () => boolean,
  left: number,
  what: string,
  until: CivilDate,
): Promise<void> {
  await place.shownWaiting({ what, until, provisional: false }, async () => {
    await condition(changed, left, { summary: `${what}，至 ${until}` });
  });
}

/** Publishes the candidates and answers what was upheld: empty if nothing stands against the award. */
async function publish(
  market: Market,
  lot: LotSeen,
  candidates: AwardContext['candidates'],
  reportedOn: CivilDate,
): Promise<readonly string[]> {
  const { place } = market.desk;
  const published = await market.owner(candidatePublication, () => ({ lot, candidates }), {
    due: place.period('tender-report'),
    dueFrom: reportedOn,
  });
  const publication: Publication = { lot, running: true, open: 0, upheld: [] };
  market.publications.set(lot.id, publication);
  await place.periodOver(place.period('tender-candidates'), dayOf(published), `${lot.name} 中标候选人公示`);
  publication.running = false;
  // The tender stands still until every objection is answered.
  await condition(() => publication.open === 0);
  market.publications.delete(lot.id);
  return publication.upheld;
}

async function award(market: Market, context: Omit<AwardContext, 'excluded'>): Promise<TenderOutcome> {
  const given = await market.owner(tenderAward, () => ({
    ...context,
    excluded: market.excludedFor(context.lot),
  }));
  const { winner } = given.form;
  const chosen = context.candidates.find(({ company }) => company === winner);
  return { company: winner, priceFen: chosen?.priceFen ?? 0, awardedOn: dayOf(given) };
}
