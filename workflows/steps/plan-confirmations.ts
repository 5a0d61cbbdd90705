import {
  fiscalConfirmation,
  giverConfirmation,
  operatorPlan,
  type FiscalContext,
  type GiverContext,
  type OperatorPlanContext,
} from '../../domain/forms/plan-confirmations';
import type { Remark, Reward } from '../../domain/forms/plan-context';
import { fiscalFen } from '../../domain/forms/plan-form-rules';
import { balanceOf } from '../../domain/financing';
import { sumFen } from '../../domain/money';
import type { OperatorPromise } from '../../domain/outputs';
import { budgetOf, chosenItems, fundingBySource, type Plan } from '../../domain/plan';
import type { ProjectCommunity } from '../../domain/project';
import type { TaskKind } from '../../domain/task';
import { concernedUtilities } from '../../domain/utilities';
import { utilities, type Seat, type Utility } from '../../policy/keys';
import type { StepDesk } from '../step';
import type { Answer, Request } from '../task-desk';

/** A plan that others are asked about. */
export interface Proposal {
  readonly plan: Plan;
  readonly owner: string;
  readonly rewards: readonly Reward[];
  /** The user who submitted it. */
  /** Users who have entered it. */
  readonly by: readonly string[];
}

interface Asked {
  readonly refusals: readonly Remark[];
  readonly operators: readonly OperatorPromise[];
}

const HOUSING: Seat = { body: 'housing', level: 'county' };
const FINANCE: Seat = { body: 'finance', level: 'county' };

/**
 * Who must agree to a plan: operators, county finance, givers, all side by side. What was confirmed stands as long as
 * what was asked is the same, so that a revised plan goes only to those whose part has changed.
 */
export class Confirmations {
  private readonly standing = new Map<string, { asked: string; answer: Answer<never> }>();

  constructor(
    private readonly desk: StepDesk,
    private readonly communities: readonly ProjectCommunity[],
  ) {}

  async of(proposal: Proposal): Promise<Asked> {
    const [operators, finance, givers] = await Promise.all([
      this.operators(proposal),
      this.finance(proposal),
      this.givers(proposal),
    ]);
    return {
      refusals: [...operators, finance, ...givers].flatMap(({ refusal }) => refusal ?? []),
      operators: operators.flatMap(({ promise }) => promise ?? []),
    };
  }

  private async operators({
    plan,
    rewards,
  }: Proposal): Promise<{ refusal?: Remark; promise?: OperatorPromise }[]> {
    const chosen = [...new Set(plan.communities.flatMap(chosenItems))];
    const asked = new Set<string>();
    const answers = await Promise.all(
      concernedUtilities(chosen, this.desk.place.policy.items).map(async (utility) => {
        const seat: Seat = { body: utility, level: 'operator' };
        // A vacant seat waits here; the other operators are asked meanwhile.
        const holders = await this.desk.place.holders(seat);
        const news = holders.filter(({ organisation }) => !asked.has(organisation));
        for (const { organisation } of news) asked.add(organisation);
        return Promise.all(
          news.map(({ organisation }) =>
            this.operator(seat, this.operatorContext(organisation, plan, rewards)),
          ),
        );
      }),
    );
    return answers.flat();
  }

  private async operator(
    seat: Seat,
    context: OperatorPlanContext,
  ): Promise<{ refusal?: Remark; promise?: OperatorPromise }> {
    const { id } = context.operator;
    const { form, organisation } = await this.ask(operatorPlan, `operator/${id}`, ({ form }) => form.agrees, {
      seat,
      context,
      organisation: id,
      due: this.desk.place.period('operator-plan'),
    });
    if (!form.agrees) return { refusal: { by: organisation, remarks: form.remarks ?? '' } };
    return {
      promise: {
        organisation,
        facilities: form.facilities,
        promisedFen: sumFen(form.facilities.map(({ operatorPaysFen }) => operatorPaysFen)),
        rewardFen: sumFen(form.facilities.map(({ rewardFen }) => rewardFen)),
      },
    };
  }

  private operatorContext(organisation: string, plan: Plan, rewards: readonly Reward[]): OperatorPlanContext {
    const { policy, organisations } = this.desk.place;
    const found = organisations.find(({ id }) => id === organisation);
    const own: Utility[] = utilities.filter((body) => found?.bodies.includes(body));
    const mine = policy.items.filter(({ operators }) => operators?.some((utility) => own.includes(utility)));
    const communities = plan.communities.flatMap((community) => {
      const chosen = chosenItems(community);
      const items = mine.filter(({ no }) => chosen.includes(no)).map(({ no, name }) => ({ no, name }));
      return items.length === 0 ? [] : [{ ...this.named(community.communityId), items }];
    });
    const booked = plan.communities
      .flatMap(({ funding }) => funding)
      .filter(({ source, giver }) => source === 'operator' && giver === organisation);
    const offered = rewards.filter(({ operator }) => operator === organisation);
    return {
      operator: { id: organisation, name: found?.name ?? organisation, utilities: own },
      communities,
      bookedFen: sumFen(booked.map(({ amountFen }) => amountFen)),
      rewardFen: sumFen(offered.map(({ amountFen }) => amountFen)),
    };
  }

  private named(id: string): { id: string; name: string } {
    return { id, name: this.communities.find((community) => community.id === id)?.name ?? id };
  }

  private async finance({ plan, rewards, by }: Proposal): Promise<{ refusal?: Remark }> {
    const { policy } = this.desk.place;
    const sources = new Map(policy.sources.map((source) => [source.key, source]));
    const context: FiscalContext = {
      fiscal: fundingBySource(plan).flatMap(({ source, amountFen }) => {
        const known = sources.get(source);
        return known?.fiscal ? [{ source, name: known.name, amountFen }] : [];
      }),
      fiscalFen: fiscalFen(plan, policy),
      budgetFen: budgetOf(plan),
      mode: plan.mode,
      rewardsFen: sumFen(rewards.map(({ amountFen }) => amountFen)),
      surplusFen: balanceOf(plan, policy).surplusFen,
    };
    const { form, organisation } = await this.ask(
      fiscalConfirmation,
      'finance',
      ({ form }) => form.confirmed,
      {
        seat: FINANCE,
        context,
        notBy: by,
      },
    );
    return form.confirmed ? {} : { refusal: { by: organisation, remarks: form.remarks ?? '' } };
  }

  private givers({ plan }: Proposal): Promise<{ refusal?: Remark }[]> {
    return Promise.all(
      giftsOf(plan, this.desk.place.policy).map(async (gift) => {
        const { giver, source, sourceName, amountFen } = gift;
        const seat = this.seatOf(giver);
        const context: GiverContext = { giver, source, sourceName, amountFen, inWriting: seat === undefined };
        const { form } = await this.ask(
          giverConfirmation,
          `${source}/${giver}`,
          ({ form }) => form.confirmed,
          {
            seat: seat ?? HOUSING,
            context,
            ...(seat === undefined ? {} : { organisation: giver }),
          },
        );
        return form.confirmed ? {} : { refusal: { by: giver, remarks: form.remarks ?? '' } };
      }),
    );
  }

  /** The seat under which a giver who is an organisation here can be asked; others confirm in writing. */
  private seatOf(giver: string): Seat | undefined {
    const { organisations } = this.desk.place;
    const found = organisations.find(({ id }) => id === giver);
    if (!found) return undefined;
    return found.bodies
      .map((body): Seat => ({ body, level: found.level }))
      .find((seat) => this.desk.place.holds(giver, seat));
  }

  /** Asks, unless the very same was confirmed before. */
  private async ask<C, F extends Record<string, unknown>>(
    kind: TaskKind<C, F>,
    key: string,
    agrees: (answer: Answer<F>) => boolean,
    request: Request<C>,
  ): Promise<Answer<F>> {
    const asked = JSON.stringify(request.context);
    const before = this.standing.get(key);
    if (before?.asked === asked) return before.answer;
    const answer = await this.desk.ask(kind, request);
    if (agrees(answer)) this.standing.set(key, { asked, answer: answer as Answer<never> });
    return answer;
  }
}

interface Gift {
  readonly giver: string;
  readonly source: string;
  readonly sourceName: string;
  readonly amountFen: number;
}

/** Who gives what under which heading, over all communities; operators answer with their own plans. */
function giftsOf(plan: Plan, policy: StepDesk['place']['policy']): Gift[] {
  const gifts = new Map<string, Gift>();
  for (const { source, giver, amountFen } of plan.communities.flatMap(({ funding }) => funding)) {
    const known = policy.sources.find(({ key }) => key === source);
    if (!known?.namesGiver || source === 'operator' || giver === undefined || amountFen === 0) continue;
    const key = `${source}/${giver}`;
    const soFar = gifts.get(key)?.amountFen ?? 0;
    gifts.set(key, { giver, source, sourceName: known.name, amountFen: soFar + amountFen });
  }
  return [...gifts.values()];
}
