import { moneyFindingClosing, moneyFindingRemedy } from '../../domain/forms/final-accounts';
import type { MoneyFinding } from '../../domain/outputs';
import type { Seat } from '../../policy/keys';
import type { StepDesk } from '../step';

const AUDIT: Seat = { body: 'audit', level: 'county' };

/** A finding on money stays open until its finder says that it has been put right (P2.3.4). */
export async function closedByFinder(desk: StepDesk, finding: MoneyFinding): Promise<void> {
  const remedies: string[] = [];
  for (;;) {
    const context = { finding: finding.id, title: finding.title, found: finding.found, remedies };
    const { form } = await desk.ask(moneyFindingClosing, { ...holderOf(desk, finding.finder), context });
    if (form.closed) return;
    const { form: done } = await desk.ask(moneyFindingRemedy, {
      ...holderOf(desk, finding.found),
      context: { ...context, opinion: form.opinion },
      due: desk.place.period('finding-answer'),
    });
    remedies.push(done.remedy);
  }
}

/** The seat that this organisation holds here; one that holds none any more is stood in for by county audit. */
function holderOf(desk: StepDesk, organisation: string): { seat: Seat; organisation?: string } {
  const found = desk.place.organisations.find(({ id }) => id === organisation);
  for (const body of found?.bodies ?? []) {
    const seat: Seat = { body, level: found?.level ?? 'county' };
    if (desk.place.holds(organisation, seat)) return { seat, organisation };
  }
  return { seat: AUDIT };
}
