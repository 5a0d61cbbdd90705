import { otherWayApproval, priceApproval, type ApprovalContext } from '../../../domain/forms/procurement';
import type { LotSeen } from '../../../domain/forms/tendering';
import { allOf } from '../../assembly';
import type { Market } from './market';

const seat = (body: 'housing' | 'finance' | 'development-and-reform') => ({ body, level: 'county' }) as const;

/**
 * A price over the lot's budget goes to county finance and development-and-reform (政府投资条例 23).
 * Answers what the award may cost, or nothing if they do not agree.
 */
export async function priceApproved(
  market: Market,
  lot: LotSeen,
  priceFen: number,
  submitters: readonly string[],
): Promise<number | undefined> {
  if (priceFen <= lot.estimateFen) return lot.estimateFen;
  const approved = await everybodyApproves(
    market,
    priceApproval,
    ['finance', 'development-and-reform'],
    submitters,
    {
      lot,
      what: 'price',
      priceFen,
      budgetFen: lot.estimateFen,
    },
  );
  return approved ? priceFen : undefined;
}

/** After two failed tenders another way needs county housing and development-and-reform (实施条例 44). */
export function otherWayApproved(
  market: Market,
  lot: LotSeen,
  way: NonNullable<ApprovalContext['way']>,
  ground: string,
  submitters: readonly string[],
): Promise<boolean> {
  return everybodyApproves(market, otherWayApproval, ['housing', 'development-and-reform'], submitters, {
    lot,
    what: 'other-way',
    way,
    ground,
  });
}

async function everybodyApproves(
  { desk }: Market,
  kind: typeof priceApproval,
  bodies: readonly ('housing' | 'finance' | 'development-and-reform')[],
  submitters: readonly string[],
  context: ApprovalContext,
): Promise<boolean> {
  const asked = await Promise.all(
    bodies.map((body) => desk.assign(kind, { seat: seat(body), context, notBy: submitters })),
  );
  const answers = await allOf(asked.flat());
  return answers.every(({ form }) => form.approved);
}
