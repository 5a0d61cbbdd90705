import { personsOf } from '../../domain/actor';
import type { FindingKind } from '../../domain/acceptance';
import * as forms from '../../domain/forms/acceptance-beside';
import type { Defect } from '../../domain/forms/acceptance-fields';
import { acceptanceRectification } from '../../domain/forms/acceptance-signing';
import { moneyFindingClosing, moneyFindingRemedy } from '../../domain/forms/money-findings';
import type { MoneyFinding } from '../../domain/outputs';
import type { Seat } from '../../policy/keys';
import type { StepDesk } from '../step';

const AUDIT: Seat = { body: 'audit', level: 'county' };
const CONTRACTOR: Seat = { body: 'contractor', level: 'market' };

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

export interface OpenFindings {
  /** Kinds of those that are open now. */
  open(): readonly FindingKind[];
  /** No more can be raised: the acceptance has been reported. */
  close(): void;
  onChange: () => void;
}

/**
 * Quality and safety findings raised while the acceptance runs (P2.3.4): the contractor mends, the finder looks
 * again; as long as one is open the acceptance cannot be reported.
 */
export function findingsAtAcceptance(desk: StepDesk): OpenFindings {
  const open = new Map<string, FindingKind>();
  let count = 0;
  let reported = false;
  const findings: OpenFindings = {
    open: () => [...open.values()],
    close: () => void (reported = true),
    onChange: () => undefined,
  };
  desk.accept(
    forms.acceptanceFinding,
    () => ({ reported }),
    (form, by) => {
      const id = `F${(count += 1)}`;
      open.set(id, form.kind);
      findings.onChange();
      desk.place.spawn(async () => {
        await mendedAndClosed(desk, { id, by: by.organisation, what: form.what });
        open.delete(id);
        findings.onChange();
      });
      return { id };
    },
  );
  return findings;
}

async function mendedAndClosed(desk: StepDesk, defect: Defect): Promise<void> {
  for (;;) {
    const { form: done, by } = await desk.ask(acceptanceRectification, {
      seat: CONTRACTOR,
      context: { defects: [defect] },
      due: desk.place.period('finding-answer'),
    });
    const { form } = await desk.ask(forms.acceptanceFindingClosing, {
      ...holderOf(desk, defect.by),
      context: { ...defect, how: done.measures[0]?.how ?? '' },
      notBy: personsOf(by),
    });
    if (form.closed) return;
  }
}

/** The seat that this organisation holds here; for one that holds none any more county audit stands in. */
function holderOf(desk: StepDesk, organisation: string): { seat: Seat; organisation?: string } {
  const found = desk.place.organisations.find(({ id }) => id === organisation);
  for (const body of found?.bodies ?? []) {
    const seat: Seat = { body, level: found?.level ?? 'county' };
    if (desk.place.holds(organisation, seat)) return { seat, organisation };
  }
  return { seat: AUDIT };
}
