import { otherWayApproval, priceApproval, type ApprovalContext } from '../../../domain/forms/procurement';
import type { LotSeen } from '../../../domain/forms/tendering';
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
  const approved = await theyApprove(
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
  return theyApprove(market, otherWayApproval, ['housing', 'development-and-reform'], submitters, {
    lot,
    what: 'other-way',
    way,
    ground,
  });
}

async function theyApprove(
  { desk }: Market,
  kind: typeof priceApproval,
  bodies: readonly ('housing' | 'finance' | 'development-and-reform')[],
  submitters: readonly string[],
  context: ApprovalContext,
): Promise<boolean> {
  const { carried } = await desk.askJointly(
    context.what === 'price' ? 'price-approval' : 'other-way-approval',
    kind,
    bodies.map((body) => ({ seat: seat(body), context, notBy: submitters })),
    ({ approved }) => approved,
  );
  return carried;
}
