import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { committedFen, moneyOf, type SiteLot, type SiteState } from '../../../domain/construction';
import type { LotMoney } from '../../../domain/forms/site';
import type { TaskKind } from '../../../domain/task';
import { utilities, type Seat, type Utility } from '../../../policy/keys';
import { anyOf } from '../../assembly';
import { refreshOn } from '../../candidates';
import type { StepDesk } from '../../step';
import type { Answer, Request } from '../../task-desk';
import type { Workplace } from '../../workplace';

export const OWNER: Seat = { body: 'project-owner', level: 'market' };
export const SUPERVISOR: Seat = { body: 'supervisor', level: 'market' };
export const COUNTY_HOUSING: Seat = { body: 'housing', level: 'county' };
export const COUNTY_FINANCE: Seat = { body: 'finance', level: 'county' };

/**
 * A site while it is built: the plain state, and what goes on beside the monthly progress. Whatever changes the
 * state says so by `changed`, and every open task that looks at it gets a new context: two payments asked for at the
 * same time cannot exceed together.
 */
export class Site {
  private revision = 0;
  private readonly beside = new CancellationScope();
  private trouble: unknown;

  constructor(
    readonly desk: StepDesk,
    readonly state: SiteState,
  ) {
    this.changed();
  }

  changed(): void {
    this.revision += 1;
    const { startedOn, certified, completedOn, lots, findings, changes, payments } = this.state;
    this.desk.show({
      certifiedPercent: certified / 100,
      committedFen: committedFen(this.state),
      paidFen: lots.reduce((sum, { paidFen }) => sum + paidFen, 0),
      findings: findings.map(({ id, kind, title, state }) => ({ id, kind, title, state })),
      changes: changes.map(({ id, lot, amountFen, state }) => ({ id, lot, amountFen, state })),
      payments: payments.map(({ id, lot, amountFen, state }) => ({ id, lot, amountFen, state })),
      ...(startedOn === undefined ? {} : { startedOn }),
      ...(completedOn === undefined ? {} : { completedOn }),
    });
  }

  /** Assigns and waits; the context follows the site. */
  async ask<C, F extends Record<string, unknown>>(
    kind: TaskKind<C, F>,
    context: () => C,
    request: Omit<Request<C>, 'context'>,
  ): Promise<Answer<F>> {
    const assigned = await this.desk.assign(kind, { ...request, context: context() });
    refreshOn(this.desk, assigned, () => [this.revision], context);
    return anyOf(assigned);
  }

  /** Work that the end of the works does not wait for: what is still open then is handed on. */
  goOn(work: () => Promise<void>): void {
    this.beside.run(work).catch((error: unknown) => {
      if (!isCancellation(error)) this.trouble ??= error;
    });
  }

  async until(reached: () => boolean): Promise<void> {
    await condition(() => reached() || this.trouble !== undefined);
    if (this.trouble !== undefined) throw this.trouble;
  }

  /** Ends what goes on beside; its tasks close with the step. */
  leave(): void {
    this.beside.cancel();
  }

  lot(id: string): SiteLot {
    const found = this.state.lots.find(({ lot }) => lot === id);
    if (!found) throw new Error(`no lot ${id}`);
    return found;
  }

  /** What the acts show of the contracts. */
  money(which: (lot: SiteLot) => boolean = () => true): LotMoney[] {
    return this.state.lots
      .filter(which)
      .map((lot) => ({ lot: lot.lot, name: lot.name, ...moneyOf(this.state, lot) }));
  }

  nameOf(organisation: string): string {
    return this.desk.place.organisations.find(({ id }) => id === organisation)?.name ?? organisation;
  }
}

/** The network of an operator; where it holds several, the first in the policy's order. */
export function utilityOf(place: Workplace, organisation: string): Utility | undefined {
  const found = place.organisations.find(({ id }) => id === organisation);
  return utilities.find((utility) => found?.bodies.includes(utility));
}
