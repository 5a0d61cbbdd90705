import type { Candidate } from '../../../domain/world';
import { yuanOf } from '../words/amounts';
import type { JointWorkTexts } from './texts';

export type { Candidate };

/** The projects that a task on a list is about, wherever its context keeps them. */
export function candidatesOf(context: unknown): readonly Candidate[] {
  const { projects, candidates } = (context ?? {}) as Record<string, unknown>;
  const found = Array.isArray(projects) ? projects : candidates;
  return Array.isArray(found) ? (found as Candidate[]) : [];
}

export const COLUMNS = ['name', 'households', 'buildings', 'floorArea', 'budgetFen', 'readyAt'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Order {
  readonly by: Column;
  readonly down: boolean;
}

export function shown(
  all: readonly Candidate[],
  text: string,
  { by, down }: Order,
  keep: (one: Candidate) => boolean,
): Candidate[] {
  const wanted = text.trim().toLowerCase();
  const key = by === 'name' ? 'projectId' : by;
  return all
    .filter(
      (one) =>
        keep(one) &&
        (wanted === '' ||
          one.name.toLowerCase().includes(wanted) ||
          one.projectId.toLowerCase().includes(wanted)),
    )
    .sort((one, other) => {
      const [a, b] = [one[key], other[key]];
      const order = a < b ? -1 : a > b ? 1 : one.projectId < other.projectId ? -1 : 1;
      return down ? -order : order;
    });
}

/** `通过：120 项，30,000 户，1,234.00 元` */
export function sumsOf(texts: JointWorkTexts, title: string, of: readonly Candidate[]): string {
  const households = of.reduce((sum, one) => sum + one.households, 0);
  const budgetFen = of.reduce((sum, one) => sum + one.budgetFen, 0);
  return texts.sumsOf(title, of.length, households, yuanOf(budgetFen));
}
