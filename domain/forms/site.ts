import { refusal, type Refusal } from '../refusal';
import type { ContractMoney } from '../works';

/** What the acts on a site have in common (P2.3.4). */

export const step = 'construction';
export const clause = 'P2.3.4';
export const OWNER = { body: 'project-owner', level: 'market' } as const;

/** A contract as the acts show it. */
export interface LotMoney extends ContractMoney {
  readonly lot: string;
  readonly name: string;
}

export const unknownLot = refusal('没有该标段的合同', 'no contract for this lot', { path: 'lot', clause });

/** After the report of completion, acceptance and accounts are where these things are done. */
export function closedRefusals(completed: boolean): Refusal[] {
  return completed
    ? [refusal('已报完工，转入验收和决算办理', 'complete: acceptance and accounts follow', { clause })]
    : [];
}

/** Whoever does not accept says why. */
export function remarksMissing({
  accepted,
  remarks,
}: {
  accepted: boolean;
  remarks?: string | undefined;
}): Refusal[] {
  if (accepted || remarks !== undefined) return [];
  return [refusal('不予通过应写明理由', 'say what is missing', { path: 'remarks', clause })];
}
