import fc from 'fast-check';
import { isHeard, outcomeOf, tallyOf, toBeHeard, type Assembly, type Voice } from '../../domain/assembly';
import type { SeatText } from '../../policy/keys';

const SEATS: readonly SeatText[] = [
  'housing@city',
  'development-and-reform@city',
  'finance@city',
  'audit@city',
  'government@city',
];

const says = fc.constantFrom<Voice['says']>('agrees', 'objects', undefined);
const voices = fc
  .array(says, { minLength: 1, maxLength: SEATS.length })
  .map((said) => said.map((one, i): Voice => ({ seat: SEATS[i] as SeatText, says: one })));
const weights = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: SEATS.length, maxLength: SEATS.length })
  .map((each) => Object.fromEntries(SEATS.map((seat, i) => [seat, each[i] as number])));
const assemblies: fc.Arbitrary<Assembly> = fc.oneof(
  fc.record(
    {
      rule: fc.constantFrom('all-of' as const, 'any-of' as const, 'in-sequence' as const),
      vetoes: fc.subarray([...SEATS], { maxLength: 2 }),
      hear: fc.constantFrom('everybody' as const, 'until-certain' as const),
    },
    { requiredKeys: ['rule'] },
  ),
  fc.record(
    {
      rule: fc.constant('vote' as const),
      ratio: fc.record({ numerator: fc.integer({ min: 0, max: 4 }), denominator: fc.constant(4) }),
      strictly: fc.boolean(),
      weights,
      vetoes: fc.subarray([...SEATS], { maxLength: 2 }),
      hear: fc.constantFrom('everybody' as const, 'until-certain' as const),
    },
    { requiredKeys: ['rule', 'ratio'] },
  ),
);

/** Every way in which those who are silent could still answer. */
function endings(said: readonly Voice[]): Voice[][] {
  const place = said.findIndex((voice) => voice.says === undefined);
  if (place < 0) return [[...said]];
  return (['agrees', 'objects'] as const).flatMap((answer) =>
    endings(said.map((voice, i) => (i === place ? { ...voice, says: answer } : voice))),
  );
}

/** What a rule means once everybody has answered, written down another way. */
function plainly(
  { rule, ratio, strictly, weights: heavy = {}, vetoes = [] }: Assembly,
  all: Voice[],
): boolean {
  const agreeing = all.filter((voice) => voice.says === 'agrees');
  if (vetoes.some((seat) => all.some((v) => v.seat === seat) && !agreeing.some((v) => v.seat === seat)))
    return false;
  if (rule === 'any-of') return agreeing.length > 0;
  if (rule !== 'vote' || !ratio) return agreeing.length === all.length;
  const weigh = (some: Voice[]): number => some.reduce((sum, { seat }) => sum + (heavy[seat] ?? 1), 0);
  const share = weigh(agreeing) / weigh(all) - ratio.numerator / ratio.denominator;
  return strictly ? share > 1e-9 : share > -1e-9;
}

describe('how the answers of several seats become one', () => {
  it('the outcome is open exactly as long as those who are silent could still change it', () => {
    fc.assert(
      fc.property(assemblies, voices, (assembly, said) => {
        const possible = new Set(endings(said).map((all) => plainly(assembly, all)));
        const expected = possible.size === 2 ? 'open' : possible.has(true) ? 'carried' : 'lost';
        expect(outcomeOf(assembly, said)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('it ends early only where the rule says so, and never before the outcome is certain', () => {
    fc.assert(
      fc.property(assemblies, voices, (assembly, said) => {
        const everybody = said.every((voice) => voice.says !== undefined);
        const usual =
          assembly.rule === 'all-of' || assembly.rule === 'in-sequence' ? 'everybody' : 'until-certain';
        const early = (assembly.hear ?? usual) === 'until-certain' && outcomeOf(assembly, said) !== 'open';
        expect(isHeard(assembly, said)).toBe(everybody || early);
      }),
    );
  });

  it('in sequence one is asked at a time, in order; otherwise all at once', () => {
    fc.assert(
      fc.property(assemblies, voices, (assembly, said) => {
        const silent = said.flatMap((voice, i) => (voice.says === undefined ? [i] : []));
        expect(toBeHeard(assembly, said)).toEqual(
          assembly.rule === 'in-sequence' ? silent.slice(0, 1) : silent,
        );
      }),
    );
  });

  it('numerators and denominators are whole: two thirds of three are two', () => {
    const twoThirds: Assembly = { rule: 'vote', ratio: { numerator: 2, denominator: 3 } };
    const two: Voice[] = [
      { seat: 'housing@city', says: 'agrees' },
      { seat: 'finance@city', says: 'agrees' },
      { seat: 'audit@city', says: 'objects' },
    ];
    expect(tallyOf(twoThirds, two)).toEqual({ agreed: 2, against: 1, total: 3 });
    expect(outcomeOf(twoThirds, two)).toBe('carried');
    expect(outcomeOf({ ...twoThirds, strictly: true }, two)).toBe('lost');
  });
});
