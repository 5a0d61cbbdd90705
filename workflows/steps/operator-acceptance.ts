import { ApplicationFailure } from '@temporalio/workflow';
import { operatorAcceptance } from '../../domain/forms/acceptance-beside';
import type { MendedDefect } from '../../domain/forms/acceptance-fields';
import { acceptanceRectification } from '../../domain/forms/acceptance-signing';
import { itemsOf } from '../../domain/traits';
import type { PlanOutput } from '../../domain/outputs';
import type { Utility } from '../../policy/keys';
import type { StepDesk } from '../step';
import { anyOf } from '../assembly';
import type { Assigned } from '../task-desk';

type OperatorAcceptanceForm = ReturnType<(typeof operatorAcceptance)['example']>;

/** An operator with the items of the plan that touch its network. */
export interface ConcernedOperator {
  readonly organisation: string;
  readonly utility: Utility;
  readonly items: readonly string[];
}

/**
 * Every operator whose network the chosen items touch (P2.4.2): those of a kind that planned works of their own, else
 * all of that kind. Waits while a seat is vacant.
 */
export async function concernedOperators(
  desk: StepDesk,
  { plan, operators: promises = [] }: PlanOutput,
): Promise<ConcernedOperator[]> {
  const chosen = itemsOf(plan);
  const items = desk.place.policy.items.filter(({ no }) => chosen.includes(no));
  const utilities = [...new Set(items.flatMap(({ operators }) => operators ?? []))];
  const held = await Promise.all(
    utilities.map(async (utility) => {
      const holders = await desk.place.holders({ body: utility, level: 'operator' });
      const touched = items.filter(({ operators }) => operators?.includes(utility)).map(({ name }) => name);
      const planning = promises
        .filter(({ facilities }) => facilities.some((facility) => facility.utility === utility))
        .map(({ organisation }) => organisation);
      const concerned = holders.filter(({ organisation }) => planning.includes(organisation));
      return (concerned.length > 0 ? concerned : holders).map(({ organisation }) => ({
        organisation,
        utility,
        items: touched,
      }));
    }),
  );
  return held.flat();
}

/**
 * One operator's acceptance (P2.4.2): refused, the contractor mends what it listed and the operator looks again.
 * `opened` is told of every task, so that a step that need not wait can close it.
 */
export async function acceptedByOperator(
  desk: StepDesk,
  operator: ConcernedOperator,
  opened: (task: Pick<Assigned<unknown>, 'close'>) => void = () => undefined,
): Promise<OperatorAcceptanceForm> {
  const { organisation, utility, items } = operator;
  let mended: MendedDefect[] = [];
  for (;;) {
    const [asked] = await desk.assign(operatorAcceptance, {
      seat: { body: utility, level: 'operator' },
      organisation,
      context: { operator: organisation, items, mended },
    });
    if (!asked) throw ApplicationFailure.nonRetryable(`${organisation} does not hold ${utility}@operator`);
    opened(asked);
    const { form } = await asked.answer;
    if (form.accepted) return form;
    const defects = (form.defects ?? []).map((what, i) => ({ id: `${i + 1}`, by: organisation, what }));
    const mending = await desk.assign(acceptanceRectification, {
      seat: { body: 'contractor', level: 'market' },
      context: { defects },
      due: desk.place.period('finding-answer'),
    });
    mending.forEach(opened);
    const { form: done } = await anyOf(mending);
    mended = defects.map(({ id, what }) => ({
      defect: what,
      how: done.measures.find(({ defect }) => defect === id)?.how ?? '',
    }));
  }
}
