import fc from 'fast-check';
import { heatingHandoverAgreed } from '../../domain/handover';
import { legalRatios } from '../../policy/law';

const half = { numerator: 1, denominator: 2 };
const tally = (agreeingArea: number, agreeingOwners: number) => ({
  totalArea: 10_000,
  totalOwners: 100,
  agreeingArea,
  agreeingOwners,
});

describe('handing heating facilities to the heat company', () => {
  it('P4.5: law sets more than half of both as the floor (临沂市供热条例 11)', () => {
    expect(legalRatios['heating-handover']).toMatchObject({ compare: 'more-than', floor: half });
  });

  it('P4.5: exactly half of either is not enough', () => {
    expect(heatingHandoverAgreed(tally(5_000.01, 51), half)).toBe(true);
    expect(heatingHandoverAgreed(tally(5_000, 100), half)).toBe(false);
    expect(heatingHandoverAgreed(tally(10_000, 50), half)).toBe(false);
  });

  it('P4.5: more agreement never undoes it', () => {
    const area = fc.integer({ min: 0, max: 1_000_000 }).map((cents) => cents / 100);
    const owners = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(area, area, owners, owners, (a, b, m, n) => {
        const fewer = heatingHandoverAgreed(tally(Math.min(a, b), Math.min(m, n)), half);
        const more = heatingHandoverAgreed(tally(Math.max(a, b), Math.max(m, n)), half);
        expect(!fewer || more).toBe(true);
      }),
    );
  });
});
