/**
 * The part of a policy that a project carries from its start: plain JSON under 16 KB.
 *
 * A project keeps the version with which it began, so workflows read values from here and never from the
 * file. What is for reading only stays in the file: standards, areas, the leading group, floors. Whether a period is a
 * minimum or a maximum, and how a ratio compares, is law (`law.ts`) and not a city's choice.
 */
import type { Assembly } from '../domain/assembly';
import type { Period } from '../domain/calendar';
import type {
  AmountKey,
  Body,
  DocumentCondition,
  ItemClass,
  JointDecision,
  OfficeRole,
  OwnersMatter,
  PeriodKey,
  RatioKey,
  SeatText,
  Source,
  Step,
  Utility,
} from './keys';
import type { Fraction, SettlementBand } from './law';
import type { ControlRight, FinancingMode, Policy, ReturnRight } from './schema';

export interface SnapshotPeriod {
  readonly length: Period;
  readonly basis: string;
  readonly clause?: string;
}

export interface SnapshotItem {
  readonly no: number;
  readonly class: ItemClass;
  readonly name: string;
  /** Absent if nobody is consulted. */
  readonly consulted?: readonly Body[];
  /** Absent if no operator's network is concerned. */
  readonly operators?: readonly Utility[];
}

export interface SnapshotSource {
  readonly key: Source;
  readonly name: string;
  readonly fiscal?: true;
  readonly needsIncome?: true;
  readonly namesGiver?: true;
  readonly ownersMatter?: OwnersMatter;
}

export interface SnapshotDocument {
  readonly key: string;
  readonly name: string;
  /** Absent: always required. */
  readonly when?: DocumentCondition;
}

/** Whose decisions pass these stages; the first that fits counts. */
export interface SignOffRule {
  readonly for: SeatText | Body;
  readonly steps?: readonly (Step | 'annual-plan' | 'control')[] | undefined;
  readonly stages: readonly OfficeRole[];
}

/** Which policy, in which version. */
export interface PolicyVersion {
  readonly id: string;
  readonly version: string;
}

export interface PolicySnapshot extends PolicyVersion {
  readonly number: string;
  readonly eligibility: Policy['eligibility'];
  readonly items: readonly SnapshotItem[];
  readonly sources: readonly SnapshotSource[];
  readonly modes: readonly Omit<FinancingMode, 'name' | 'nameEn'>[];
  readonly periods: Readonly<Record<PeriodKey, SnapshotPeriod>>;
  readonly settlementBands: readonly SettlementBand[];
  readonly ratios: Readonly<Record<RatioKey, Fraction>>;
  /** Fen. */
  readonly amounts: Readonly<Record<AmountKey, number>>;
  readonly ownersMatters: Policy['ownersMatters'];
  readonly dates: Policy['dates'];
  readonly reminders: Policy['reminders'];
  /** Absent, also where a project began before there was such a choice: all-of. */
  readonly assemblies?: Readonly<Partial<Record<JointDecision, Assembly>>>;
  /** Absent: twice, and nobody is kept from the task that follows. */
  readonly samePerson?: Policy['samePerson'];
  readonly escalation?: Policy['escalation'];
  /** Absent: whoever is in office decides. */
  readonly signOff?: readonly SignOffRule[];
  readonly documents: Readonly<Partial<Record<Step, readonly SnapshotDocument[]>>>;
  readonly paperSeats: readonly { readonly seat: SeatText; readonly recordedBy: readonly SeatText[] }[];
  readonly seatMappings: readonly Omit<Policy['seatMappings'][number], 'note'>[];
  readonly returnRights: readonly ReturnRight[];
  readonly controlRights: readonly Omit<ControlRight, 'basis'>[];
}

/** The part of a policy that a rule looks at; a form's context carries no more than that. */
export interface RatiosOf<K extends RatioKey> {
  readonly ratios: Pick<PolicySnapshot['ratios'], K>;
}
export interface PeriodsOf<K extends PeriodKey> {
  readonly periods: Pick<PolicySnapshot['periods'], K>;
}

export function policySnapshot(policy: Policy): PolicySnapshot {
  return {
    id: policy.id,
    version: policy.version,
    number: policy.document.number,
    eligibility: policy.eligibility,
    items: policy.items.map((item) => ({
      no: item.no,
      class: item.class,
      name: item.name,
      ...(item.consulted.length > 0 ? { consulted: item.consulted } : {}),
      ...(item.operators.length > 0 ? { operators: item.operators } : {}),
    })),
    sources: policy.sources.map((source) => ({
      key: source.key,
      name: source.name,
      ...(source.fiscal ? { fiscal: true } : {}),
      ...(source.needsIncome ? { needsIncome: true } : {}),
      ...(source.namesGiver ? { namesGiver: true } : {}),
      ...(source.ownersMatter ? { ownersMatter: source.ownersMatter } : {}),
    })),
    modes: policy.modes.map(({ name: _name, nameEn: _nameEn, ...mode }) => mode),
    periods: mapValues(policy.periods, ({ length, basis, clause }) => ({
      length,
      basis,
      ...(clause ? { clause } : {}),
    })),
    settlementBands: policy.settlementBands,
    ratios: mapValues(policy.ratios, ({ value }) => value),
    amounts: mapValues(policy.amounts, ({ fen }) => fen),
    ownersMatters: policy.ownersMatters,
    dates: policy.dates,
    reminders: policy.reminders,
    ...(policy.assemblies ? { assemblies: policy.assemblies } : {}),
    ...(policy.samePerson ? { samePerson: policy.samePerson } : {}),
    ...(policy.escalation ? { escalation: policy.escalation } : {}),
    ...(policy.signOff ? { signOff: policy.signOff } : {}),
    documents: documentsByStep(policy),
    paperSeats: policy.paperSeats,
    seatMappings: policy.seatMappings.map(({ note: _note, ...mapping }) => mapping),
    returnRights: policy.returnRights,
    controlRights: policy.controlRights.map(({ basis: _basis, ...right }) => right),
  };
}

function documentsByStep(policy: Policy): PolicySnapshot['documents'] {
  const found: Partial<Record<Step, SnapshotDocument[]>> = {};
  for (const { step, key, name, when } of policy.documents) {
    (found[step] ??= []).push({ key, name, ...(when === 'always' ? {} : { when }) });
  }
  return found;
}

function mapValues<K extends string, A, B>(
  record: Readonly<Record<K, A>>,
  of: (value: A) => B,
): Record<K, B> {
  const entries = Object.entries<A>(record).map(([key, value]) => [key, of(value)]);
  return Object.fromEntries(entries) as Record<K, B>;
}
