import type { AnyTaskAct } from '../../task-act';
import { claim } from './claim';
import { clockResumption } from './clock-resumption';
import { clockSuspension } from './clock-suspension';
import { coSignature } from './co-signature';
import { coSignatureRemoval } from './co-signature-removal';
import { delegation } from './delegation';
import { handOver } from './hand-over';
import { release } from './release';
import { reminder } from './reminder';
import { retraction } from './retraction';
import { signOffReturn } from './sign-off-return';
import { transfer } from './transfer';

/** Every act on a task, by name: what the API offers, and what a workflow carries out. */
export const taskActs: Readonly<Record<string, AnyTaskAct>> = Object.fromEntries(
  [
    claim,
    release,
    transfer,
    delegation,
    coSignature,
    coSignatureRemoval,
    reminder,
    clockSuspension,
    clockResumption,
    retraction,
    signOffReturn,
    handOver,
  ].map((one) => [one.act, one as unknown as AnyTaskAct]),
);

/** Every act by the event that it becomes. */
export const actOfEvent: Readonly<Record<string, AnyTaskAct>> = Object.fromEntries(
  Object.values(taskActs).map((one) => [one.event, one]),
);
