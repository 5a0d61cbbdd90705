import type { Form } from './client';

interface Amount {
  amountFen: number;
}

interface CommunityForm {
  items: { budgetFen?: number }[];
  otherCosts: Amount[];
  budgetFen: number;
  funding: Amount[];
}

/** A preliminary plan of one community with another total: every part grows alike, and the sums agree to the fen. */
export function withBudget(form: Form, totalFen: number): Form {
  const plan = structuredClone(form) as Form & { communities: CommunityForm[] };
  for (const community of plan.communities) {
    const part = (fen: number): number => Math.floor((fen / community.budgetFen) * totalFen);
    for (const item of community.items) {
      if (item.budgetFen !== undefined) item.budgetFen = part(item.budgetFen);
    }
    for (const one of [...community.otherCosts, ...community.funding]) one.amountFen = part(one.amountFen);
    const items = sum(community.items.map(({ budgetFen = 0 }) => budgetFen));
    fill(community.otherCosts, totalFen - items);
    fill(community.funding, totalFen);
    community.budgetFen = totalFen;
  }
  return plan;
}

/** What rounding left goes to the first. */
function fill(amounts: Amount[], totalFen: number): void {
  const [first] = amounts;
  if (first) first.amountFen += totalFen - sum(amounts.map(({ amountFen }) => amountFen));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
