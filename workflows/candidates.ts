import { condition } from '@temporalio/workflow';
import { candidatesFor } from '../domain/seats';
import type { Body } from '../policy/keys';
import type { StepDesk } from './step';
import type { Assigned } from './task-desk';

/**
 * Companies of the register that an act may name. Nobody registered is like a vacant seat: it is told once, and
 * whoever asks waits.
 */
export async function candidates(desk: StepDesk, body: Body): Promise<{ id: string; name: string }[]> {
  const found = (): { id: string; name: string }[] => candidatesFor(body, desk.place.organisations);
  if (found().length > 0) return found();
  const seat = `${body}@market`;
  desk.place.vacancies.add(seat);
  desk.tell('seat-vacant', { seat, county: desk.start.county ?? null });
  await condition(() => found().length > 0);
  desk.place.vacancies.delete(seat);
  desk.tell('seat-filled', { seat, organisations: found().map(({ id }) => id) });
  return found();
}

/** While the tasks are open, a company that is registered later can be chosen in them too. */
export function refreshWithRegister<Context>(
  desk: StepDesk,
  assigned: readonly Assigned<unknown>[],
  context: () => Context,
): void {
  let open = assigned.length;
  for (const { answer } of assigned) answer.catch(() => undefined).finally(() => (open -= 1));
  const watch = async (): Promise<void> => {
    while (open > 0) {
      const seen = desk.place.organisations;
      await condition(() => open <= 0 || desk.place.organisations !== seen);
      if (open > 0) for (const { id } of assigned) desk.refresh(id, context());
    }
  };
  // Ends with the step at the latest: then its scope is cancelled or nobody waits any more.
  void watch().catch(() => undefined);
}
