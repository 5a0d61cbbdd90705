import { condition } from '@temporalio/workflow';
import { personsOf } from '../../domain/actor';
import { reviewClose, submissionClose } from '../../domain/annual-plan';
import { endOfDay, plusDays, civilDate } from '../../domain/calendar';
import { countyList, countySubmission, lateAdmission } from '../../domain/forms/annual-plan';
import { submissionOf } from '../../domain/node';
import type { Candidate } from '../../domain/world';
import { anyOf } from '../assembly';
import { workUntil } from '../deadline';
import { leftSignal, readySignal, type ListingNews } from '../messages';
import { outside } from '../outside';
import { defineStep, type StepDesk } from '../step';
import { tellProjects } from '../tell-projects';
import { reviewJointly, type Said } from './joint-review';

type Standing =
  'ready' | 'submitted' | 'approved' | 'corrected' | 'deferred' | 'rejected' | 'missed' | 'left';

interface Entry {
  candidate: Candidate;
  standing: Standing;
  remarks?: string | undefined;
}

/** All that the list knows beside its tasks: what a further run of its workflow goes on from. */
interface ListState {
  /** By project number. */
  readonly entries: Record<string, Entry>;
  phase: 'declaration' | 'joint-review' | 'closed';
  /** What had waited in the pool has been taken in. */
  opened: boolean;
  submittedOn?: string;
  /** How many reviews have begun. */
  round: number;
  /** The county's housing authority has the task of preparing the list. */
  preparing: boolean;
  /** What it has put on the list, and who has; the county's government is to submit it. */
  prepared?: { readonly projects: readonly string[]; readonly by: readonly string[] };
  /** What the bureaus are reviewing. */
  review?: { readonly projects: readonly Candidate[]; readonly said: Said };
}

export interface SubmissionOutput {
  readonly approved: readonly Candidate[];
  readonly submittedOn?: string;
}

/**
 * 集中提报 (P2.1.4) and the review of what was submitted (P2.2.1): one list a county and year.
 *
 * Until 24:00 of 30 September the county puts ready projects on its list and submits, as often as it has new ones;
 * the close never moves. Then the three bureaus review until the review's own close: corrected projects keep their
 * place, late ones come in by the city's recorded admission, whatever is undecided at the end waits for the next year.
 */
export const countySubmissionStep = defineStep(
  'county-submission',
  'countySubmission',
  async (desk, input: { county: string }): Promise<SubmissionOutput> => {
    const state = desk.keeps((): ListState => ({
      entries: {},
      phase: 'declaration',
      opened: false,
      preparing: false,
      round: 0,
    }));
    const list = new CountyList(desk, input.county, state);
    await list.open();
    await list.declare();
    await list.review();
    return list.output();
  },
  submissionOf,
);

class CountyList {
  private readonly year: number;

  constructor(
    private readonly desk: StepDesk,
    private readonly county: string,
    private readonly state: ListState,
  ) {
    this.year = desk.start.planYear ?? 0;
    const { mailbox } = desk.place;
    mailbox.on(readySignal, (candidate) => this.ready(candidate));
    mailbox.on(leftSignal, ({ projectId, comesBack = false }) => this.left(projectId, comesBack));
  }

  /** Projects that were ready before this list was: they wait in the pool. */
  async open(): Promise<void> {
    if (!this.state.opened) {
      const pool = await outside.pool({ county: this.county, year: this.year });
      this.state.opened = true;
      for (const candidate of pool) this.ready(candidate);
    }
    this.show();
  }

  async declare(): Promise<void> {
    if (this.state.phase === 'declaration') await this.takeIn();
    const { place } = this.desk;
    this.desk.accept(
      lateAdmission,
      () => ({ year: this.year, missed: this.of('missed').map(({ projectId }) => projectId) }),
      (form) => {
        const entry = this.state.entries[form.projectId];
        if (entry) entry.standing = 'submitted';
        this.show();
        place.spawn(() => this.tell([form.projectId], { news: 'late-admitted', year: this.year }));
        return undefined;
      },
    );
  }

  private async takeIn(): Promise<void> {
    const { place } = this.desk;
    const close = submissionClose(this.year, place.policy);
    if (place.moment().now < close) {
      place.spawn(() => this.remind(close));
      await workUntil(place, close, `${this.year} 年度计划申报截止`, async () => {
        for (;;) await this.submitOnce();
      });
      this.desk.closeOpen('申报已于 9 月 30 日 24:00 截止');
    }
    delete this.state.prepared;
    this.state.phase = 'joint-review';
    if (this.state.submittedOn === undefined)
      this.desk.tell('not-submitted', { county: this.county, year: this.year });
    await this.settle('ready', 'missed', (year) => ({ news: 'missed', year }));
  }

  async review(): Promise<void> {
    const { place } = this.desk;
    await workUntil(
      place,
      reviewClose(this.year, place.policy),
      `${this.year} 年度计划联合审查截止`,
      async () => {
        for (;;) {
          await condition(() => this.state.review !== undefined || this.of('submitted').length > 0);
          await this.reviewOnce();
        }
      },
    );
    this.desk.closeOpen('联合审查期已截止');
    const deferred = (year: number): ListingNews => ({
      news: 'deferred',
      year,
      remarks: '审查截止时尚无结论',
    });
    await this.settle('submitted', 'deferred', deferred);
    await this.settle('corrected', 'deferred', deferred);
    delete this.state.review;
    this.state.phase = 'closed';
    this.show();
  }

  output(): SubmissionOutput {
    const { submittedOn } = this.state;
    return { approved: this.of('approved'), ...(submittedOn === undefined ? {} : { submittedOn }) };
  }

  /** The list opens with the county's first ready project, takes in further ones, and is submitted as a whole. */
  private async submitOnce(): Promise<void> {
    const { desk, state } = this;
    state.prepared ??= await this.prepare();
    const { by } = state.prepared;
    const wanted = new Set(state.prepared.projects);
    const projects = this.of('ready').filter(({ projectId }) => wanted.has(projectId));
    if (projects.length === 0) {
      delete state.prepared;
      return;
    }
    const { form } = await desk.ask(countySubmission, {
      seat: { body: 'government', level: 'county' },
      context: {
        year: this.year,
        county: this.county,
        projects,
        totals: {
          projects: projects.length,
          households: projects.reduce((sum, { households }) => sum + households, 0),
          budgetFen: projects.reduce((sum, { budgetFen }) => sum + budgetFen, 0),
        },
      },
      notBy: by,
      due: desk.place.period('county-preparation'),
    });
    delete state.prepared;
    if (!form.submit) {
      desk.tell('list-returned', { remarks: form.remarks ?? '' });
      return;
    }
    state.submittedOn ??= desk.place.today();
    const ids = projects
      .map(({ projectId }) => projectId)
      .filter((id) => state.entries[id]?.standing === 'ready');
    for (const id of ids) this.stand(id, 'submitted');
    this.show();
    await this.tell(ids, { news: 'submitted', year: this.year });
  }

  private async prepare(): Promise<NonNullable<ListState['prepared']>> {
    const { desk, state } = this;
    await condition(() => state.preparing || this.of('ready').length > 0);
    const context = () => ({ year: this.year, county: this.county, candidates: this.of('ready') });
    const assigned = await desk.assign(countyList, {
      seat: { body: 'housing', level: 'county' },
      context: context(),
      due: desk.place.period('county-preparation'),
    });
    state.preparing = true;
    this.onReady = () => {
      for (const { id } of assigned) desk.refresh(id, context());
    };
    const { form, by } = await anyOf(assigned).finally(() => (this.onReady = () => undefined));
    state.preparing = false;
    return { projects: form.projects, by: personsOf(by) };
  }
  private onReady: () => void = () => undefined;

  private async reviewOnce(): Promise<void> {
    const { desk, state, year, county } = this;
    const { projects, said } = state.review ?? (await this.beginReview());
    const concluded = await reviewJointly(desk, { year, county, round: state.round, projects }, said);
    delete state.review;
    for (const { projectId, verdict, remarks = '' } of concluded) {
      // Withdrawn meanwhile, with the city's consent: the conclusion no longer concerns anybody.
      const entry = state.entries[projectId];
      if (entry?.standing !== 'submitted') continue;
      // Turned back and made again meanwhile: what was concluded is about the plan before.
      const reviewed = projects.find((one) => one.projectId === projectId);
      if (reviewed?.readyAt !== entry.candidate.readyAt) continue;
      const { standing, news } = this.consequence(verdict, remarks);
      this.stand(projectId, standing, remarks);
      await this.tell([projectId], news);
    }
    this.show();
  }

  private async beginReview(): Promise<NonNullable<ListState['review']>> {
    this.state.round += 1;
    this.state.review = { projects: this.of('submitted'), said: {} };
    const ids = this.state.review.projects.map(({ projectId }) => projectId);
    await this.tell(ids, { news: 'in-review', year: this.year });
    return this.state.review;
  }

  private consequence(verdict: string, remarks: string): { standing: Standing; news: ListingNews } {
    const { year } = this;
    if (verdict === 'approve') return { standing: 'approved', news: { news: 'reviewed', year } };
    if (verdict === 'correct') return { standing: 'corrected', news: { news: 'corrected', year, remarks } };
    if (verdict === 'reject') return { standing: 'rejected', news: { news: 'rejected', year, remarks } };
    return { standing: 'deferred', news: { news: 'deferred', year, remarks } };
  }

  private ready(candidate: Candidate): void {
    const known = this.state.entries[candidate.projectId];
    // A corrected project keeps its place: it goes back to the bureaus, not to the end of the county's list.
    const standing: Standing =
      known?.standing === 'corrected' ? 'submitted' : this.state.phase === 'declaration' ? 'ready' : 'missed';
    if (known && known.standing !== 'corrected' && known.standing !== 'left' && known.standing !== 'ready')
      return;
    this.state.entries[candidate.projectId] = { candidate, standing };
    this.desk.tell('project-ready', { projectId: candidate.projectId, standing });
    if (standing === 'missed') {
      this.desk.place.spawn(() => this.tell([candidate.projectId], { news: 'missed', year: this.year }));
    }
    this.onReady();
    this.show();
  }

  private left(projectId: string, comesBack: boolean): void {
    const entry = this.state.entries[projectId];
    if (!entry) return;
    const keepsPlace = comesBack && this.state.phase === 'joint-review' && entry.standing === 'submitted';
    this.stand(projectId, keepsPlace ? 'corrected' : 'left');
    this.desk.tell(keepsPlace ? 'project-corrects' : 'project-left', { projectId });
    this.onReady();
    this.show();
  }

  private stand(projectId: string, standing: Standing, remarks?: string): void {
    const entry = this.state.entries[projectId];
    if (!entry) return;
    this.state.entries[projectId] = { ...entry, standing, ...(remarks ? { remarks } : {}) };
  }

  /** By project number: the order in which projects became ready is nobody's business. */
  private of(standing: Standing): Candidate[] {
    return Object.values(this.state.entries)
      .filter((entry) => entry.standing === standing)
      .map(({ candidate }) => candidate)
      .sort((a, b) => (a.projectId < b.projectId ? -1 : 1));
  }

  private async settle(from: Standing, to: Standing, news: (year: number) => ListingNews): Promise<void> {
    const ids = this.of(from).map(({ projectId }) => projectId);
    for (const id of ids) this.stand(id, to);
    this.show();
    await this.tell(ids, news(this.year));
  }

  private async tell(ids: readonly string[], news: ListingNews): Promise<void> {
    this.desk.tell(`projects-${news.news}`, { projects: ids });
    await tellProjects(
      this.desk.place.post,
      ids.map((projectId) => ({ projectId, news })),
    );
  }

  /** Reminders to a county that has not submitted, on the days before the close that policy names. */
  private async remind(close: number): Promise<void> {
    const { place } = this.desk;
    const last = civilDate(close - 1);
    for (const days of [...place.policy.reminders.declaration].sort((a, b) => b - a)) {
      const at = endOfDay(plusDays(last, -days - 1));
      if (at <= place.moment().now) continue;
      await place.until(at, `申报截止前 ${days} 日提醒`);
      if (this.state.submittedOn !== undefined || this.state.phase !== 'declaration') return;
      this.desk.tell('declaration-reminded', { county: this.county, days, close: last });
    }
  }

  private show(): void {
    const { phase, round, submittedOn = null, entries } = this.state;
    this.desk.show({
      phase,
      round,
      submittedOn,
      projects: Object.fromEntries(
        Object.entries(entries).map(([id, { candidate, standing, remarks }]) => [
          id,
          {
            name: candidate.name,
            standing,
            budgetFen: candidate.budgetFen,
            households: candidate.households,
            ...(remarks ? { remarks } : {}),
          },
        ]),
      ),
    });
  }
}
