import { chosenItems, type Plan } from './plan';
import type { ProjectTrait } from './completeness';
import type { Contract, SchemeOutput } from './outputs';
import { ownersMattersOf } from './plan-rules';
import { concernedUtilities } from './utilities';
import type { Utility } from '../policy/keys';
import type { PolicySnapshot } from '../policy/snapshot';

/** Annex 2's item 28, 增设电梯. */
const ELEVATOR = 28;
/** Annex 2's item 5, 供热管网和设施设备改造. */
export const HEATING = 5;

/** Numbers of the items chosen anywhere in the project, ascending, each once. */
export function itemsOf(plan: Plan): number[] {
  return [...new Set(plan.communities.flatMap(chosenItems))].sort((a, b) => a - b);
}

/** The kinds of operators whose networks the chosen items touch (P2.4.2, P4.5). */
export function utilitiesOf(plan: Plan, policy: Pick<PolicySnapshot, 'items'>): Utility[] {
  return concernedUtilities(itemsOf(plan), policy.items);
}

/** What this project has, that some of the policy's documents are required for (P2.4.4). */
export function projectTraits(
  plan: Plan,
  scheme: Pick<SchemeOutput, 'surveyor' | 'formalities'>,
  contracts: readonly Pick<Contract, 'way'>[],
  policy: Pick<PolicySnapshot, 'items' | 'sources'>,
): ProjectTrait[] {
  const has: Record<ProjectTrait, boolean> = {
    'owners-vote': plan.communities.some((community) => ownersMattersOf(community, policy).length > 0),
    'new-building': plan.communities.some(({ newBuildings }) => newBuildings.length > 0),
    'special-bond': plan.communities.some(({ funding }) =>
      funding.some(({ source, amountFen }) => source === 'special-bond' && amountFen > 0),
    ),
    'compulsory-tender': contracts.some(({ way }) => way === 'tender'),
    'other-procurement': contracts.some(({ way }) => way !== 'tender' && way !== 'operator'),
    'ordinary-formalities': scheme.formalities.length > 0,
    surveyed: scheme.surveyor !== undefined,
    'operator-works': utilitiesOf(plan, policy).length > 0,
    elevator: itemsOf(plan).includes(ELEVATOR),
  };
  return (Object.keys(has) as ProjectTrait[]).filter((trait) => has[trait]);
}
