import fc from 'fast-check';
import * as procurement from '../../../domain/forms/procurement';
import * as tender from '../../../domain/forms/tender';
import * as award from '../../../domain/forms/tender-award';
import * as plan from '../../../domain/forms/tendering';
import { linyi } from '../../../policy/linyi';
import { policySnapshot } from '../../../policy/snapshot';
import { ACCEPTED, against, exampleOf, on } from './moment';

const { amounts, ratios, periods } = policySnapshot(linyi);
const lot: plan.LotSeen = { id: 'L1', name: '样例施工标段', kind: 'works', estimateFen: 500_000_000 };
const companies = [
  { id: 'builder-1', name: '样例建筑公司甲' },
  { id: 'builder-2', name: '样例建筑公司乙' },
];

const purchases: plan.ProcurementContext = {
  estimateFen: 1_000_000_000,
  operatorFen: 0,
  earlier: [],
  needs: ['works', 'supervision'],
  amounts,
};
const works = {
  name: '样例施工',
  kind: 'works',
  estimateFen: 300_000_000,
  way: 'consultation',
  ground: '样例',
};
const supervision = { ...works, name: '样例监理', kind: 'supervision', estimateFen: 10_000_000 };
const refusalsOf = (lots: readonly unknown[], context = purchases) =>
  against(plan.procurementPlan, context, { lots }).refusals;

describe('the plan of purchases', () => {
  it('P2.3.3: the example takes the shortest lawful way, whatever the estimate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 100_000_000_000 }),
        fc.integer({ min: 0, max: 50 }),
        (estimateFen, percent) => {
          const context = {
            ...purchases,
            estimateFen,
            operatorFen: Math.floor((estimateFen / 100) * percent),
          };
          const example = exampleOf(plan.procurementPlan, context);
          expect(against(plan.procurementPlan, context, example)).toEqual(ACCEPTED);
          for (const { kind, estimateFen: budget, way } of example.lots) {
            const threshold = kind === 'works' ? amounts['tender-works'] : amounts['tender-services'];
            expect(way === 'tender').toBe(budget >= threshold);
          }
        },
      ),
    );
  });

  it('P2.3.3: splitting does not avoid the tender: like lots are summed, with those planned before', () => {
    const half = { ...works, estimateFen: 200_000_000 };
    const compulsory = { clause: 'P2.3.3', basis: '必须招标的工程项目规定（16号令）5' };
    expect(refusalsOf([half, half, supervision])).toMatchObject([
      { ...compulsory, path: 'lots.0.way' },
      { ...compulsory, path: 'lots.1.way' },
    ]);
    const earlier = [{ id: 'L1', kind: 'works' as const, estimateFen: 200_000_000 }];
    expect(refusalsOf([half], { ...purchases, earlier, needs: ['works'] })).toMatchObject([compulsory]);
    expect(refusalsOf([half, supervision])).toEqual([]);
  });

  it('P2.3.3: another way than a tender gives its ground, and inquiry is for goods', () => {
    const { ground: _, ...silent } = works;
    expect(refusalsOf([silent, supervision])).toMatchObject([{ path: 'lots.0.ground' }]);
    expect(refusalsOf([{ ...works, way: 'inquiry' }, supervision])).toMatchObject([
      { path: 'lots.0.way', basis: '政府采购法 32' },
    ]);
    const pipes = { ...works, kind: 'materials', goods: '管材', estimateFen: 50_000_000, way: 'inquiry' };
    expect(refusalsOf([works, supervision, pipes])).toEqual([]);
    const { goods: _goods, ...unnamed } = pipes;
    expect(refusalsOf([works, supervision, unnamed])).toMatchObject([{ path: 'lots.2.goods' }]);
  });

  it('P2.3.3: works and supervision must be bought, for something, and within the approved estimate', () => {
    expect(refusalsOf([works])).toMatchObject([{ path: 'lots', clause: 'P2.3.3' }]);
    expect(refusalsOf([{ ...works, estimateFen: 0 }, supervision])).toMatchObject([
      { path: 'lots.0.estimateFen' },
    ]);
    expect(refusalsOf([works, supervision], { ...purchases, estimateFen: 309_999_999 })).toMatchObject([
      { path: 'lots', basis: '政府投资条例 23' },
    ]);
  });

  it('P2.3.5: an operator that carries out its works says on what ground and for how much, at the same time', () => {
    const context = { utility: 'water', items: ['供水管网和设施设备改造'], promisedFen: 700, rewardFen: 300 };
    const example = exampleOf(plan.operatorWorks, context);
    expect(against(plan.operatorWorks, context, example)).toEqual(ACCEPTED);
    expect(example.amountFen).toBe(1_000);
    expect(against(plan.operatorWorks, context, { carriesOut: true }).refusals).toMatchObject([
      { clause: 'P2.3.5', path: 'ground' },
      { clause: 'P2.3.5', path: 'amountFen' },
      { clause: 'P4.5', path: 'sameTime' },
    ]);
    expect(against(plan.operatorWorks, context, { carriesOut: false })).toEqual(ACCEPTED);
  });

  const result: procurement.ProcurementResultContext = {
    lot,
    way: 'consultation',
    ground: '样例',
    companies,
    excluded: ['builder-1'],
  };

  it('P2.3.3: a purchase asks at least three suppliers, one only where there is a single source', () => {
    const example = exampleOf(procurement.procurementResult, result);
    expect(against(procurement.procurementResult, result, example)).toEqual(ACCEPTED);
    const two = { ...example, suppliers: 2 };
    expect(against(procurement.procurementResult, result, two).refusals).toMatchObject([
      { path: 'suppliers' },
    ]);
    expect(against(procurement.procurementResult, { ...result, way: 'single-source' }, two)).toEqual(
      ACCEPTED,
    );
  });

  it('P2.3.3: the winner is in the register, and is not the one that supervises', () => {
    const example = exampleOf(procurement.procurementResult, result);
    expect(example.company).toBe('builder-2');
    const own = { ...example, company: 'builder-1' };
    expect(against(procurement.procurementResult, result, own).refusals).toMatchObject([
      { basis: '建筑法 34' },
    ]);
    const stranger = { ...example, company: 'stranger' };
    expect(against(procurement.procurementResult, result, stranger).refusals).toMatchObject([
      { clause: 'P2.3.3', path: 'company' },
    ]);
    const { companies: _, ...materials } = result;
    expect(against(procurement.procurementResult, materials, { ...example, company: '样例管材厂' })).toEqual(
      ACCEPTED,
    );
    const free = { ...example, priceFen: 0 };
    expect(against(procurement.procurementResult, result, free).refusals).toMatchObject([
      { path: 'priceFen' },
    ]);
  });

  it('P2.3.3: another way is open only after two failed tenders, with its ground', () => {
    const context = { lot, failures: 2, remarks: [] };
    expect(against(procurement.otherWay, context, exampleOf(procurement.otherWay, context))).toEqual(
      ACCEPTED,
    );
    expect(against(procurement.otherWay, context, { way: 'negotiation' }).refusals).toMatchObject([
      { path: 'ground' },
    ]);
    const early = { ...context, failures: 1 };
    expect(
      against(procurement.otherWay, early, { way: 'negotiation', ground: '样例' }).refusals,
    ).toMatchObject([{ clause: 'P2.3.3', path: 'way' }]);
  });

  it.each([procurement.otherWayApproval, procurement.priceApproval])(
    'P2.3.3: who does not approve says why ($kind)',
    (kind) => {
      expect(against(kind, {}, { approved: true })).toEqual(ACCEPTED);
      expect(against(kind, {}, { approved: false }).refusals).toMatchObject([{ path: 'opinion' }]);
      expect(against(kind, {}, { approved: false, opinion: '样例' })).toEqual(ACCEPTED);
    },
  );
});

describe('a tender', () => {
  const documents: tender.TenderDocumentsContext = { lot, attempt: 1, remarks: [], ratios, periods };
  const issued = exampleOf(tender.tenderDocuments, documents);

  it('P2.3.3: the example of the documents is accepted on every day of a year', () => {
    for (
      let ms = Date.parse('2026-01-01T02:00:00Z');
      ms < Date.parse('2026-12-31T00:00:00Z');
      ms += 86_400_000
    ) {
      const at = on(new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10));
      const example = exampleOf(tender.tenderDocuments, documents, at);
      expect(against(tender.tenderDocuments, documents, example, at)).toEqual(ACCEPTED);
    }
  });

  it('P2.3.3: nineteen days to the bid deadline are refused, so are four days of sale', () => {
    expect(
      against(tender.tenderDocuments, documents, { ...issued, bidDeadline: '2026-12-12' }).refusals,
    ).toMatchObject([{ path: 'bidDeadline', basis: '招标投标法 24' }]);
    expect(
      against(tender.tenderDocuments, documents, { ...issued, saleEnds: '2026-11-27' }).refusals,
    ).toMatchObject([{ path: 'saleEnds', basis: '招标投标法实施条例 16' }]);
    const after = { ...issued, saleEnds: '2027-03-01' };
    expect(against(tender.tenderDocuments, documents, after).refusals).toMatchObject([{ path: 'saleEnds' }]);
  });

  it('P2.3.3: a bid bond is at most two per cent of the estimate', () => {
    const bond = (bidBondFen: number) =>
      against(tender.tenderDocuments, documents, { ...issued, bidBondFen });
    expect(bond(10_000_000)).toEqual(ACCEPTED);
    expect(bond(10_000_001).refusals).toMatchObject([{ path: 'bidBondFen', basis: '招标投标法实施条例 26' }]);
  });

  it('P2.3.3: a clarification that affects the bids leaves fifteen days, and never shortens the time', () => {
    const context = { bidding: [{ lot: 'L1', name: '样例', bidDeadline: '2026-12-01' }], periods };
    const asked = (change: Record<string, unknown>) =>
      against(tender.tenderClarification, context, {
        ...exampleOf(tender.tenderClarification, context),
        ...change,
      }).refusals;
    expect(asked({})).toEqual([]);
    expect(asked({ affectsBids: true })).toMatchObject([{ path: 'bidDeadline', basis: '招标投标法 23' }]);
    expect(asked({ affectsBids: true, bidDeadline: '2026-12-08' })).toEqual([]);
    expect(asked({ bidDeadline: '2026-11-30' })).toMatchObject([{ path: 'bidDeadline' }]);
    expect(asked({ lot: 'L2' })).toMatchObject([{ path: 'lot' }]);
  });

  const evaluation: tender.EvaluationContext = {
    lot,
    bidders: 3,
    companies,
    excluded: [],
    ratios,
    remarks: [],
  };
  const report = exampleOf(tender.bidEvaluation, evaluation);
  const evaluated = (change: Record<string, unknown>) =>
    against(tender.bidEvaluation, evaluation, { ...report, ...change }).refusals;

  it('P2.3.3: a committee has five members at least, an odd number, two thirds of them experts', () => {
    expect(evaluated({})).toEqual([]);
    expect(evaluated({ committee: { members: 3, experts: 3 } })).toMatchObject([{ basis: '招标投标法 37' }]);
    expect(evaluated({ committee: { members: 6, experts: 5 } })).toMatchObject([
      { path: 'committee.members' },
    ]);
    expect(evaluated({ committee: { members: 5, experts: 3 } })).toMatchObject([
      { path: 'committee.experts' },
    ]);
  });

  it('P2.3.3: candidates are bidders of the register, each once; without any, the report says why', () => {
    const [one] = report.candidates;
    expect(evaluated({ candidates: [one, one] })).toMatchObject([{ path: 'candidates' }]);
    expect(evaluated({ candidates: [{ ...one, company: 'stranger' }] })).toMatchObject([
      { path: 'candidates.0.company' },
    ]);
    expect(evaluated({ candidates: [] })).toMatchObject([{ basis: '招标投标法 42' }]);
    expect(evaluated({ candidates: [], allRejected: '样例' })).toEqual([]);
    expect(evaluated({ allRejected: '样例' })).toMatchObject([{ path: 'candidates' }]);
    const single = { ...evaluation, bidders: 0 };
    expect(against(tender.bidEvaluation, single, report).refusals).toMatchObject([{ path: 'candidates' }]);
  });

  it('P2.3.3: an objection outside the publication is refused', () => {
    const context = { published: [{ lot: 'L1', name: '样例' }] };
    const example = exampleOf(award.tenderObjection, context);
    expect(against(award.tenderObjection, context, example)).toEqual(ACCEPTED);
    expect(against(award.tenderObjection, { published: [] }, example).refusals).toMatchObject([
      { clause: 'P2.3.3', basis: '招标投标法实施条例 54' },
    ]);
  });

  const candidates = [
    { company: 'builder-1', priceFen: 480_000_000 },
    { company: 'builder-2', priceFen: 510_000_000 },
  ];
  const awarding: award.AwardContext = { lot, candidates, excluded: [], allowedFen: 500_000_000 };

  it('P2.3.3: the first-ranked wins; another with a reason; a price over the budget not without approval', () => {
    const awarded = (winner: string, change: Record<string, unknown> = {}, context = awarding) =>
      against(award.tenderAward, context, { winner, notice: '样例', ...change }).refusals;
    expect(awarded('builder-1')).toEqual([]);
    expect(awarded('builder-2', {}, { ...awarding, allowedFen: 510_000_000 })).toMatchObject([
      { path: 'winner', basis: '招标投标法实施条例 54、55' },
    ]);
    expect(awarded('builder-2', { reason: '样例：放弃' }, { ...awarding, allowedFen: 510_000_000 })).toEqual(
      [],
    );
    expect(awarded('builder-2', { reason: '样例：放弃' })).toMatchObject([{ basis: '政府投资条例 23' }]);
    expect(awarded('stranger')).toMatchObject([{ path: 'winner' }]);
    const supervised = { ...awarding, excluded: ['builder-1'], allowedFen: 510_000_000 };
    expect(awarded('builder-1', {}, supervised)).toMatchObject([{ basis: '建筑法 34' }]);
    expect(against(award.tenderAward, supervised, exampleOf(award.tenderAward, supervised))).toEqual(
      ACCEPTED,
    );
  });

  it('P2.3.3: the contract is for the price awarded, its advance and bond within their caps', () => {
    const context: award.ContractContext = {
      lot,
      way: 'tender',
      winner: 'builder-1',
      priceFen: 480_000_000,
      ratios,
    };
    const example = exampleOf(award.contractSigning, context);
    const signed = (change: Record<string, unknown>) =>
      against(award.contractSigning, context, { ...example, ...change }).refusals;
    expect(signed({})).toEqual([]);
    expect(signed({ amountFen: 480_000_001 })).toMatchObject([{ path: 'amountFen', basis: '招标投标法 46' }]);
    expect(signed({ advanceFen: 144_000_001 })).toMatchObject([{ path: 'advanceFen' }]);
    expect(signed({ performanceBondFen: 48_000_001 })).toMatchObject([
      { path: 'performanceBondFen', basis: '招标投标法实施条例 58' },
    ]);
    expect(signed({ advanceFen: 144_000_000, performanceBondFen: 48_000_000 })).toEqual([]);
  });

  it('P2.3.3: the plain forms take their examples', () => {
    const opening = { lot, attempt: 1, bidDeadline: '2026-12-14' };
    expect(against(tender.bidOpening, opening, exampleOf(tender.bidOpening, opening))).toEqual(ACCEPTED);
    const published = { lot, candidates };
    expect(
      against(award.candidatePublication, published, exampleOf(award.candidatePublication, published)),
    ).toEqual(ACCEPTED);
    const objected = { lot, objector: '样例', content: '样例' };
    expect(
      against(award.tenderObjectionAnswer, objected, exampleOf(award.tenderObjectionAnswer, objected)),
    ).toEqual(ACCEPTED);
    const reported = { lot, winner: 'builder-1' };
    expect(against(award.regulatorReport, reported, exampleOf(award.regulatorReport, reported))).toEqual(
      ACCEPTED,
    );
  });
});
