import { personsOf } from '../../domain/actor';
import { warranties } from '../../domain/acceptance';
import * as forms from '../../domain/forms/handover';
import { heatingHandoverAgreed } from '../../domain/handover';
import type { AcceptanceOutput, HandoverOutput, NeedsOutput, PlanOutput } from '../../domain/outputs';
import { chosenItems, type Plan } from '../../domain/plan';
import { HEATING, itemsOf } from '../../domain/traits';
import type { Seat } from '../../policy/keys';
import { defineStep, type StepDesk } from '../step';
import { sealSupplement } from './archive-supplement';
import { managersRecorded, nameOf, type Manager } from './managers';
import { acceptedByOperator, concernedOperators, type ConcernedOperator } from './operator-acceptance';

const OWNER: Seat = { body: 'project-owner', level: 'market' };
const MANAGER: Seat = { body: 'property-manager', level: 'market' };

export interface HandoverCommunity {
  readonly id: string;
  readonly name: string;
  readonly households: number;
  /** ㎡ */
  readonly floorArea: number;
}

export interface HandoverInput {
  readonly planned: PlanOutput;
  readonly needs: NeedsOutput;
  readonly accepted: AcceptanceOutput;
  readonly communities: readonly HandoverCommunity[];
}

/** P2.4.5, P4.5: what was built goes to the property manager, utility facilities to their operators. */
export const handover = defineStep(
  'handover',
  'handover',
  async (desk, input: HandoverInput): Promise<HandoverOutput> => {
    const operators = await concernedOperators(desk, input.planned);
    const pending = operators.filter(({ organisation }) =>
      input.accepted.operatorsPending.includes(organisation),
    );
    const [managers, heatingTo, ...late] = await Promise.all([
      managersRecorded(desk, input.needs.managementMode),
      heatingReceivers(desk, input),
      ...pending.map((operator) => acceptedByOperator(desk, operator)),
    ]);
    const given = await handedOver(desk, input, operators, managers, heatingTo);
    // Where subdistricts recorded different managers each was bound for its own task; the project keeps the first.
    if (managers[0]) desk.bind('property-manager', managers[0].id);
    await sealSupplement(desk, [...late, ...given]);
    return {
      manager: managers[0]?.id ?? '',
      interim: managers.some(({ interim }) => interim),
      handedOverOn: desk.place.today(),
      warranties: warranties(input.accepted.acceptedOn),
    };
  },
);

/** Communities whose owners agree hand their heating facilities to the heat company (临沂市供热条例 11). */
async function heatingReceivers(
  desk: StepDesk,
  input: HandoverInput,
): Promise<{ operator: boolean; manager: boolean }> {
  const heated = input.planned.plan.communities
    .filter((community) => chosenItems(community).includes(HEATING))
    .map(({ communityId }) => communityId);
  if (heated.length === 0) return { operator: false, manager: false };
  const ratio = desk.place.policy.ratios['heating-handover'];
  const asked = await desk.assignEach(
    forms.heatingTally,
    {
      seat: { body: 'neighbourhood', level: 'neighbourhood' },
      communities: heated,
      due: desk.place.period('handover'),
    },
    ({ community = '' }) => {
      const found = input.communities.find(({ id }) => id === community);
      return {
        community,
        name: found?.name ?? community,
        floorArea: found?.floorArea ?? 0,
        households: found?.households ?? 0,
        ratio,
      };
    },
  );
  const agreed = await Promise.all(
    asked.map(async ({ answer }) => heatingHandoverAgreed((await answer).form, ratio)),
  );
  return { operator: agreed.includes(true), manager: agreed.includes(false) };
}

type Given = { readonly documents?: Readonly<Record<string, string>> | undefined };

/** The owner lists, receivers accept; what one refuses is listed anew, and only those concerned are asked again. */
async function handedOver(
  desk: StepDesk,
  input: HandoverInput,
  operators: readonly ConcernedOperator[],
  managers: readonly Manager[],
  heatingTo: { operator: boolean; manager: boolean },
): Promise<Given[]> {
  const { acceptedOn } = input.accepted;
  const running = warranties(acceptedOn);
  const receivers: forms.Receiver[] = [
    ...managers.map(({ id, name }) => ({ id, name, as: 'manager' as const })),
    ...operators.map(({ organisation }) => ({
      id: organisation,
      name: nameOf(desk, organisation),
      as: 'operator' as const,
    })),
  ];
  const items = itemReceivers(desk, input.planned.plan, operators, managers, heatingTo);
  const taken = new Map<string, string>();
  const given = new Map<string, Given>();
  let refused: { receiver: string; remarks: string }[] = [];
  do {
    const { form: list, by } = await desk.ask(forms.handoverList, {
      seat: OWNER,
      context: { items, receivers, warranties: running, refused },
      due: desk.place.period('handover'),
    });
    given.set('list', list);
    desk.show({ assets: list.assets.length, warranties: running });
    const asked = receivers.flatMap((receiver) => {
      const assets = list.assets.filter((asset) => asset.receiver === receiver.id);
      return assets.length > 0 && taken.get(receiver.id) !== JSON.stringify(assets)
        ? [{ receiver, assets }]
        : [];
    });
    const answers = await Promise.all(
      asked.map(async ({ receiver, assets }) => {
        const { form } = await takenOver(
          desk,
          operators,
          { receiver, assets, warranties: running, acceptedOn },
          personsOf(by),
        );
        return { receiver, assets, form };
      }),
    );
    for (const { receiver, assets, form } of answers) {
      if (!form.accepted) continue;
      taken.set(receiver.id, JSON.stringify(assets));
      given.set(receiver.id, form);
    }
    refused = answers
      .filter(({ form }) => !form.accepted)
      .map(({ receiver, form }) => ({ receiver: receiver.id, remarks: form.remarks ?? '' }));
  } while (refused.length > 0);
  return [...given.values()];
}

interface Taken extends Given {
  readonly accepted: boolean;
  readonly remarks?: string | undefined;
}

async function takenOver(
  desk: StepDesk,
  operators: readonly ConcernedOperator[],
  context: forms.HandoverAcceptanceContext,
  lister: readonly string[],
): Promise<{ form: Taken }> {
  const { receiver } = context;
  const shared = { context, due: desk.place.period('handover'), notBy: lister };
  const operator = operators.find(({ organisation }) => organisation === receiver.id);
  if (receiver.as === 'operator' && operator) {
    const seat: Seat = { body: operator.utility, level: 'operator' };
    return desk.ask(forms.utilityHandover, { ...shared, seat, organisation: receiver.id });
  }
  desk.bind('property-manager', receiver.id);
  return desk.ask(forms.handoverAcceptance, { ...shared, seat: MANAGER });
}

/** Items on an operator's network go to operators (P4.5), heating only where owners agreed, all else to the manager. */
function itemReceivers(
  desk: StepDesk,
  plan: Plan,
  operators: readonly ConcernedOperator[],
  managers: readonly Manager[],
  heatingTo: { operator: boolean; manager: boolean },
): forms.ItemReceivers[] {
  const chosen = itemsOf(plan);
  const own = managers.map(({ id }) => id);
  return desk.place.policy.items
    .filter(({ no }) => chosen.includes(no))
    .map(({ no, name, operators: utilities = [] }) => {
      const theirs = operators
        .filter(({ utility }) => utilities.includes(utility))
        .map(({ organisation }) => organisation);
      if (no === HEATING) {
        return {
          no,
          name,
          receivers: [...(heatingTo.operator ? theirs : []), ...(heatingTo.manager ? own : [])],
        };
      }
      return { no, name, receivers: theirs.length > 0 ? theirs : own };
    });
}
