import {
  fiscalConfirmation,
  giverConfirmation,
  operatorPlan,
  type OperatorPlanContext,
} from '../../../domain/forms/plan-confirmations';
import { ACCEPTED, against, exampleOf } from './moment';

const asked = (bookedFen: number, rewardFen = 0): OperatorPlanContext => ({
  operator: { id: 'water-1', name: '样例水务', utilities: ['water'] },
  communities: [{ id: 'c1', name: '样例小区', items: [{ no: 1, name: '供水管网和设施设备改造' }] }],
  bookedFen,
  rewardFen,
});
type Form = ReturnType<typeof operatorPlan.example>;
const facility = (change: Partial<Form['facilities'][number]>): Form['facilities'][number] => ({
  utility: 'water',
  name: '样例管网',
  owner: 'other',
  costFen: 1_000,
  operatorPaysFen: 1_000,
  rewardFen: 0,
  ...change,
});
const plan = (facilities: Form['facilities'], change: Partial<Form> = {}): Form => ({
  agrees: true,
  facilities,
  sameDesignAndBuild: true,
  ...change,
});
const refusalsOf = (context: OperatorPlanContext, form: Form) =>
  against(operatorPlan, context, form).refusals;

describe('what others answer to a plan', () => {
  it.each([0, 1, 123_456_789])('P4.5: the example keeps what the plan books, %i fen', (booked) => {
    expect(against(operatorPlan, asked(booked), exampleOf(operatorPlan, asked(booked)))).toEqual(ACCEPTED);
  });

  it('P4.5: what the operator owns it pays for alone', () => {
    const own = plan([facility({ owner: 'operator', operatorPaysFen: 900, rewardFen: 100 })]);
    expect(refusalsOf(asked(900, 100), own)).toMatchObject([
      { clause: 'P4.5', path: 'facilities.0.rewardFen' },
    ]);
  });

  it('P4.5: what it does not own it contributes to, and the government rewards it as the plan offers', () => {
    const shared = plan([facility({ operatorPaysFen: 700, rewardFen: 300 })]);
    expect(refusalsOf(asked(700, 300), shared)).toEqual([]);
    expect(refusalsOf(asked(700, 299), shared)).toMatchObject([{ clause: 'P4.5', path: 'facilities' }]);
    const short = plan([facility({ operatorPaysFen: 700, rewardFen: 299 })]);
    expect(refusalsOf(asked(700, 300), short)).toMatchObject([{ path: 'facilities.0.operatorPaysFen' }]);
  });

  it('P4.5: what it promises is what the plan books on it, to the fen', () => {
    expect(refusalsOf(asked(999), plan([facility({})]))).toMatchObject([
      { clause: 'P4.5', path: 'facilities' },
    ]);
    expect(refusalsOf(asked(0), plan([facility({})]))).toEqual([]);
  });

  it('P4.5: design and construction go with the renovation', () => {
    const apart = plan([facility({})], { sameDesignAndBuild: false });
    expect(refusalsOf(asked(1_000), apart)).toMatchObject([{ clause: 'P4.5', path: 'sameDesignAndBuild' }]);
  });

  it('P4.5: an operator lists its facilities, or says why it does not agree', () => {
    expect(refusalsOf(asked(0), plan([]))).toMatchObject([{ path: 'facilities' }]);
    expect(refusalsOf(asked(0), plan([], { agrees: false }))).toMatchObject([{ path: 'remarks' }]);
    expect(refusalsOf(asked(0), plan([], { agrees: false, remarks: '样例：管网不属本公司' }))).toEqual([]);
  });

  it('P4.3.1: county finance cannot confirm a plan that adds hidden debt', () => {
    const form = { confirmed: true, noHiddenDebt: false };
    expect(against(fiscalConfirmation, {}, form).refusals).toMatchObject([
      { clause: 'P4.3.1', path: 'noHiddenDebt' },
    ]);
    expect(against(fiscalConfirmation, {}, { confirmed: false, noHiddenDebt: false }).refusals).toMatchObject(
      [{ path: 'remarks' }],
    );
    expect(against(fiscalConfirmation, {}, exampleOf(fiscalConfirmation, {}))).toEqual(ACCEPTED);
  });

  it.each([true, false])(
    'P4.3.1: a giver who is no organisation here confirms in writing (%s)',
    (inWriting) => {
      const context = {
        giver: '样例企业',
        source: 'gift',
        sourceName: '捐资捐物',
        amountFen: 100,
        inWriting,
      };
      expect(against(giverConfirmation, context, exampleOf(giverConfirmation, context))).toEqual(ACCEPTED);
      const bare = against(giverConfirmation, context, { confirmed: true }).refusals;
      expect(bare.map(({ path }) => path)).toEqual(inWriting ? ['letter'] : []);
      expect(against(giverConfirmation, context, { confirmed: false }).refusals).toMatchObject([
        { path: 'remarks' },
      ]);
    },
  );
});
