import type { AmountKey, PeriodKey, RatioKey, Step } from '../policy/keys';
import { legalAmounts, legalPeriods, legalRatios } from '../policy/law';
import type { PolicySnapshot } from '../policy/snapshot';
import { contentOf } from './signing/statements';
import type { Json } from './events';
import { isBefore, STEP_ORDER } from './project';

/**
 * What another version of the policy would change for a project that has begun.
 *
 * A project keeps the version with which it began until somebody moves it, with a reason. What lies behind it stays as
 * it was done; of what lies ahead this names each value that differs.
 */
export interface PolicyDifference {
  /** `periods.public-notice`, `seatMappings` */
  readonly path: string;
  readonly title: string;
  readonly before: Json;
  readonly after: Json;
  /** The last step that looks at it; absent if it counts to the project's end. */
  readonly until?: Step;
}

const PERIODS: Readonly<Record<PeriodKey, Step | 'always'>> = {
  survey: 'needs-collection',
  plan: 'preliminary-plan',
  'operator-plan': 'preliminary-plan',
  'public-notice': 'public-notice',
  'objection-answer': 'public-notice',
  'county-preparation': 'county-submission',
  'joint-review': 'joint-review',
  'municipal-approval': 'municipal-approval',
  'joint-document': 'joint-document',
  'scheme-review': 'scheme-review',
  consultation: 'scheme-review',
  'tender-clarification': 'tendering',
  'tender-documents-on-sale': 'tendering',
  'tender-bid': 'tendering',
  'tender-candidates': 'tendering',
  'tender-report': 'tendering',
  'tender-objection-answer': 'tendering',
  'tender-contract': 'tendering',
  'tender-regulator-report': 'tendering',
  'construction-start': 'construction',
  'construction-start-extension': 'construction',
  'monthly-progress': 'construction',
  'finding-answer': 'handover',
  'payment-review': 'final-accounts',
  'acceptance-invitation': 'completion-acceptance',
  'acceptance-filing': 'completion-acceptance',
  'final-accounts': 'final-accounts',
  'final-accounts-extension': 'final-accounts',
  'settlement-review': 'final-accounts',
  archiving: 'archiving',
  handover: 'handover',
  'property-management': 'property-management',
  'control-consent': 'always',
  default: 'always',
};

const RATIOS: Readonly<Record<RatioKey, Step | 'always'>> = {
  'survey-agreeing': 'needs-collection',
  'survey-turnout': 'needs-collection',
  'owners-quorum': 'always',
  'owners-ordinary': 'always',
  'owners-special': 'always',
  'material-change': 'public-notice',
  'advance-cap': 'tendering',
  'progress-payment': 'final-accounts',
  retention: 'final-accounts',
  'bid-bond': 'tendering',
  'performance-bond': 'tendering',
  'committee-experts': 'tendering',
  'heating-handover': 'handover',
};

const AMOUNTS: Readonly<Record<AmountKey, Step>> = {
  'tender-works': 'tendering',
  'tender-goods': 'tendering',
  'tender-services': 'tendering',
};

type Whole = Exclude<
  keyof PolicySnapshot,
  'id' | 'version' | 'number' | 'periods' | 'ratios' | 'amounts' | 'documents'
>;

/** What is compared as a whole. A new part of the policy does not compile before it stands here. */
const WHOLE: Readonly<Record<Whole, { readonly title: string; readonly until: Step | 'always' }>> = {
  eligibility: { title: '改造范围条件', until: 'needs-collection' },
  items: { title: '改造内容', until: 'handover' },
  sources: { title: '资金来源', until: 'final-accounts' },
  modes: { title: '筹资模式', until: 'preliminary-plan' },
  settlementBands: { title: '结算审查期限', until: 'final-accounts' },
  ownersMatters: { title: '业主表决事项', until: 'always' },
  dates: { title: '申报、审查截止日期', until: 'joint-review' },
  reminders: { title: '提醒', until: 'always' },
  escalation: { title: '督办、上报', until: 'always' },
  assemblies: { title: '会审、表决规则', until: 'always' },
  samePerson: { title: '同一人办理多项任务', until: 'always' },
  signOff: { title: '经办、审核、签发', until: 'always' },
  paperSeats: { title: '纸质决定代录', until: 'always' },
  seatMappings: { title: '岗位对应', until: 'always' },
  returnRights: { title: '退回权限', until: 'always' },
  controlRights: { title: '暂停、撤回、取消权限', until: 'always' },
};

/** Every value that differs, in the order of the policy. */
export function policyDifferences(from: PolicySnapshot, to: PolicySnapshot): PolicyDifference[] {
  const steps = Object.fromEntries(STEP_ORDER.map((step) => [step, step])) as Record<Step, Step>;
  return [
    ...each('periods', from.periods, to.periods, PERIODS, (key) => legalPeriods[key].title),
    ...each('ratios', from.ratios, to.ratios, RATIOS, (key) => legalRatios[key].title),
    ...each('amounts', from.amounts, to.amounts, AMOUNTS, (key) => legalAmounts[key].title),
    ...each('documents', from.documents, to.documents, steps, () => '应交材料'),
    ...(Object.keys(WHOLE) as Whole[]).flatMap((key) =>
      difference(key, WHOLE[key].title, from[key], to[key], WHOLE[key].until),
    ),
  ];
}

/** Of these, what a project that is in (or waits before) these steps still has before it. */
export function differencesAhead(
  differences: readonly PolicyDifference[],
  steps: readonly Step[],
): PolicyDifference[] {
  return differences.filter(
    ({ until }) => until === undefined || steps.length === 0 || steps.some((step) => !isBefore(until, step)),
  );
}

function each<K extends string>(
  part: string,
  from: Readonly<Partial<Record<K, unknown>>>,
  to: Readonly<Partial<Record<K, unknown>>>,
  until: Readonly<Record<K, Step | 'always'>>,
  title: (key: K) => string,
): PolicyDifference[] {
  return (Object.keys(until) as K[]).flatMap((key) =>
    difference(`${part}.${key}`, title(key), from[key], to[key], until[key]),
  );
}

function difference(
  path: string,
  title: string,
  from: unknown,
  to: unknown,
  until: Step | 'always',
): PolicyDifference[] {
  if (contentOf(from) === contentOf(to)) return [];
  const [before = null, after = null] = [from, to] as (Json | undefined)[];
  return [{ path, title, before, after, ...(until === 'always' ? {} : { until }) }];
}
