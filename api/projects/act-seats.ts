import { controlRight, returnRight, type Stretch } from '../../domain/forms/control';
import type { ProjectNode } from '../../domain/node';
import type { AnyActKind } from '../../domain/task';
import type { Control, Seat } from '../../policy/keys';
import type { Policy } from '../../policy/schema';

/** Acts whose seats the policy gives by the stretch of the project's life. */
const CONTROLS: Readonly<Record<string, Control>> = {
  suspension: 'suspend',
  resumption: 'resume',
  withdrawal: 'withdraw',
  cancellation: 'cancel',
  'residents-vote': 'residents-vote',
};

/** The seats that may begin an act as the project stands. Whether the caller holds one of them here, the workflow decides. */
export function actSeats(
  act: string,
  { seats }: Pick<AnyActKind, 'seats'>,
  project: ProjectNode,
  policy: Pick<Policy, 'controlRights' | 'returnRights'>,
): readonly Seat[] {
  const control = CONTROLS[act];
  if (control) return stretchesOf(project).flatMap((one) => controlRight(policy, control, one)?.seats ?? []);
  if (act === 'return')
    return stretchesOf(project).flatMap((one) => returnRight(policy, project.steps, one).seats);
  return seats;
}

/** Before the joint document only the workflow knows whether the county has submitted. */
function stretchesOf({ outputs }: ProjectNode): Stretch[] {
  if (outputs['tendering'] !== undefined) return ['after-contracts'];
  if (outputs['joint-document'] !== undefined) return ['before-contracts'];
  return ['before-submission', 'before-joint-document'];
}
