import { holidayCalendar } from '../../policy/holidays';
import { linyi } from '../../policy/linyi';
import { policySnapshot } from '../../policy/snapshot';

/** Linyi's policy as a project carries it, and the published holidays. */
export const policy = policySnapshot(linyi);
export const calendar = holidayCalendar;

/** `path` and `clause` of refusals: what a test can rely on, while words may change. */
export function named(refusals: readonly { path?: string; clause?: string }[]): string[] {
  return refusals.map(({ path, clause }) => `${clause ?? '-'} ${path ?? '-'}`);
}
