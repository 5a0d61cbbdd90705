/** The public notice of a preliminary plan (P2.1.3): how long it hangs, what it shows, what may be objected to. */
import type { OwnersMatter } from '../policy/keys';
import type { PolicySnapshot } from '../policy/snapshot';
import { lastDay, plusDays, type CivilDate } from './calendar';
import { periodText, type PeriodRule } from './due';
import { sumFen } from './money';
import { chosenItems, type CommunityPlan, type Plan } from './plan';
import { ownersMattersOf } from './plan-rules';
import { refusal, type Refusal } from './refusal';
import type { Moment } from './task';

const clause = 'P2.1.3';

/** What an objection may be about: the group in which like ones meet. */
export const OBJECTION_SUBJECTS = {
  items: '改造内容',
  budget: '预算与资金',
  contribution: '居民出资',
  'new-building': '新建配套用房',
  construction: '施工安排与扰民',
  'public-space': '公共空间与绿化',
  other: '其他意见',
} as const;
export type ObjectionSubject = keyof typeof OBJECTION_SUBJECTS;

/** No notice is announced for longer: a year typed wrong would hold the project for that year. */
const LONGEST_DAYS = 60;

/**
 * Why a notice recorded today cannot have been posted on that day and hang until that day. The period counts from
 * the day after the recording, whatever day of posting is entered.
 */
export function noticeRefusals(
  { postedOn, until }: { postedOn: CivilDate; until: CivilDate },
  rule: PeriodRule,
  { today, calendar }: Moment,
): Refusal[] {
  const basis = rule.basis;
  const found: Refusal[] = [];
  if (postedOn > today)
    found.push(
      refusal('张贴日期不能晚于今天', 'it cannot have been posted later than today', {
        path: 'postedOn',
        clause,
        basis,
      }),
    );
  const { date } = lastDay(calendar, today, rule.length);
  if (until < date)
    found.push(
      refusal(
        `公示不少于 ${periodText(rule.length)}，自登记次日（${plusDays(today, 1)}）起算，最早至 ${date}`,
        `counted from the day after it is recorded, the notice lasts at least until ${date}`,
        { path: 'until', clause, basis },
      ),
    );
  const latest = plusDays(date, LONGEST_DAYS);
  if (until > latest)
    found.push(
      refusal(`公示截止日期有误，不应晚于 ${latest}`, `the last day should not be later than ${latest}`, {
        path: 'until',
        clause,
      }),
    );
  return found;
}

/** What the notice tells of one community: no giver's name, no resident's. All amounts in fen. */
export interface NoticedPlan {
  readonly id: string;
  readonly name: string;
  readonly items: readonly string[];
  readonly budgetFen: number;
  readonly funding: readonly { readonly name: string; readonly amountFen: number }[];
  readonly newBuildings: readonly string[];
}

/** Where and when it hangs in a community. */
export interface Hanging {
  readonly place: string;
  /** The day from which the period counts: the recording. */
  readonly postedOn: CivilDate;
  readonly lastDay: CivilDate;
  readonly provisional: boolean;
}

/** What the step `public-notice` shows of itself, and the public pages read. No personal data. */
export interface NoticeFacts {
  readonly phase: 'posting' | 'posted' | 'answering' | 'closed';
  readonly communities: readonly (NoticedPlan & Partial<Hanging> & { readonly certified: boolean })[];
  readonly mode: string;
  readonly budgetFen: number;
  /** Of the community that was posted last; absent until all are. */
  readonly postedOn?: CivilDate;
  readonly lastDay?: CivilDate;
  readonly provisional: boolean;
  /** Received in time, once counted. */
  readonly objections?: number;
}

export function noticedPlan(
  plan: CommunityPlan,
  name: string,
  { items, sources }: Pick<PolicySnapshot, 'items' | 'sources'>,
): NoticedPlan {
  const chosen = chosenItems(plan);
  const paid = sources.map(({ key, name: source }) => ({
    name: source,
    amountFen: sumFen(plan.funding.filter((entry) => entry.source === key).map(({ amountFen }) => amountFen)),
  }));
  return {
    id: plan.communityId,
    name,
    items: items.filter(({ no }) => chosen.includes(no)).map((item) => item.name),
    budgetFen: plan.budgetFen,
    funding: paid.filter(({ amountFen }) => amountFen > 0),
    newBuildings: plan.newBuildings.map((building) => building.name),
  };
}

/** Something on which the owners of a community have decided, or must (民法典 278). */
export interface OwnersDecision {
  readonly community: string;
  readonly matter: OwnersMatter;
  /** Money of theirs that the plan uses; 0 where it is no matter of money. */
  readonly amountFen: number;
}

/** What owners must still decide before the county submits: a decision covers what it was about, and no larger sum. */
export function undecidedMatters(
  plan: Plan,
  agreed: readonly OwnersDecision[],
  policy: Pick<PolicySnapshot, 'sources'>,
): OwnersDecision[] {
  return plan.communities.flatMap((community) =>
    ownersMattersOf(community, policy)
      .map((matter): OwnersDecision => {
        const sources = policy.sources
          .filter((source) => source.ownersMatter === matter)
          .map(({ key }) => key);
        const used = community.funding.filter(({ source }) => sources.includes(source));
        return {
          community: community.communityId,
          matter,
          amountFen: sumFen(used.map(({ amountFen }) => amountFen)),
        };
      })
      .filter(
        (asked) =>
          !agreed.some(
            (one) =>
              one.community === asked.community &&
              one.matter === asked.matter &&
              one.amountFen >= asked.amountFen,
          ),
      ),
  );
}
