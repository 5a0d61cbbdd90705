import { personsOf } from '../../domain/actor';
import * as forms from '../../domain/forms/property-management';
import type { HandoverOutput, ManagementOutput, NeedsOutput } from '../../domain/outputs';
import type { Seat } from '../../policy/keys';
import { allOf } from '../assembly';
import { refreshOn } from '../candidates';
import { defineStep, type StepDesk } from '../step';
import { sealSupplement } from './archive-supplement';
import type { HandoverCommunity } from './handover';
import { managerCandidates } from './managers';

const COUNTY_FINANCE: Seat = { body: 'finance', level: 'county' };
const COUNTY_HOUSING: Seat = { body: 'housing', level: 'county' };
const CITY_HOUSING: Seat = { body: 'housing', level: 'city' };

export interface ManagementInput {
  readonly needs: NeedsOutput;
  readonly assets: HandoverOutput;
  readonly communities: readonly HandoverCommunity[];
}

/** P2.5.1, P2.5.2, P5.4.2: 改造一个、确保管好一个 — the manager is in force, subsidised, and the whole evaluated. */
export const propertyManagement = defineStep(
  'property-management',
  'propertyManagement',
  async (desk, { needs, assets, communities }: ManagementInput): Promise<ManagementOutput> => {
    const inForce = await managementInForce(desk, needs, assets);
    const [subsidy, satisfaction] = await Promise.all([
      desk.ask(forms.managementSubsidy, {
        seat: COUNTY_FINANCE,
        context: { mode: inForce.mode, manager: inForce.manager },
      }),
      satisfactionOf(desk, communities),
    ]);
    const context = { satisfaction, subsidyFen: subsidy.form.amountFen };
    const county = await desk.ask(forms.countyEvaluation, { seat: COUNTY_HOUSING, context });
    const city = await desk.ask(forms.cityEvaluation, {
      seat: CITY_HOUSING,
      context: { ...context, county: county.form },
      notBy: personsOf(county.by),
    });
    await sealSupplement(desk, inForce.forms);
    return {
      mode: inForce.mode,
      subsidyFen: subsidy.form.amountFen,
      satisfaction,
      evaluation: city.form.overall,
    };
  },
);

/** Every subdistrict of the project has its manager in force; an interim one is replaced by what residents chose. */
async function managementInForce(desk: StepDesk, needs: NeedsOutput, assets: HandoverOutput) {
  const context = (): forms.ManagementContext => ({
    mode: needs.managementMode,
    manager: assets.manager,
    interim: assets.interim,
    candidates: managerCandidates(desk),
    handedOverOn: assets.handedOverOn,
  });
  const asked = await desk.assign(forms.managementInForce, {
    seat: { body: 'subdistrict', level: 'subdistrict' },
    context: context(),
    due: desk.place.period('property-management'),
  });
  // A company found while an interim manager stands in can be named as soon as it is registered.
  refreshOn(desk, asked, () => [desk.place.organisations], context);
  const answers = await allOf(asked);
  const given = answers.map(({ form }) => form);
  const manager = given[0]?.manager ?? assets.manager;
  desk.bind('property-manager', manager);
  return { mode: given[0]?.mode ?? needs.managementMode, manager, forms: given };
}

/** Summed over the communities, each counted by its neighbourhood. */
async function satisfactionOf(
  desk: StepDesk,
  communities: readonly HandoverCommunity[],
): Promise<{ satisfied: number; asked: number }> {
  const asked = await desk.assignEach(
    forms.satisfactionSurvey,
    { seat: { body: 'neighbourhood', level: 'neighbourhood' } },
    ({ community = '' }) => {
      const found = communities.find(({ id }) => id === community);
      return { community, name: found?.name ?? community, households: found?.households ?? 0 };
    },
  );
  const answers = await Promise.all(asked.map(({ answer }) => answer));
  return {
    satisfied: answers.reduce((sum, { form }) => sum + form.satisfied, 0),
    asked: answers.reduce((sum, { form }) => sum + form.asked, 0),
  };
}
