import fc from 'fast-check';
import { withBudget } from '../../../bin/demo/budget';

const amounts = fc.array(fc.integer({ min: 0, max: 10_000_000_00 }), { minLength: 1, maxLength: 12 });

test('P2.1.2: a plan with another total keeps its sums to the fen', () => {
  fc.assert(
    fc.property(amounts, amounts, fc.integer({ min: 1, max: 10_000_000_00 }), (items, shares, total) => {
      const other = 1;
      const budgetFen = items.reduce((a, b) => a + b, 0) + other;
      const shared = shares.reduce((a, b) => a + b, 0);
      fc.pre(shared > 0 && shared <= budgetFen);
      const form = {
        communities: [
          {
            communityId: 'c',
            items: items.map((fen, no) => ({ no, chosen: true, budgetFen: fen })),
            otherCosts: [{ name: 'other', amountFen: other }],
            budgetFen,
            funding: [
              { source: 'county', amountFen: budgetFen - shared },
              ...shares.map((amountFen) => ({ source: 'gift', amountFen })),
            ],
          },
        ],
      };
      const [scaled] = withBudget(form, total)['communities'] as typeof form.communities;
      if (!scaled) throw new Error('the community is gone');
      const parts = [
        ...scaled.items.map((one) => one.budgetFen),
        ...scaled.otherCosts.map((one) => one.amountFen),
      ];
      const funding = scaled.funding.map(({ amountFen }) => amountFen);
      expect(scaled.budgetFen).toBe(total);
      expect(parts.reduce((a, b) => a + b, 0)).toBe(total);
      expect(funding.reduce((a, b) => a + b, 0)).toBe(total);
      expect([...parts, ...funding].every((fen) => Number.isSafeInteger(fen) && fen >= 0)).toBe(true);
    }),
  );
});
