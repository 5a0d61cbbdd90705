import type { Task } from '../domain/task';
import { seatText } from '../policy/keys';
import type { TaskDesk } from './task-desk';
import type { Workplace } from './workplace';

/**
 * What changes who holds which seat, with the open tasks going along: a task whose organisation has thereby lost the
 * seat goes to the one that holds it now, and whoever had taken it there has it no longer. Where nobody holds the seat
 * now the task stays where it is, and the vacancy is told; what is decided already waits for its co-signers where it is.
 */
export function withSeatsMoved(desk: TaskDesk, place: Workplace, change: () => void, reason: string): void {
  const holders = ({ seat, community }: Task): string[] =>
    place.holdersNow([seat], community === undefined ? undefined : [community]);
  const before = new Map(desk.openTasks().map((task) => [task.id, holders(task)]));
  change();
  for (const task of desk.openTasks()) {
    const now = holders(task);
    const had = before.get(task.id)?.includes(task.organisation);
    if (!had || now.includes(task.organisation) || task.decided || task.paperPending) continue;
    const [to] = now;
    if (to === undefined) {
      place.keeper.tell({ type: 'seat-vacant', taskId: task.id, data: { seat: seatText(task.seat) } });
      continue;
    }
    const { holder: _, delegation: _given, ...rest } = task;
    desk.put({ ...rest, organisation: to }, 'task-reseated', {
      reason,
      data: { from: task.organisation, to },
    });
  }
}
