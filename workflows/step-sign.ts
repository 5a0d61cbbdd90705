import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { StepNode } from '../domain/node';
import { stepDetails } from './details';
import { dueKey, statusKey } from './search-attributes';
import type { TaskDesk } from './task-desk';
import type { Workplace } from './workplace';

/**
 * What the Temporal UI shows of a running step: details in words, and the attributes that administrators filter by.
 *
 * Details cost no history; an attribute costs an event each time. So the due date is told anew when tasks were
 * assigned or became due earlier, not with every decision that leaves others waiting.
 */
export class StepSign {
  private due: string | undefined;
  private assigned = 0;
  private status: StepNode['status'] = 'running';

  constructor(
    private readonly desk: TaskDesk,
    private readonly place: Workplace,
  ) {}

  show(node: StepNode): void {
    setCurrentDetails(stepDetails(node, this.desk.openTasks(), this.place));
    const due = this.desk.nextDue();
    const tell = this.desk.assigned !== this.assigned || (due !== undefined && due < (this.due ?? due));
    this.assigned = this.desk.assigned;
    if (tell && due !== undefined && due !== this.due) {
      this.due = due;
      upsertSearchAttributes([{ key: dueKey, value: new Date(due) }]);
    }
    if (node.status !== this.status) {
      this.status = node.status;
      upsertSearchAttributes([{ key: statusKey, value: node.status }]);
    }
  }
}
