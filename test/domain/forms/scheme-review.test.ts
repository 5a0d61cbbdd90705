import fc from 'fast-check';
import { designEngagement, type EngagementContext } from '../../../domain/forms/design-engagement';
import * as forms from '../../../domain/forms/scheme-review';
import { consultedOn, formalities, owedFormalities } from '../../../domain/scheme';
import { linyi } from '../../../policy/linyi';
import { policySnapshot } from '../../../policy/snapshot';
import { ACCEPTED, against, exampleOf, on } from './moment';

const policy = policySnapshot(linyi);
const today = '2026-11-23';

const engagement: EngagementContext = {
  designers: [{ id: 'design-1', name: '样例设计院' }],
  surveyors: [{ id: 'survey-1', name: '样例勘察院' }],
  amounts: policy.amounts,
};
const design = {
  company: 'design-1',
  feeFen: 5_000_000,
  way: 'consultation',
  ground: '样例',
  contract: 'sample-attachment',
};

const submission: forms.SchemeContext = {
  budgetFen: 400_000_000,
  items: ['样例'],
  surveyed: false,
  utilities: true,
  remarks: [],
};
const scheme = (change: Record<string, unknown> = {}) => ({
  ...exampleOf(forms.schemeSubmission, submission),
  ...change,
});

const review: forms.ReviewContext = {
  estimateFen: 400_000_000,
  budgetFen: 400_000_000,
  newConstructionLand: false,
  newPollutantDischarge: false,
  formalities: [],
  items: ['样例'],
  scheme: 'sample-attachment',
  drawings: 'sample-attachment',
};

describe('forms of scheme review', () => {
  it('P2.3.1: a designer outside the register is refused, a survey is engaged with it where needed', () => {
    expect(against(designEngagement, engagement, exampleOf(designEngagement, engagement))).toEqual(ACCEPTED);
    const stranger = { design: { ...design, company: 'stranger' } };
    expect(against(designEngagement, engagement, stranger).refusals).toMatchObject([
      { clause: 'P2.3.1', path: 'design.company' },
    ]);
    const both = { design, survey: { ...design, company: 'survey-1' } };
    expect(against(designEngagement, engagement, both)).toEqual(ACCEPTED);
  });

  it('P2.3.3: a design fee of one million yuan must be tendered, and the award notice is attached', () => {
    const dear = { design: { ...design, feeFen: 100_000_000 } };
    expect(against(designEngagement, engagement, dear).refusals).toMatchObject([
      { clause: 'P2.3.3', path: 'design.way' },
    ]);
    const tendered = { design: { ...design, feeFen: 100_000_000, way: 'tender' } };
    expect(against(designEngagement, engagement, tendered).refusals).toMatchObject([
      { path: 'design.award' },
    ]);
    const awarded = { design: { ...tendered.design, award: 'sample-attachment' } };
    expect(against(designEngagement, engagement, awarded)).toEqual(ACCEPTED);
  });

  it('P2.3.1: the example is accepted whatever the budget, surveyed or not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000_000 }), fc.boolean(), (budgetFen, surveyed) => {
        const context = { ...submission, budgetFen, surveyed };
        expect(against(forms.schemeSubmission, context, exampleOf(forms.schemeSubmission, context))).toEqual(
          ACCEPTED,
        );
      }),
    );
  });

  it('P2.3.1: an estimate over the budget says why', () => {
    const over = scheme({ estimateFen: 400_000_001 });
    expect(against(forms.schemeSubmission, submission, over).refusals).toMatchObject([
      { clause: 'P2.3.1', path: 'overBudgetReason' },
    ]);
    expect(
      against(forms.schemeSubmission, submission, { ...over, overBudgetReason: '样例：材料涨价' }),
    ).toEqual(ACCEPTED);
    expect(against(forms.schemeSubmission, submission, scheme({ estimateFen: 0 })).refusals).toMatchObject([
      { path: 'estimateFen' },
    ]);
  });

  it('P2.3.2: without new land and new discharge no formality is owed; otherwise each that is must be listed', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.boolean(),
        fc.subarray([...formalities]),
        (newConstructionLand, newPollutantDischarge, listed) => {
          const traits = { newConstructionLand, newPollutantDischarge };
          const missing = owedFormalities(traits).filter((owed) => !listed.includes(owed));
          const { refusals } = against(
            forms.schemeSubmission,
            submission,
            scheme({ ...traits, formalities: listed }),
          );
          expect(refusals).toHaveLength(missing.length);
          expect(refusals.every(({ clause }) => clause === 'P2.3.2')).toBe(true);
        },
      ),
    );
    expect(owedFormalities({ newConstructionLand: false, newPollutantDischarge: false })).toEqual([]);
    expect(owedFormalities({ newConstructionLand: true, newPollutantDischarge: false })).toContain('land');
    expect(owedFormalities({ newConstructionLand: false, newPollutantDischarge: true })).toContain(
      'environmental',
    );
  });

  it('P2.3.2: a formality listed twice is refused', () => {
    const twice = scheme({ formalities: ['initiation', 'initiation'] });
    expect(against(forms.schemeSubmission, submission, twice).refusals).toMatchObject([{ clause: 'P2.3.2' }]);
  });

  it('P4.5: a scheme without the utility facilities is refused where a network is concerned', () => {
    const without = scheme({ utilitiesDesigned: false });
    expect(against(forms.schemeSubmission, submission, without).refusals).toMatchObject([{ clause: 'P4.5' }]);
    expect(against(forms.schemeSubmission, { ...submission, utilities: false }, without)).toEqual(ACCEPTED);
  });

  it('P2.3.1: a surveyed project owes its survey report', () => {
    expect(
      against(forms.schemeSubmission, { ...submission, surveyed: true }, scheme()).refusals,
    ).toMatchObject([{ path: 'documents.survey-report' }]);
  });

  it('P2.3.1: a return without a reason is refused, by a bureau and by housing', () => {
    const other = { ...review, bureau: 'other' };
    expect(against(forms.schemeOpinion, other, { decision: 'return' }).refusals).toMatchObject([
      { clause: 'P2.3.1', path: 'reasons' },
    ]);
    expect(against(forms.schemeOpinion, other, { decision: 'return', reasons: ['样例'] })).toEqual(ACCEPTED);
    const conclusion = { ...review, opinions: [], consulted: [], silent: [] };
    expect(against(forms.schemeConclusion, conclusion, { decision: 'return' }).refusals).toMatchObject([
      { path: 'reasons' },
    ]);
  });

  it('P2.3.1: finance cannot pass an estimate over the budget in silence, the others need not speak of it', () => {
    const over = { ...review, estimateFen: 410_000_000 };
    const silent = { decision: 'approve' };
    expect(against(forms.schemeOpinion, { ...over, bureau: 'finance' }, silent).refusals).toMatchObject([
      { clause: 'P2.3.1', path: 'overrunAgreed' },
    ]);
    expect(against(forms.schemeOpinion, { ...over, bureau: 'other' }, silent)).toEqual(ACCEPTED);
    for (const bureau of ['finance', 'other']) {
      const context = { ...over, bureau };
      expect(against(forms.schemeOpinion, context, exampleOf(forms.schemeOpinion, context))).toEqual(
        ACCEPTED,
      );
    }
  });

  it('P2.3.1: housing cannot pass what another bureau returns, and attaches the joint opinion when it passes', () => {
    const returned = {
      ...review,
      opinions: [{ organisation: '样例财政局', decision: 'return', remarks: ['样例'] }],
      consulted: [],
      silent: [],
    };
    const pass = { decision: 'approve', documents: { 'scheme-approval': 'sample-attachment' } };
    expect(against(forms.schemeConclusion, returned, pass).refusals).toMatchObject([
      { clause: 'P2.3.1', path: 'decision' },
    ]);
    expect(against(forms.schemeConclusion, returned, exampleOf(forms.schemeConclusion, returned))).toEqual(
      ACCEPTED,
    );
    const agreed = { ...returned, opinions: [] };
    expect(against(forms.schemeConclusion, agreed, { decision: 'approve' }).refusals).toMatchObject([
      { path: 'documents.scheme-approval' },
    ]);
    expect(against(forms.schemeConclusion, agreed, exampleOf(forms.schemeConclusion, agreed))).toEqual(
      ACCEPTED,
    );
  });

  it('P5.1.2: the bodies that policy maps to items 11, 12, 24, 28 and 31 are consulted on these items', () => {
    expect(consultedOn([1, 11, 12, 24, 28, 31], policy)).toEqual([
      { body: 'public-security', items: [11] },
      { body: 'fire-rescue', items: [12] },
      { body: 'sports', items: [24] },
      { body: 'market-regulation', items: [28] },
      { body: 'civil-affairs', items: [31] },
    ]);
    expect(consultedOn([1, 2, 3], policy)).toEqual([]);
  });

  it('P5.1.2: an objection or a suggestion says what it is about', () => {
    const context = { ...review, concerning: ['完善消防设施'] };
    expect(against(forms.schemeConsultation, context, { opinion: 'objection' }).refusals).toMatchObject([
      { clause: 'P5.1.2', path: 'remarks' },
    ]);
    expect(against(forms.schemeConsultation, context, { opinion: 'no-objection' })).toEqual(ACCEPTED);
  });

  it('P2.3.2: a formality is not dated after today', () => {
    const context = { formality: 'land', name: '用地手续', approvedOn: today };
    const example = exampleOf(forms.formalityDone, context);
    expect(against(forms.formalityDone, context, example)).toEqual(ACCEPTED);
    expect(
      against(forms.formalityDone, context, { ...example, date: '2026-11-24' }, on(today)).refusals,
    ).toMatchObject([{ clause: 'P2.3.2', path: 'date' }]);
  });
});
