import { condition } from '@temporalio/workflow';
import { personsOf } from '../../domain/actor';
import { reviewClose, submissionClose } from '../../domain/annual-plan';
import { endOfDay, plusDays, civilDate } from '../../domain/calendar';
import { countyList, countySubmission, lateAdmission } from '../../domain/forms/annual-plan';
import { submissionOf } from '../../domain/node';
import type { Candidate } from '../../domain/world';
import { workUntil } from '../deadline';
import { leftSignal, readySignal, type ListingNews } from '../messages';
import { outside } from '../outside';
import { defineStep, type StepDesk } from '../step';
import { tellProjects } from '../tell-projects';
import { reviewJointly } from './joint-review';

type Standing =
  'ready' | 'submitted' | 'approved' | 'corrected' | 'deferred' | 'rejected' | 'missed' | 'left';

interface Entry {
  candidate: Candidate;
  standing: Standing;
  remarks?: string | undefined;
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
    const list = new CountyList(desk, input.county);
    await list.open();
    await list.declare();
    await list.review();
    return list.output();
  },
  submissionOf,
);

class CountyList {
  private readonly entries = new Map<string, Entry>();
  private readonly year: number;
  private phase: 'declaration' | 'joint-review' | 'closed' = 'declaration';
  private submittedOn: string | undefined;
  private round = 0;

  constructor(
    private readonly desk: StepDesk,
    private readonly county: string,
  ) {
    this.year = desk.start.planYear ?? 0;
    const { mailbox } = desk.place;
    mailbox.on(readySignal, (candidate) => this.ready(candidate));
    mailbox.on(leftSignal, ({ projectId, comesBack = false }) => this.left(projectId, comesBack));
  }

  /** Projects that were ready before this list was: they wait in the pool. */
  async open(): Promise<void> {
    for (const candidate of await outside.pool({ county: this.county, year: this.year }))
      this.ready(candidate);
    this.show();
  }

  async declare(): Promise<void> {
    const { place } = this.desk;
    const close = submissionClose(this.year, place.policy);
    if (place.moment().now < close) {
      place.spawn(() => this.remind(close));
      await workUntil(place, close, `${this.year} 年度计划申报截止`, async () => {
        for (;;) await this.submitOnce();
      });
      this.desk.closeOpen('申报已于 9 月 30 日 24:00 截止');
    }
    this.phase = 'joint-review';
    if (this.submittedOn === undefined)
      this.desk.tell('not-submitted', { county: this.county, year: this.year });
    await this.settle('ready', 'missed', (year) => ({ news: 'missed', year }));
    this.desk.accept(
      lateAdmission,
      () => ({ year: this.year, missed: this.of('missed').map(({ projectId }) => projectId) }),
      (form) => {
        const entry = this.entries.get(form.projectId);
        if (entry) entry.standing = 'submitted';
        this.show();
        place.spawn(() => this.tell([form.projectId], { news: 'late-admitted', year: this.year }));
        return undefined;
      },
    );
  }

  async review(): Promise<void> {
    const { place } = this.desk;
    await workUntil(
      place,
      reviewClose(this.year, place.policy),
      `${this.year} 年度计划联合审查截止`,
      async () => {
        for (;;) {
          await condition(() => this.of('submitted').length > 0);
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
    this.phase = 'closed';
    this.show();
  }

  output(): SubmissionOutput {
    return {
      approved: this.of('approved'),
      ...(this.submittedOn === undefined ? {} : { submittedOn: this.submittedOn }),
    };
  }

  /** The list opens with the county's first ready project, takes in further ones, and is submitted as a whole. */
  private async submitOnce(): Promise<void> {
    const { desk } = this;
    await condition(() => this.of('ready').length > 0);
    const due = desk.place.period('county-preparation');
    const context = () => ({ year: this.year, county: this.county, candidates: this.of('ready') });
    const [preparing] = await desk.assign(countyList, {
      seat: { body: 'housing', level: 'county' },
      context: context(),
      due,
    });
    if (!preparing) return;
    this.onReady = () => desk.refresh(preparing.id, context());
    const prepared = await preparing.answer.finally(() => (this.onReady = () => undefined));
    const projects = this.of('ready').filter(({ projectId }) => prepared.form.projects.includes(projectId));
    if (projects.length === 0) return;
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
      notBy: personsOf(prepared.by),
      due,
    });
    if (!form.submit) {
      desk.tell('list-returned', { remarks: form.remarks ?? '' });
      return;
    }
    this.submittedOn ??= desk.place.today();
    const ids = projects
      .map(({ projectId }) => projectId)
      .filter((id) => this.entries.get(id)?.standing === 'ready');
    for (const id of ids) this.stand(id, 'submitted');
    this.show();
    await this.tell(ids, { news: 'submitted', year: this.year });
  }
  private onReady: () => void = () => undefined;

  private async reviewOnce(): Promise<void> {
    this.round += 1;
    const projects = this.of('submitted');
    const ids = projects.map(({ projectId }) => projectId);
    await this.tell(ids, { news: 'in-review', year: this.year });
    const concluded = await reviewJointly(this.desk, {
      year: this.year,
      county: this.county,
      round: this.round,
      projects,
    });
    for (const { projectId, verdict, remarks = '' } of concluded) {
      // Withdrawn meanwhile, with the city's consent: the conclusion no longer concerns anybody.
      const entry = this.entries.get(projectId);
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

  private consequence(verdict: string, remarks: string): { standing: Standing; news: ListingNews } {
    const { year } = this;
    if (verdict === 'approve') return { standing: 'approved', news: { news: 'reviewed', year } };
    if (verdict === 'correct') return { standing: 'corrected', news: { news: 'corrected', year, remarks } };
    if (verdict === 'reject') return { standing: 'rejected', news: { news: 'rejected', year, remarks } };
    return { standing: 'deferred', news: { news: 'deferred', year, remarks } };
  }

  private ready(candidate: Candidate): void {
    const known = this.entries.get(candidate.projectId);
    // A corrected project keeps its place: it goes back to the bureaus, not to the end of the county's list.
    const standing: Standing =
      known?.standing === 'corrected' ? 'submitted' : this.phase === 'declaration' ? 'ready' : 'missed';
    if (known && known.standing !== 'corrected' && known.standing !== 'left' && known.standing !== 'ready')
      return;
    this.entries.set(candidate.projectId, { candidate, standing });
    this.desk.tell('project-ready', { projectId: candidate.projectId, standing });
    if (standing === 'missed') {
      this.desk.place.spawn(() => this.tell([candidate.projectId], { news: 'missed', year: this.year }));
    }
    this.onReady();
    this.show();
  }

  private left(projectId: string, comesBack: boolean): void {
    const entry = this.entries.get(projectId);
    if (!entry) return;
    const keepsPlace = comesBack && this.phase === 'joint-review' && entry.standing === 'submitted';
    this.stand(projectId, keepsPlace ? 'corrected' : 'left');
    this.desk.tell(keepsPlace ? 'project-corrects' : 'project-left', { projectId });
    this.onReady();
    this.show();
  }

  private stand(projectId: string, standing: Standing, remarks?: string): void {
    const entry = this.entries.get(projectId);
    if (entry) this.entries.set(projectId, { ...entry, standing, ...(remarks ? { remarks } : {}) });
  }

  /** By project number: the order in which projects became ready is nobody's business. */
  private of(standing: Standing): Candidate[] {
    return [...this.entries.values()]
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
      if (this.submittedOn !== undefined || this.phase !== 'declaration') return;
      this.desk.tell('declaration-reminded', { county: this.county, days, close: last });
    }
  }

  private show(): void {
    this.desk.show({
      phase: this.phase,
      round: this.round,
      submittedOn: this.submittedOn ?? null,
      projects: Object.fromEntries(
        [...this.entries].map(([id, { candidate, standing, remarks }]) => [
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
