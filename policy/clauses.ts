/** What the clauses say that forms, acts and refusals name: the document's own words, and what law adds to them. */
import { legalAssemblies, legalAmounts, legalPeriods, legalRatios } from './law';
import clauses from './linyi/clauses.json';

export interface Clause {
  /** As `docs/clauses.md` numbers them. */
  readonly id: string;
  /** Where it stands in the document: `二(一)3`. */
  readonly place: string;
  readonly title: string;
  readonly titleEn: string;
  /** The document's own words. */
  readonly text: string;
  /** Periods, ratios and amounts that this clause leads to, each with its legal basis. */
  readonly law: readonly { readonly title: string; readonly basis: string }[];
}

interface Framed {
  readonly title: string;
  readonly basis: string;
  readonly clause?: string;
}

const frames: readonly Framed[] = [legalPeriods, legalRatios, legalAmounts, legalAssemblies].flatMap(
  (table) => Object.values(table) as Framed[],
);

const ofPolicies: Readonly<Record<string, readonly Omit<Clause, 'law'>[]>> = { linyi: clauses };

/** @param policyId a policy without texts has none */
export function clausesOf(policyId: string): Clause[] {
  return (ofPolicies[policyId] ?? []).map((clause) => ({
    ...clause,
    law: frames.filter((frame) => frame.clause === clause.id).map(({ title, basis }) => ({ title, basis })),
  }));
}
