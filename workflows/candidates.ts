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

/**
 * While the tasks are open, they get a new context whenever what it is made of changes: a company registered later
 * can be chosen too, an award elsewhere excludes its winner here.
 *
 * @param seen what the context is made of, compared by identity
 */
export function refreshOn<Context>(
  desk: StepDesk,
  assigned: readonly Assigned<unknown>[],
  seen: () => readonly unknown[],
  context: () => Context,
): void {
  let open = assigned.length;
  const closed = (): void => void (open -= 1);
  for (const { answer } of assigned) void answer.then(closed, closed);
  const watch = async (): Promise<void> => {
    while (open > 0) {
      const before = seen();
      await condition(() => open <= 0 || seen().some((one, i) => one !== before[i]));
      if (open > 0) for (const { id } of assigned) desk.refresh(id, context());
    }
  };
  // It ends with its tasks, at the latest with the step.
  void watch().catch(() => undefined);
}
