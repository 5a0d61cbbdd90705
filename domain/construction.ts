/**
 * A building site as plain data (P2.3.4): what is certified, found, changed and paid. One JSON object, so that the
 * step can go on from it in another run; every question the forms ask is a function of it. Amounts in fen.
 */
import type { FindingKind } from './acceptance';
import type { CivilDate } from './calendar';
import { sumFen } from './money';
import type { Contract, LotKind, MoneyFinding, WorksOutput } from './outputs';
import type { Seat } from '../policy/keys';
import { changeRefusals, type BasisPoints, type ContractMoney } from './works';

export interface SiteLot {
  readonly lot: string;
  readonly name: string;
  readonly kind: LotKind;
  readonly payee: string;
  readonly contractFen: number;
  /** What public money pays of it: of an operator's own works, only the reward (P4.5). */
  readonly payableFen: number;
  readonly advanceFen: number;
  approvedChangesFen: number;
  paidFen: number;
}

export interface Finding {
  readonly id: string;
  readonly kind: FindingKind;
  readonly title: string;
  readonly description: string;
  /** Organisations, each with the seat in which it acts. */
  readonly finder: string;
  readonly finderSeat: Seat;
  readonly found: string;
  readonly foundSeat: Seat;
  /** Why an answer was not accepted, or a dispute not upheld. */
  readonly remarks: string[];
  /** Until the superior has decided once. */
  disputable: boolean;
  /** The last answer or dispute, and the users who gave it. */
  answer?: { readonly text: string; readonly evidence?: string; readonly by: readonly string[] };
  state: 'open' | 'answered' | 'disputed' | 'closed' | 'dismissed';
}

export interface Change {
  readonly id: string;
  readonly lot: string;
  readonly amountFen: number;
  readonly reason: string;
  readonly drawings: string;
  /** User. */
  readonly requester: string;
  /** Bodies that were asked because it goes over the estimate, with what they said. */
  approvals?: Record<string, boolean>;
  state: 'requested' | 'reviewed' | 'approved' | 'refused';
}

/** A month's progress as the owner has reported it; the supervisor has not certified it yet. */
export interface ReportedProgress {
  readonly percent: number;
  readonly summary: string;
}

export interface Payment {
  readonly id: string;
  readonly lot: string;
  /** What is asked for, then certified, then paid. */
  amountFen: number;
  readonly invoice: string;
  /** Users. */
  readonly requester: string;
  certifiers?: readonly string[];
  state: 'requested' | 'certified' | 'paid' | 'refused';
}

export interface SiteState {
  readonly estimateFen: number;
  permitOn?: CivilDate;
  extensions: number;
  /** An extension that is asked for: why, and by which users. */
  extensionAsked?: { readonly reason: string; readonly by: readonly string[] } | undefined;
  startedOn?: CivilDate;
  certified: BasisPoints;
  /** The month of the report that is under way, `2028-07`: what was reported, and whether that is certified. */
  month?: string | undefined;
  reported?: ReportedProgress | undefined;
  monthCertified: boolean;
  /** The report of completion was asked for: it waits for its answer, whatever is found meanwhile. */
  reportAsked: boolean;
  completedOn?: CivilDate;
  /** Lots whose operators have reported their works complete. */
  readonly operatorsDone: string[];
  readonly lots: SiteLot[];
  readonly findings: Finding[];
  readonly changes: Change[];
  readonly payments: Payment[];
}

export const WHOLE: BasisPoints = 10_000;

/** The site as the contracts leave it, or as an earlier round of the works left it. */
export function openSite(
  contracts: readonly Contract[],
  estimateFen: number,
  before?: WorksOutput,
): SiteState {
  return {
    estimateFen,
    extensions: 0,
    certified: before ? WHOLE : 0,
    monthCertified: false,
    reportAsked: false,
    ...(before ? { startedOn: before.startedOn } : {}),
    lots: contracts.map((contract) => {
      const known = before?.lots?.find(({ lot }) => lot === contract.lot);
      return {
        lot: contract.lot,
        name: contract.name ?? contract.lot,
        kind: contract.kind,
        payee: contract.winner,
        contractFen: contract.amountFen,
        payableFen: contract.kind === 'operator-works' ? (contract.rewardFen ?? 0) : contract.amountFen,
        advanceFen: contract.advanceFen ?? 0,
        approvedChangesFen: known?.approvedChangesFen ?? 0,
        paidFen: known?.paidFen ?? 0,
      };
    }),
    operatorsDone: [],
    findings: [],
    changes: [],
    payments: [],
  };
}

/** Requested and certified, not yet paid. */
export function pendingPayments(site: SiteState): Payment[] {
  return site.payments.filter(({ state }) => state === 'requested' || state === 'certified');
}

/** It counts as paid for whoever asks next. */
function pendingFen(site: SiteState, lot: string, except?: string): number {
  return sumFen(
    pendingPayments(site)
      .filter((one) => one.lot === lot && one.id !== except)
      .map(({ amountFen }) => amountFen),
  );
}

/** A contract as payments look at it, the pending ones counted; `except` leaves out the one at hand. */
export function moneyOf(site: SiteState, lot: SiteLot, except?: string): ContractMoney {
  return {
    contractFen: lot.payableFen,
    approvedChangesFen: lot.kind === 'operator-works' ? 0 : lot.approvedChangesFen,
    advanceFen: lot.advanceFen,
    certified: site.certified,
    paidFen: lot.paidFen + pendingFen(site, lot.lot, except),
  };
}

/** All contracts with the changes approved so far. */
export function committedFen(site: SiteState): number {
  return sumFen(site.lots.map((lot) => lot.contractFen + lot.approvedChangesFen));
}

/** Whether a change would bring the contracts over the approved estimate (政府投资条例 23). */
export function overEstimate(site: SiteState, amountFen: number): boolean {
  const { estimateFen } = site;
  return changeRefusals({ amountFen, committedFen: committedFen(site), estimateFen }).length > 0;
}

export const isOpenFinding = ({ state }: Finding): boolean => state !== 'closed' && state !== 'dismissed';

/** Open findings on quality and safety: they block acceptance, and so the report of completion. */
export function blockingFindings(site: SiteState): Finding[] {
  return site.findings.filter(
    (one) => isOpenFinding(one) && (one.kind === 'quality' || one.kind === 'safety'),
  );
}

/** Changes of the works on which nobody has decided: what is to be complete is not known yet. */
export function pendingChanges(site: SiteState): Change[] {
  return site.changes.filter(({ state }) => state === 'requested' || state === 'reviewed');
}

export function readyToComplete(site: SiteState): boolean {
  return site.certified === WHOLE && blockingFindings(site).length === 0 && pendingChanges(site).length === 0;
}

/** What the works hand on. Whatever is found and still open does not block acceptance, but the project's end. */
export function worksOutput(site: SiteState, startedOn: CivilDate, completedOn: CivilDate): WorksOutput {
  const moneyFindings = site.findings
    .filter(isOpenFinding)
    .map(({ id, title, finder, found }): MoneyFinding => ({ id, title, finder, found }));
  return {
    startedOn,
    completedOn,
    approvedChangesFen: sumFen(site.lots.map(({ approvedChangesFen }) => approvedChangesFen)),
    paidFen: sumFen(site.lots.map(({ paidFen }) => paidFen)),
    moneyFindings,
    lots: site.lots.map(({ lot, approvedChangesFen, paidFen }) => ({ lot, approvedChangesFen, paidFen })),
  };
}
