import { personsOf } from '../../domain/actor';
import type { PlanContext, Remark } from '../../domain/forms/plan-context';
import { preliminaryPlan as planTask } from '../../domain/forms/preliminary-plan';
import { balanceOf } from '../../domain/financing';
import type { NeedsOutput, PlanOutput } from '../../domain/outputs';
import { budgetOf, fundingBySource, withoutCommunity, type Plan } from '../../domain/plan';
import type { ProjectCommunity } from '../../domain/project';
import { candidatesFor } from '../../domain/seats';
import { utilities } from '../../policy/keys';
import { defineStep, type StepDesk } from '../step';
import type { Answer } from '../task-desk';
import { Confirmations, type Proposal } from './plan-confirmations';

export interface PlanInput {
  readonly needs: NeedsOutput;
  readonly communities: readonly ProjectCommunity[];
  /** Why the project came back here. */
  readonly remarks?: string | undefined;
  /** The plan that the residents have last seen. */
  readonly before?: Plan | undefined;
}

/**
 * 制定初步方案 (P2.1.2): county housing makes the plan, then the operators concerned, county finance and all who give
 * money answer side by side. Whoever does not agree sends it back with a reason, until all agree.
 */
export const preliminaryPlan = defineStep(
  'preliminary-plan',
  'preliminaryPlan',
  async (desk, { needs, communities, remarks, before }: PlanInput): Promise<PlanOutput> => {
    const staying = communities.filter(({ id }) => needs.communities.includes(id));
    const confirmations = new Confirmations(desk, staying);
    let reasons: readonly Remark[] = remarks === undefined ? [] : [{ by: '', remarks }];
    let last = before && onlyOf(before, needs.communities);
    for (;;) {
      const answer = await desk.ask(planTask, {
        seat: { body: 'housing', level: 'county' },
        due: desk.place.period('plan'),
        context: await planContext(desk, needs, staying, reasons, last),
      });
      const proposal = proposalOf(answer);
      show(desk, proposal);
      const { refusals, operators } = await confirmations.of(proposal);
      if (refusals.length === 0) {
        desk.bind('project-owner', proposal.owner);
        return { plan: proposal.plan, owner: proposal.owner, operators };
      }
      desk.tell('plan-not-confirmed', { remarks: refusals });
      reasons = refusals;
      last = proposal.plan;
    }
  },
);

/** A community that has left since takes its plan with it (P2.1.1). */
function onlyOf(plan: Plan, communities: readonly string[]): Plan {
  return plan.communities
    .filter(({ communityId }) => !communities.includes(communityId))
    .reduce((left, { communityId }) => withoutCommunity(left, communityId), plan);
}

async function planContext(
  desk: StepDesk,
  needs: NeedsOutput,
  communities: readonly ProjectCommunity[],
  remarks: readonly Remark[],
  before: Plan | undefined,
): Promise<PlanContext> {
  const { items, sources, modes } = desk.place.policy;
  const housing = await desk.place.holders({ body: 'housing', level: 'county' });
  const { organisations } = desk.place;
  const own = organisations.filter(({ id }) => housing.some(({ organisation }) => organisation === id));
  const serving = desk.place.holdersNow(utilities.map((body) => ({ body, level: 'operator' })));
  return {
    communities: communities.map(({ id, name, households, floorArea }) => ({
      id,
      name,
      households,
      floorArea,
      wishes: needs.lists?.find(({ community }) => community === id)?.items ?? needs.items,
    })),
    policy: { items, sources, modes },
    owners: [...candidatesFor('project-owner', organisations), ...own.map(({ id, name }) => ({ id, name }))],
    operators: organisations
      .filter(({ id }) => serving.includes(id))
      .map(({ id, name, bodies }) => ({
        id,
        name,
        utilities: utilities.filter((body) => bodies.includes(body)),
      })),
    remarks,
    ...(before === undefined ? {} : { before }),
  };
}

function proposalOf({ form, by }: Answer<ReturnType<typeof planTask.example>>): Proposal {
  const { communities, mode, members, owner, rewards = [] } = form;
  return { plan: { communities, mode, members }, owner, rewards, by: personsOf(by) };
}

function show(desk: StepDesk, { plan, owner }: Proposal): void {
  desk.show({
    budgetFen: budgetOf(plan),
    funding: fundingBySource(plan),
    mode: plan.mode,
    balance: balanceOf(plan, desk.place.policy),
    owner,
  });
}
