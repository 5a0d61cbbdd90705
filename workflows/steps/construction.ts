import {
  blockingFindings,
  openSite,
  pendingChanges,
  readyToComplete,
  worksOutput,
} from '../../domain/construction';
import { completionReport, operatorCompletion } from '../../domain/forms/construction';
import type { Contract, PlanOutput, SchemeOutput, WorksOutput } from '../../domain/outputs';
import { defineStep } from '../step';
import { acceptChanges } from './construction/changes';
import { acceptFindings } from './construction/findings';
import { acceptPayments } from './construction/payments';
import { untilComplete } from './construction/progress';
import { OWNER, Site, utilityOf } from './construction/site';
import { startWorks } from './construction/start';

interface Input {
  readonly planned: PlanOutput;
  readonly scheme: SchemeOutput;
  readonly contracts: readonly Contract[];
  /** The round before, if the acceptance turned the works back, and why. */
  readonly before?: WorksOutput | undefined;
  readonly remarks?: string | undefined;
}

/** 工程实施: from the start to the report of completion, with findings, changes and payments beside it (二(三)2). */
export const construction = defineStep(
  'construction',
  'construction',
  async (desk, { planned, scheme, contracts, before, remarks }: Input): Promise<WorksOutput> => {
    const state = desk.keeps(() => openSite(contracts, scheme.estimateFen, before));
    const site = new Site(desk, state);
    acceptFindings(site);
    acceptChanges(site);
    acceptPayments(site);

    const startedOn = before?.startedOn ?? (await startWorks(site, planned));
    // Both at the same time: 同步设计、同步实施、同步交付使用 (四(五), 五(二)).
    const operators = before ? [] : contracts.map((contract) => operatorCompletes(site, contract, startedOn));
    await Promise.all([untilComplete(site), ...operators]);

    await site.until(() => state.reportAsked || readyToComplete(state));
    state.reportAsked = true;
    const { form } = await site.ask(
      completionReport,
      () => ({
        startedOn,
        openFindings: blockingFindings(state).map(({ title }) => title),
        pendingChanges: pendingChanges(state).length,
        ...(before === undefined || remarks === undefined ? {} : { remarks }),
      }),
      { seat: OWNER },
    );
    state.completedOn = form.completedOn;
    site.changed();
    site.leave();
    return worksOutput(state, startedOn, form.completedOn);
  },
);

/** P4.5: an operator that carries out its own works reports when they are complete. */
async function operatorCompletes(site: Site, contract: Contract, startedOn: string): Promise<void> {
  if (contract.kind !== 'operator-works') return;
  const { operatorsDone } = site.state;
  if (operatorsDone.includes(contract.lot)) return;
  const body = contract.utility ?? utilityOf(site.desk.place, contract.winner);
  if (body === undefined) return;
  await site.desk.ask(operatorCompletion, {
    seat: { body, level: 'operator' },
    organisation: contract.winner,
    about: contract.lot,
    context: { name: contract.name ?? contract.lot, startedOn },
  });
  operatorsDone.push(contract.lot);
}
