import { civilDate, type Calendar } from '../domain/calendar';
import type { Moment } from '../domain/task';
import { holidayCalendar } from '../policy/holidays';
import { policySnapshot, type PolicySnapshot } from '../policy/snapshot';
import type { Policy } from '../policy/schema';
import { compareVersions } from '../store/policies';
import type { ApiDeps } from './deps';

/** How long calendar and policy are kept before they are read again, ms. */
const FRESH_MS = 3_000;

/**
 * What requests look at beside the record: the engine's time, the calendar as loaded, the policy in force.
 * Read from the store, kept for a moment, and read anew at once by the process that changed it.
 */
export class World {
  private readonly calendars: Kept<Calendar>;
  private readonly policies: Kept<Policy>;

  constructor(private readonly deps: Pick<ApiDeps, 'store' | 'now' | 'policy'>) {
    const { store, policy } = deps;
    this.calendars = new Kept(() => store.calendars.onTopOf(holidayCalendar));
    this.policies = new Kept(async () => {
      const [latest] = await store.policies.versions(policy.id);
      return latest && compareVersions(latest.policy.version, policy.version) > 0 ? latest.policy : policy;
    });
  }

  now(): number {
    return this.deps.now();
  }

  calendar(): Promise<Calendar> {
    return this.calendars.get();
  }

  async moment(): Promise<Moment> {
    const calendar = await this.calendar();
    const now = this.now();
    return { now, today: civilDate(now), calendar };
  }

  policy(): Promise<Policy> {
    return this.policies.get();
  }

  async snapshot(): Promise<PolicySnapshot> {
    return policySnapshot(await this.policy());
  }

  changed(): void {
    this.calendars.drop();
    this.policies.drop();
  }
}

class Kept<T> {
  private value: { of: T; until: number } | undefined;

  constructor(private readonly read: () => Promise<T>) {}

  async get(): Promise<T> {
    if (this.value && this.value.until > Date.now()) return this.value.of;
    const of = await this.read();
    this.value = { of, until: Date.now() + FRESH_MS };
    return of;
  }

  drop(): void {
    this.value = undefined;
  }
}
