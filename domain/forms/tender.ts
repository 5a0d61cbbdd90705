import { z } from 'zod';
import { lastDay, type CivilDate } from '../calendar';
import { refusal, type Refusal } from '../refusal';
import { defineAct, defineTask } from '../task';
import { tenderRefusals, type TenderPeriod } from '../tender-clock';
import { bondRefusals, committeeRefusals } from '../tendering';
import type { PolicySnapshot, SnapshotPeriod } from '../../policy/snapshot';
import { count, date, documents, fen, line, prose, sampleDocuments, yesNo } from './fields';
import { companyField, companyRefusals, eligibleCompany, type Company } from './procurement';
import type { LotSeen } from './tendering';

/** A tender from its documents to its contract (P2.3.3): one task a stage, assigned when its minimum has run. */

export type Periods<K extends TenderPeriod> = Readonly<Record<K, Pick<SnapshotPeriod, 'length' | 'basis'>>>;
export type Ratios<K extends keyof PolicySnapshot['ratios']> = Pick<PolicySnapshot['ratios'], K>;

export interface TenderDocumentsContext {
  readonly lot: LotSeen;
  /** 1 for the first tender of the lot. */
  readonly attempt: number;
  /** Why the tenders before failed. */
  readonly remarks: readonly string[];
  readonly ratios: Ratios<'bid-bond' | 'performance-bond'>;
  readonly periods: Periods<'tender-documents-on-sale' | 'tender-bid'>;
}

export const tenderDocuments = defineTask({
  kind: 'tender-documents',
  title: '发布招标公告、发售招标文件',
  titleEn: 'Announce the tender and issue its documents',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: ['project-owner@market'],
  form: (_: TenderDocumentsContext) =>
    z.strictObject({
      announcement: line('招标公告编号、发布媒介'),
      saleEnds: date('招标文件发售截止'),
      bidDeadline: date('投标截止'),
      bidBondFen: fen('投标保证金').optional(),
      documents: documents(['tender-documents'], { 'tender-documents': '招标文件' }),
    }),
  rules: (form, { lot, ratios, periods }, { today, calendar }) => [
    ...tenderRefusals({ documentsIssued: today, ...form }, calendar, { periods }),
    ...(form.saleEnds > form.bidDeadline
      ? [
          refusal('发售截止不能晚于投标截止', 'the sale cannot end after the bid deadline', {
            path: 'saleEnds',
            clause: 'P2.3.3',
          }),
        ]
      : []),
    ...bondRefusals({ bidBondFen: form.bidBondFen, estimateFen: lot.estimateFen }, { ratios }),
  ],
  example: ({ periods, attempt }, { today, calendar }) => ({
    announcement: `样例招标公告第${attempt}次`,
    saleEnds: lastDay(calendar, today, periods['tender-documents-on-sale'].length).date,
    bidDeadline: lastDay(calendar, today, periods['tender-bid'].length).date,
    documents: sampleDocuments(['tender-documents']),
  }),
});

export interface BiddingLot {
  readonly lot: string;
  readonly name: string;
  readonly bidDeadline: CivilDate;
}

export interface ClarificationContext {
  readonly bidding: readonly BiddingLot[];
  readonly periods: Periods<'tender-clarification'>;
}

/** 澄清或修改: what may affect the bids leaves the bidders their time (招标投标法 23). */
export const tenderClarification = defineAct({
  act: 'tender-clarification',
  title: '澄清或修改招标文件',
  titleEn: 'Clarify or change the tender documents',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: [{ body: 'project-owner', level: 'market' }],
  form: (_: ClarificationContext) =>
    z.strictObject({
      lot: line('标段', 40),
      text: prose('澄清或修改内容'),
      affectsBids: yesNo('可能影响投标文件编制'),
      bidDeadline: date('投标截止'),
    }),
  rules: (form, { bidding, periods }, { today, calendar }) => {
    const found = bidding.find(({ lot }) => lot === form.lot);
    if (!found) return [notNow('该标段不在投标期间', 'no bids are being prepared for this lot')];
    return [
      ...(form.affectsBids
        ? tenderRefusals({ clarified: today, bidDeadline: form.bidDeadline }, calendar, { periods })
        : []),
      ...(form.bidDeadline < found.bidDeadline
        ? [
            refusal(
              `投标截止不能提前（原为 ${found.bidDeadline}）`,
              `the deadline of ${found.bidDeadline} cannot be brought forward`,
              { path: 'bidDeadline', clause: 'P2.3.3', basis: '招标投标法 24' },
            ),
          ]
        : []),
    ];
  },
  example: ({ bidding }) => ({
    lot: bidding[0]?.lot ?? '',
    text: '样例：踏勘现场时间说明',
    affectsBids: false,
    bidDeadline: bidding[0]?.bidDeadline ?? '',
  }),
});

export function notNow(message: string, messageEn: string): Refusal {
  return refusal(message, messageEn, { path: 'lot', clause: 'P2.3.3' });
}

export interface OpeningContext {
  readonly lot: LotSeen;
  readonly attempt: number;
  readonly bidDeadline: CivilDate;
}

/** With fewer than three bidders the bids are not opened and the tender is repeated (招标投标法 28). */
export const bidOpening = defineTask({
  kind: 'bid-opening',
  title: '登记开标情况',
  titleEn: 'Record the opening of bids',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: ['project-owner@market'],
  form: (_: OpeningContext) =>
    z.strictObject({ bidders: count('投标人数', 1000), remarks: prose('说明').optional() }),
  example: () => ({ bidders: 3 }),
});

export interface EvaluationContext {
  readonly lot: LotSeen;
  readonly bidders: number;
  readonly companies?: readonly Company[];
  readonly excluded: readonly string[];
  readonly ratios: Ratios<'committee-experts'>;
  /** Why it is evaluated anew: an objection was upheld. */
  readonly remarks: readonly string[];
}

const CANDIDATES = 3;

export const bidEvaluation = defineTask({
  kind: 'bid-evaluation',
  title: '提交评标报告',
  titleEn: 'Hand in the evaluation report',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: ['project-owner@market'],
  form: ({ companies }: EvaluationContext) =>
    z.strictObject({
      committee: z
        .strictObject({ members: count('评标委员会人数', 99), experts: count('其中技术、经济专家', 99) })
        .meta({ title: '评标委员会' }),
      candidates: z
        .array(
          z
            .strictObject({ company: companyField(companies), priceFen: fen('投标报价') })
            .meta({ title: '候选人' }),
        )
        .max(CANDIDATES)
        .meta({ title: '中标候选人（按排名）' }),
      allRejected: prose('否决全部投标的理由').optional(),
      documents: documents(['evaluation-report'], { 'evaluation-report': '评标报告' }),
    }),
  rules: (form, context) => [
    ...committeeRefusals(form.committee, { ratios: context.ratios }),
    ...candidateRefusals(form, context),
  ],
  example: (context) => ({
    committee: { members: 5, experts: 4 },
    candidates: [{ company: eligibleCompany(context), priceFen: context.lot.estimateFen }],
    documents: sampleDocuments(['evaluation-report']),
  }),
});

function candidateRefusals(
  form: { candidates: { company: string; priceFen: number }[]; allRejected?: string | undefined },
  context: EvaluationContext,
): Refusal[] {
  const where = { path: 'candidates', clause: 'P2.3.3', basis: '招标投标法 42' };
  const companies = form.candidates.map(({ company }) => company);
  const found = companies.flatMap((company, i) =>
    companyRefusals(company, `candidates.${i}.company`, context),
  );
  if (companies.length === 0 && form.allRejected === undefined) {
    found.push(
      refusal(
        '没有候选人的，应写明否决全部投标的理由',
        'no candidate: say why all bids were rejected',
        where,
      ),
    );
  }
  if (companies.length > 0 && form.allRejected !== undefined) {
    found.push(
      refusal('已否决全部投标，不应再推荐候选人', 'all bids rejected, yet there are candidates', where),
    );
  }
  if (new Set(companies).size < companies.length) {
    found.push(refusal('候选人重复', 'a candidate is there twice', where));
  }
  if (companies.length > context.bidders) {
    found.push(refusal('候选人多于投标人', 'more candidates than bidders', where));
  }
  return found;
}
