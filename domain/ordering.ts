/**
 * What comes first (P5.2): residents' safety, then basic needs, then comfort.
 *
 * Which of the items are a matter of safety is our reading of annex 2: power, gas, demolition of what
 * blocks fire lanes, security, fire protection, stairs, leaks and earthquake resistance.
 */
import type { ItemClass } from '../policy/keys';

const SAFETY: ReadonlySet<number> = new Set([2, 4, 10, 11, 12, 16, 18, 30]);

interface Item {
  readonly no: number;
  readonly class: ItemClass;
}

/** 0 safety, 1 basic, 2 improved, 3 upgraded. */
export function urgency(item: Item): 0 | 1 | 2 | 3 {
  if (SAFETY.has(item.no)) return 0;
  return item.class === 'basic' ? 1 : item.class === 'improved' ? 2 : 3;
}

/** Items by urgency, then by number; a new list. */
export function byUrgency<T extends Item>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => urgency(a) - urgency(b) || a.no - b.no);
}

/** Projects with more safety items first, then more basic ones, then by id; a new list. */
export function projectsByUrgency<T extends { readonly id: string; readonly items: readonly Item[] }>(
  projects: readonly T[],
): T[] {
  const count = (project: T, level: number) => project.items.filter((item) => urgency(item) === level).length;
  return [...projects].sort(
    (a, b) =>
      count(b, 0) - count(a, 0) || count(b, 1) - count(a, 1) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}
