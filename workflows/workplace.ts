import { CancellationScope, condition, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import { civilDate, type Calendar, type CivilDate } from '../domain/calendar';
import { dueOf, isSamePeriod, periodText, type PeriodRule, type Standstill } from '../domain/due';
import { organisationsFor, type Bindings, type Organisation, type Place } from '../domain/seats';
import type { Due, Moment, Stage } from '../domain/task';
import type { RecordState } from '../domain/node';
import type { Revocation } from '../domain/signing/certificate';
import type { Briefing } from '../domain/world';
import { parseSeat, seatText, type OfficeRole, type PeriodKey, type Seat } from '../policy/keys';
import type { PolicySnapshot } from '../policy/snapshot';
import { Authority } from './authority';
import { Mailbox, Post, type KeptLetters } from './mail';
import type { Stop } from './messages';
import { outside } from './outside';
import type { RecordKeeper } from './record-keeper';

/** Where a workflow's work takes place: for seats. */
export interface Whereabouts {
  readonly city: string;
  readonly county?: string | undefined;
  readonly places: readonly Place[];
  readonly bindings: Bindings;
}

/** Who holds a seat: an organisation, with the one community it holds it for where the seat is a community's own. */
export interface Holder {
  readonly organisation: string;
  readonly community?: string;
}

export interface Wait {
  readonly what: string;
  readonly until: string;
  readonly provisional: boolean;
}

/** What a further run of the workflow must know of where it stands. */
export interface KeptPlace {
  readonly suspendedOn?: CivilDate;
  readonly suspendedFor?: string;
  readonly standstills: readonly Standstill[];
  readonly rulesBefore: readonly PolicySnapshot[];
  /** Seats of which it was told that nobody holds them. */
  readonly vacancies: readonly string[];
  readonly revocations: readonly Revocation[];
}

/**
 * What every workflow of ours stands in: clock, calendar, organisations, policy, standstills and record.
 *
 * "Now" is the engine's. Everything computed from calendar, organisations or standstills is computed anew when they
 * change; `onChange` is where the desk hangs its due dates.
 */
export class Workplace {
  private briefing: Pick<Briefing, 'calendar' | 'organisations'> = {
    calendar: { years: {} },
    organisations: [],
  };
  private changes = 0;
  private background: Promise<void>[] = [];
  private asking = 0;
  private trouble: unknown;
  suspendedOn: CivilDate | undefined;
  suspendedFor: string | undefined;
  readonly standstills: Standstill[];
  readonly waits: Wait[] = [];
  readonly vacancies = new Set<string>();
  /** Vacancies of which an earlier run has told and not yet that they are filled. */
  private readonly toldVacant: Set<string>;
  readonly authority: Authority;
  readonly mailbox: Mailbox;
  readonly post: Post;
  private readonly rulesBefore: PolicySnapshot[];
  onChange: () => void = () => undefined;

  constructor(
    readonly keeper: RecordKeeper,
    private rules: PolicySnapshot,
    readonly where: Whereabouts,
    before?: { readonly place: KeptPlace; readonly letters: KeptLetters },
  ) {
    const { place, letters } = before ?? {};
    this.authority = new Authority(place?.revocations);
    this.mailbox = new Mailbox(this.authority, () => this.briefAgain(), letters?.read);
    this.post = new Post(letters?.sent);
    this.standstills = [...(place?.standstills ?? [])];
    this.suspendedOn = place?.suspendedOn;
    this.suspendedFor = place?.suspendedFor;
    this.rulesBefore = [...(place?.rulesBefore ?? [])];
    this.toldVacant = new Set(place?.vacancies);
  }

  /** Nothing is asked of the world outside, and no letter lies about. */
  get isQuiet(): boolean {
    return this.asking === 0 && this.mailbox.isEmpty && this.post.isEmpty;
  }

  /** For a further run. */
  keep(): KeptPlace {
    return {
      ...(this.suspendedOn === undefined ? {} : { suspendedOn: this.suspendedOn }),
      ...(this.suspendedFor === undefined ? {} : { suspendedFor: this.suspendedFor }),
      standstills: this.standstills,
      rulesBefore: this.rulesBefore,
      vacancies: [...new Set([...this.vacancies, ...this.toldVacant])],
      revocations: this.authority.keep(),
    };
  }

  /** What the city has decided, in the version that counts here now. */
  get policy(): PolicySnapshot {
    return this.rules;
  }

  /** Another version counts from now on: due dates and seats are computed anew from it. */
  takePolicy(policy: PolicySnapshot): void {
    this.rulesBefore.push(this.rules);
    this.rules = policy;
    this.changed();
  }

  get calendar(): Calendar {
    return this.briefing.calendar;
  }

  get organisations(): readonly Organisation[] {
    return this.briefing.organisations;
  }

  get suspended(): boolean {
    return this.suspendedOn !== undefined;
  }

  /** What the sweep asks: how the record stands, and whom this workflow believes. */
  recordState(): RecordState {
    const { summary: trust } = this.authority;
    return { ...this.keeper.state(), ...(trust === undefined ? {} : { trust }) };
  }

  get stopped(): boolean {
    return this.keeper.stopped;
  }

  today(): CivilDate {
    return civilDate(Date.now());
  }

  moment(): Moment {
    return { now: Date.now(), today: this.today(), calendar: this.calendar };
  }

  /** Reads calendar, organisations and whom to believe; before it no task can be assigned and nothing is believed. */
  async brief(): Promise<void> {
    const { city, county } = this.where;
    this.asking += 1;
    try {
      const told = await outside.briefing({ city, ...(county === undefined ? {} : { county }) });
      const { trust, ...briefing } = told;
      this.briefing = briefing;
      this.authority.learn(trust);
    } finally {
      this.asking -= 1;
    }
    this.mailbox.openWaiting();
    this.changed();
  }

  /** Signal handler: read again, in the background. */
  briefAgain(): void {
    this.spawn(() => CancellationScope.nonCancellable(() => this.brief()));
  }

  suspend(stop: Stop): void {
    if (this.suspended) return;
    this.suspendedOn = civilDate(Date.parse(stop.at));
    this.suspendedFor = stop.reason;
    this.changed();
  }

  resume(stop: Stop): void {
    if (this.suspendedOn === undefined) return;
    this.standstills.push({ from: this.suspendedOn, to: civilDate(Date.parse(stop.at)) });
    this.suspendedOn = undefined;
    this.suspendedFor = undefined;
    this.changed();
  }

  period(key: PeriodKey): PeriodRule {
    const { length, basis, clause } = this.policy.periods[key];
    return { key, length, basis, clause };
  }

  /** The same period as it stands in the policy now, if it was taken from an earlier version as it stood there. */
  current(rule: PeriodRule): PeriodRule {
    const { key, length } = rule;
    if (key === undefined) return rule;
    const asItStood = this.rulesBefore.some((policy) => isSamePeriod(policy.periods[key].length, length));
    return asItStood ? this.period(key) : rule;
  }

  get defaultDue(): PeriodRule {
    return this.period('default');
  }

  /** The organisation that may enter this seat's decisions from paper (代录), by the policy's list. */
  paperRecorder(seat: Seat): string | undefined {
    const paper = this.policy.paperSeats.find((entry) => entry.seat === seatText(seat));
    for (const recorder of paper?.recordedBy ?? []) {
      const found = parseSeat(recorder);
      const organisation = found && this.resolve(found)[0];
      if (organisation) return organisation;
    }
    return undefined;
  }

  /** 经办、审核、签发: through which hands this seat's decisions pass inside their organisation; none by default. */
  stagesOf(seat: Seat, step: Stage): readonly OfficeRole[] {
    const rule = this.policy.signOff?.find(
      ({ for: whose, steps }) =>
        (whose === seatText(seat) || whose === seat.body) && (steps?.includes(step) ?? true),
    );
    return rule?.stages ?? [];
  }

  /**
   * Who holds the seat now; waits while nobody does. A vacant seat is told to the record once (the system
   * administrator's alert) and is never skipped.
   */
  async holders(seat: Seat, communities?: readonly string[]): Promise<Holder[]> {
    let holders = this.find(seat, communities);
    const key = seatText(seat);
    const told = this.toldVacant.delete(key);
    if (holders.length > 0) {
      if (told) this.tellFilled(key, holders);
      return holders;
    }
    this.vacancies.add(key);
    if (!told) {
      this.keeper.tell({ type: 'seat-vacant', data: { seat: key, county: this.where.county ?? null } });
    }
    try {
      await condition(() => {
        holders = this.find(seat, communities);
        return holders.length > 0;
      });
    } finally {
      // Also where nobody is awaited any more.
      this.vacancies.delete(key);
    }
    this.tellFilled(key, holders);
    return holders;
  }

  private tellFilled(seat: string, holders: readonly Holder[]): void {
    const organisations = holders.map(({ organisation }) => organisation);
    this.keeper.tell({ type: 'seat-filled', data: { seat, organisations } });
  }

  /** Who holds any of the seats now, without waiting: for choices, not for work. */
  holdersNow(seats: readonly Seat[], communities?: readonly string[]): string[] {
    return [...new Set(seats.flatMap((seat) => this.find(seat, communities).map((one) => one.organisation)))];
  }

  /** Whether the organisation holds the seat here: for acts, which no task assigns. */
  holds(organisation: string, seat: Seat): boolean {
    return this.resolve(seat).includes(organisation);
  }

  /**
   * Waits until a minimum period has really run: to the end of its last day, standstills not counted, computed
   * anew when the calendar or the policy changes. A policy that asks for less shortens no period that has begun: who
   * was told that they have until a day, has until that day.
   *
   * @param moved called with the last day once known, and again whenever it becomes another
   */
  async periodOver(
    rule: PeriodRule,
    from: CivilDate,
    what: string,
    moved: (due: Due) => void = () => undefined,
  ): Promise<Due> {
    let told: string | undefined;
    const counted = new Set([rule]);
    const why = `${what}（${periodText(rule.length)}，${rule.basis}）`;
    for (;;) {
      counted.add(this.current(rule));
      const due = this.laterDue([...counted], from);
      const known = `${due.date} ${due.provisional}`;
      if (known !== told) moved(due);
      told = known;
      const seen = this.changes;
      const left = Date.parse(due.at) - Date.now();
      if (!this.suspended && left <= 0) return due;
      await this.shownWaiting({ what: why, until: due.date, provisional: due.provisional }, async () => {
        if (this.suspended) await condition(() => this.changes !== seen);
        else await condition(() => this.changes !== seen, left, { summary: summaryOf(why, due.date) });
      });
    }
  }

  private laterDue(rules: readonly PeriodRule[], from: CivilDate): Due {
    const dues = rules.map((rule) => dueOf(rule, from, this.calendar, this.standstills));
    return dues.reduce((one, other) => (Date.parse(other.at) > Date.parse(one.at) ? other : one));
  }

  /** Waits until an instant that no standstill moves: a date of the policy, such as 30 September. */
  async until(instant: number, what: string): Promise<void> {
    const left = instant - Date.now();
    if (left <= 0) return;
    const until = civilDate(instant - 1);
    await this.shownWaiting({ what, until, provisional: false }, async () => {
      await condition(() => false, left, { summary: summaryOf(what, until) });
    });
  }

  /** Waits for all to see: who looks at the project must know that it is time that is awaited, and until when. */
  async shownWaiting(wait: Wait, over: () => Promise<void>): Promise<void> {
    this.waits.push(wait);
    this.keeper.renew();
    try {
      await over();
    } finally {
      this.waits.splice(this.waits.indexOf(wait), 1);
    }
  }

  /** Work that goes on beside the step; the step's end waits for it, its error is the step's error. */
  spawn(work: () => Promise<unknown>): void {
    this.background.push(
      work().then(
        () => undefined,
        (error: unknown) => {
          if (isCancellation(error)) return;
          log.error('background work failed', { workflow: workflowInfo().workflowId, error: String(error) });
          this.trouble ??= error;
        },
      ),
    );
  }

  /**
   * Rings when the next alarm is due. The timer is re-armed only for an earlier alarm: an alarm that became needless
   * rings in vain, which costs less than cancelling a timer with every decision.
   */
  watchAlarms(next: () => { at: number; what: string } | undefined, ring: () => void): void {
    void CancellationScope.nonCancellable(async () => {
      for (;;) {
        await condition(() => next() !== undefined && !this.suspended && !this.stopped);
        const alarm = next();
        if (!alarm) continue;
        const left = alarm.at - Date.now();
        if (left <= 0) {
          ring();
          continue;
        }
        await condition(() => (next()?.at ?? alarm.at) < alarm.at, left, { summary: summaryOf(alarm.what) });
      }
    });
  }

  async spawnedDone(): Promise<void> {
    while (this.background.length > 0) await this.background.shift();
    if (this.trouble !== undefined) throw this.trouble;
  }

  private changed(): void {
    this.changes += 1;
    this.onChange();
  }

  private find(seat: Seat, communities?: readonly string[]): Holder[] {
    const places = communities
      ? this.where.places.filter((place) => communities.includes(place.community))
      : this.where.places;
    if (seat.level !== 'neighbourhood') {
      return this.resolve(seat, places).map((organisation) => ({ organisation }));
    }
    // A neighbourhood acts for each of its communities apart: survey, tally and certificate run per community.
    return places.flatMap((place) =>
      this.resolve(seat, [place]).map((organisation) => ({ organisation, community: place.community })),
    );
  }

  private resolve(seat: Seat, places: readonly Place[] = this.where.places): string[] {
    const { organisations } = this.briefing;
    return organisationsFor(seat, places, organisations, this.where.bindings, this.policy.seatMappings);
  }
}

/** The engine takes 200 bytes of a timer's summary; a Chinese character is three. */
function summaryOf(what: string, until?: string): string {
  const end = until === undefined ? '' : `，至 ${until}`;
  return what.slice(0, 55) + end;
}
