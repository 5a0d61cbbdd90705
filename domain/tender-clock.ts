/**
 * The statutory clocks of a tender (P2.3.3), as dates computed from what has happened.
 *
 * All are calendar days that start the day after the event, the last day moved to a working day. A minimum
 * refuses the early act; a maximum that has passed is a breach and refuses nothing.
 */
import type { PeriodKey } from '../policy/keys';
import type { SnapshotPeriod } from '../policy/snapshot';
import { lastDay, type Calendar, type CivilDate, type LastDay } from './calendar';
import { refusal, type Refusal } from './refusal';

/** What has happened so far, by day. */
export interface TenderEvents {
  readonly documentsIssued?: CivilDate | undefined;
  /** Last day on which documents could be had. */
  readonly saleEnds?: CivilDate | undefined;
  /** Last clarification or change of the documents that may affect bids. */
  readonly clarified?: CivilDate | undefined;
  readonly bidDeadline?: CivilDate | undefined;
  readonly evaluationReport?: CivilDate | undefined;
  readonly candidatesPublished?: CivilDate | undefined;
  /** The award notice 中标通知书, which also says who won. */
  readonly awarded?: CivilDate | undefined;
  readonly contractSigned?: CivilDate | undefined;
  readonly reportedToRegulator?: CivilDate | undefined;
}

/** The clocks' own keys of the policy's periods. */
export type TenderPeriod = Extract<PeriodKey, `tender-${string}`>;

/** Only the periods that start from the events at hand are read: a context may carry just those. */
export interface TenderPolicy {
  readonly periods: Readonly<Partial<Record<TenderPeriod, Pick<SnapshotPeriod, 'length' | 'basis'>>>>;
}

interface Clock {
  readonly period: TenderPeriod;
  readonly from: keyof TenderEvents;
  readonly to: keyof TenderEvents;
  readonly bound: 'minimum' | 'maximum';
  readonly what: string;
  readonly whatEn: string;
}

const clocks: readonly Clock[] = [
  {
    period: 'tender-documents-on-sale',
    from: 'documentsIssued',
    to: 'saleEnds',
    bound: 'minimum',
    what: '招标文件停止发售',
    whatEn: 'end of sale',
  },
  {
    period: 'tender-bid',
    from: 'documentsIssued',
    to: 'bidDeadline',
    bound: 'minimum',
    what: '投标截止',
    whatEn: 'bid deadline',
  },
  {
    period: 'tender-clarification',
    from: 'clarified',
    to: 'bidDeadline',
    bound: 'minimum',
    what: '澄清或修改后的投标截止',
    whatEn: 'bid deadline after a clarification',
  },
  {
    period: 'tender-report',
    from: 'evaluationReport',
    to: 'candidatesPublished',
    bound: 'maximum',
    what: '公示中标候选人',
    whatEn: 'publication of candidates',
  },
  {
    period: 'tender-candidates',
    from: 'candidatesPublished',
    to: 'awarded',
    bound: 'minimum',
    what: '发出中标通知书',
    whatEn: 'award',
  },
  {
    period: 'tender-contract',
    from: 'awarded',
    to: 'contractSigned',
    bound: 'maximum',
    what: '订立合同',
    whatEn: 'contract',
  },
  {
    period: 'tender-regulator-report',
    from: 'awarded',
    to: 'reportedToRegulator',
    bound: 'maximum',
    what: '书面报告监督部门',
    whatEn: 'report to the regulator',
  },
];

/** A date that a clock gives: the earliest or the latest day for the act. */
export interface TenderDate extends LastDay {
  readonly period: TenderPeriod;
  readonly act: keyof TenderEvents;
  readonly bound: 'minimum' | 'maximum';
  readonly basis: string;
}

/**
 * Every date that follows from the events so far. For a sale or deadline the last day itself is allowed; an
 * award is allowed only once the publication has run in full, on the day after.
 */
export function tenderSchedule(events: TenderEvents, calendar: Calendar, policy: TenderPolicy): TenderDate[] {
  return clocks.flatMap(({ period, from, to, bound }) => {
    const start = events[from];
    const rule = policy.periods[period];
    if (start === undefined || rule === undefined) return [];
    return [{ period, act: to, bound, basis: rule.basis, ...lastDay(calendar, start, rule.length) }];
  });
}

/** Acts that came before their time, or before what they rest on. */
export function tenderRefusals(events: TenderEvents, calendar: Calendar, policy: TenderPolicy): Refusal[] {
  const early = tenderSchedule(events, calendar, policy).flatMap((date) => {
    const done = events[date.act];
    if (date.bound === 'maximum' || done === undefined) return [];
    const soon = date.period === 'tender-candidates' ? done <= date.date : done < date.date;
    return soon
      ? [
          say(
            date,
            `不得早于 ${date.date}${date.period === 'tender-candidates' ? ' 次日' : ''}`,
            `too early, not before ${date.date} has ${date.period === 'tender-candidates' ? 'passed' : 'come'}`,
          ),
        ]
      : [];
  });
  return [...orderRefusals(events), ...early];
}

/** Maxima that were passed: accepted, and listed for supervision. */
export function tenderBreaches(events: TenderEvents, calendar: Calendar, policy: TenderPolicy): Refusal[] {
  return tenderSchedule(events, calendar, policy).flatMap((date) => {
    const done = events[date.act];
    if (date.bound === 'minimum' || done === undefined || done <= date.date) return [];
    return [say(date, `晚于 ${date.date}`, `late, was due on ${date.date}`)];
  });
}

const order: readonly (keyof TenderEvents)[] = [
  'documentsIssued',
  'bidDeadline',
  'evaluationReport',
  'candidatesPublished',
  'awarded',
  'contractSigned',
];

function orderRefusals(events: TenderEvents): Refusal[] {
  let before: keyof TenderEvents | undefined;
  return order.flatMap((act) => {
    const [day, last] = [events[act], before && events[before]];
    if (day === undefined) return [];
    const wrong = last !== undefined && day < last;
    const found = wrong
      ? [
          refusal(`日期 ${day} 早于前一环节 ${last}`, `${day} is before the act it rests on, ${last}`, {
            path: act,
            clause: 'P2.3.3',
          }),
        ]
      : [];
    before = act;
    return found;
  });
}

function say(date: TenderDate, message: string, messageEn: string): Refusal {
  const clock = clocks.find(({ period }) => period === date.period);
  return refusal(`${clock?.what ?? ''}${message}`, `${clock?.whatEn ?? ''}: ${messageEn}`, {
    path: date.act,
    clause: 'P2.3.3',
    basis: date.basis,
  });
}
