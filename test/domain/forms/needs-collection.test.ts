import fc from 'fast-check';
import {
  householdSurvey,
  needsConfirmation,
  type SurveyContext,
} from '../../../domain/forms/needs-collection';
import { surveyResult } from '../../../domain/survey';
import { linyi } from '../../../policy/linyi';
import { policySnapshot } from '../../../policy/snapshot';
import { ACCEPTED, against, exampleOf } from './moment';

const { items, ratios } = policySnapshot(linyi);
const contextOf = (households: number): SurveyContext => ({
  community: { id: 'c1', name: '样例小区', households },
  items: items.map(({ no, class: of, name }) => ({ no, class: of, name })),
  policy: { ratios },
});
type Form = ReturnType<typeof householdSurvey.example>;
const example = (): Form => exampleOf(householdSurvey, contextOf(120));
const refusalsOf = (form: Form) => against(householdSurvey, contextOf(120), form).refusals;

describe('the forms of needs collection', () => {
  it('P2.1.1: the example of a survey is accepted and agrees, for any number of households', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (households) => {
        const context = contextOf(households);
        const form = exampleOf(householdSurvey, context);
        expect(against(householdSurvey, context, form)).toEqual(ACCEPTED);
        expect(surveyResult({ households, ...form }, { ratios }).outcome).toBe('agreed');
        const { answered, agreeing, wishes, contribution, modes } = form;
        const survey = { answered, agreeing, wishes, contribution, modes };
        const asked = { community: context.community, survey, items: context.items };
        expect(against(needsConfirmation, asked, exampleOf(needsConfirmation, asked))).toEqual(ACCEPTED);
      }),
    );
  });

  it('P2.1.1: counts that cannot be of this community are refused', () => {
    const many = refusalsOf({ ...example(), answered: 121 });
    expect(many).toMatchObject([{ clause: 'P2.1.1', path: 'answered' }]);
    const willing = { ...example(), answered: 100, agreeing: 101 };
    expect(refusalsOf(willing)).toMatchObject([{ clause: 'P2.1.1', path: 'agreeing' }]);
  });

  it('P2.1.1: wishes, contributions and modes are of households that answered', () => {
    const form: Form = {
      ...example(),
      answered: 100,
      agreeing: 90,
      wishes: [{ no: 1, households: 101 }],
      contribution: { households: 101, amountFen: 0 },
      modes: { professional: 50, subdistrict: 50, neighbourhood: 1 },
    };
    expect(refusalsOf(form).map(({ path }) => path)).toEqual([
      'wishes.0.households',
      'contribution.households',
      'modes',
    ]);
  });

  it('P1.2: a wish is one of the 36 items, once', () => {
    const one = { no: 24, households: 3 };
    expect(refusalsOf({ ...example(), wishes: [one, one] })).toMatchObject([
      { clause: 'P1.2', path: 'wishes.1.no' },
    ]);
    const unknown = { ...example(), wishes: [{ no: 37, households: 3 }] };
    expect(against(householdSurvey, contextOf(120), unknown).issues).toEqual(['wishes.0.no']);
  });
});
