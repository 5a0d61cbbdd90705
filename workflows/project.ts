import { noticeAnew } from '../domain/come-back';
import { budgetOf, type Plan } from '../domain/plan';
import type { ProjectEnd } from '../domain/node';
import type { NeedsOutput, PlanOutput, WorksOutput } from '../domain/outputs';
import type { ProjectStart } from '../domain/project';
import type { Signature } from '../domain/signing/signature';
import { Ended } from './project-end';
import { begun } from './begin';
import { ProjectLife } from './project-life';
import { archiving } from './steps/archiving';
import { completionAcceptance } from './steps/completion-acceptance';
import { construction } from './steps/construction';
import { finalAccounts } from './steps/final-accounts';
import { handover } from './steps/handover';
import { needsCollection } from './steps/needs-collection';
import { preliminaryPlan } from './steps/preliminary-plan';
import { propertyManagement } from './steps/property-management';
import { publicNotice } from './steps/public-notice';
import { schemeReview } from './steps/scheme-review';
import { tendering } from './steps/tendering';

/**
 * The life of a renovation project, in the order of 临政办字〔2020〕81号 二: from the residents' wishes to property
 * management. It reads like the policy; how steps run, return and end is `ProjectLife`'s.
 */
export async function renovationProject(start: ProjectStart, seal: Signature): Promise<ProjectEnd> {
  const life = begun(start, () => new ProjectLife(start, seal));
  let before: WorksOutput | undefined;
  return life.run(async () => {
    await life.takeIn();
    const needs = await life.step(needsCollection, {
      communities: life.communities,
      remarks: life.remarks,
    });
    if (needs.communities.length === 0) throw new Ended('residents-declined', '同意改造的户数未达到比例');
    life.keepCommunities(needs.communities);

    let planned = await plannedAndNoticed(life, needs);
    let listing = await life.listing(figuresOf(life, planned.plan));
    while (listing.outcome === 'corrected') {
      life.reopen('preliminary-plan', listing.remarks);
      planned = await plannedAndNoticed(life, needs);
      listing = await life.listing(figuresOf(life, planned.plan));
    }

    const scheme = await life.step(schemeReview, { planned });
    const contracts = await life.step(tendering, { planned, scheme });
    const works = await life.step(construction, {
      planned,
      scheme,
      ...contracts,
      before,
      remarks: life.remarks,
    });
    before = works;
    const { communities } = life;
    const accepted = await life.step(completionAcceptance, {
      planned,
      scheme,
      ...contracts,
      works,
      communities,
    });
    await Promise.all([
      life.step(finalAccounts, { planned, ...contracts, works, accepted }),
      life.step(archiving, { planned, scheme, ...contracts, accepted, ...life.file() }),
      life
        .step(handover, { planned, needs, accepted, communities })
        .then((assets) => life.step(propertyManagement, { needs, assets, communities })),
    ]);
  });
}

/**
 * A plan that has hung in the community for its five working days (P2.1.3). An accepted objection leads back to the
 * plan; only a material change of what was shown, or something that the owners must still decide, needs a new notice.
 */
async function plannedAndNoticed(life: ProjectLife, needs: NeedsOutput): Promise<PlanOutput> {
  for (;;) {
    const { communities, remarks, noticed: before } = life;
    const planned = await life.step(preliminaryPlan, { needs, communities, remarks, before });
    const { noticed, noticeAgain, ownersAgreed, policy } = life;
    const why = noticed && noticeAnew(noticed, planned.plan, ownersAgreed, policy);
    if (why?.length === 0 && !noticeAgain) return planned;
    const notice = await life.step(publicNotice, { planned, communities, agreed: life.ownersAgreed });
    life.noticed = planned.plan;
    life.noticeAgain = false;
    life.ownersAgreed = [...life.ownersAgreed, ...(notice.ownersAgreed ?? [])];
    if (!notice.adjust) return planned;
    life.reopen('preliminary-plan', notice.remarks ?? '公示期间居民提出意见');
  }
}

function figuresOf(life: ProjectLife, plan: Plan) {
  const sum = (of: (community: (typeof life.communities)[number]) => number): number =>
    life.communities.reduce((total, community) => total + of(community), 0);
  return {
    communities: life.communities.length,
    households: sum(({ households }) => households),
    buildings: sum(({ buildings }) => buildings),
    floorArea: sum(({ floorArea }) => floorArea),
    budgetFen: budgetOf(plan),
  };
}
