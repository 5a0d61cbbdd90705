import { condition, type SignalDefinition } from '@temporalio/workflow';
import type { ListingOutput } from '../domain/outputs';
import type { Letter } from '../domain/signing/letter';
import type { Candidate } from '../domain/world';
import type { Step } from '../policy/keys';
import type { Post } from './mail';
import { leftSignal, readySignal, workflowIds, type ListingNews } from './messages';
import { Ended } from './project-end';
import type { RecordKeeper } from './record-keeper';

/** Where the joint document stands for a project. */
export type Listing = ListingOutput | { readonly outcome: 'corrected'; readonly remarks: string };

type Figures = Omit<Candidate, 'projectId' | 'name' | 'readyAt'>;

/**
 * A project's place in the year's plan, which it shares with others: pool → county's list → joint review → municipal
 * approval → joint document (P2.1.4, P2.2.1–P2.2.3). The county's submission and the plan tell it their news; a
 * project that misses the close or is deferred waits for the next year.
 */
export class PlanPlace {
  private readonly news: ListingNews[] = [];
  /** Year whose submission has been asked; undefined before the first time and after leaving. */
  private asked: number | undefined;
  candidate: Candidate | undefined;
  submitted = false;
  /** It was turned back during the joint review and comes straight back to it. */
  private keepsPlace = false;
  waiting = false;
  stage: Step | undefined;
  document: { readonly number: string; readonly date: string; readonly year: number } | undefined;
  /** The joint document itself, for the project's file; absent where it was taken in from paper. */
  scan: string | undefined;

  constructor(
    private readonly project: { readonly projectId: string; readonly name: string; readonly county: string },
    private readonly keeper: RecordKeeper,
    private readonly post: Post,
    private readonly enter: (stage: Step) => void,
    public year: number,
  ) {}

  hear(news: ListingNews): void {
    this.news.push(news);
  }

  /** Waits until the joint document lists the project or the joint review wants it corrected. */
  async wait(figures: Figures): Promise<Listing> {
    try {
      await this.ask(figures);
      for (;;) {
        await condition(() => this.news.length > 0);
        const news = this.news.shift();
        // News of a list that the project has left meanwhile concern nobody.
        if (!news || (news.year !== this.year && news.news !== 'late-admitted')) continue;
        const remarks = 'remarks' in news ? { reason: news.remarks } : {};
        this.keeper.tell({ type: `listing-${news.news}`, data: news, ...remarks });
        const listing = await this.follow(news, figures);
        if (listing) return listing;
      }
    } finally {
      this.stage = undefined;
      this.waiting = false;
    }
  }

  /**
   * Off the county's list, if it is on one and nothing has been issued yet.
   * @param comesBack its place in the joint review is kept for it, as one that is to be corrected keeps its place
   */
  async leave(reason: string, comesBack = false): Promise<void> {
    if (this.asked === undefined || this.document !== undefined) return;
    const { projectId } = this.project;
    // What was about to be said about the plan that is made again.
    this.news.length = 0;
    await this.tellSubmission(leftSignal, { projectId, reason, comesBack });
    this.keepsPlace = comesBack;
    if (comesBack) return;
    this.asked = undefined;
    this.submitted = false;
  }

  private async follow(news: ListingNews, figures: Figures): Promise<Listing | undefined> {
    switch (news.news) {
      case 'submitted':
        // Still the same round of the same step: only the waiting is over.
        this.submitted = true;
        this.waiting = false;
        return undefined;
      case 'in-review':
        this.move('joint-review');
        return undefined;
      case 'reviewed':
        this.move('municipal-approval');
        return undefined;
      case 'rejected':
        throw new Ended('rejected', news.remarks);
      case 'corrected':
        return { outcome: 'corrected', remarks: news.remarks };
      case 'late-admitted':
        // Meanwhile it waits on the next year's list; the city has taken it back onto this one.
        if (this.year !== news.year) await this.leave('补报列入上一年度计划');
        this.year = news.year;
        this.asked = news.year;
        this.submitted = true;
        this.move('joint-review');
        return undefined;
      case 'deferred':
      case 'missed':
        this.year = news.year + 1;
        this.submitted = false;
        this.keepsPlace = false;
        await this.ask(figures);
        return undefined;
      case 'listed':
        this.document = { number: news.number, date: news.date, year: news.year };
        if (news.document !== undefined) this.scan = news.document;
        return { outcome: 'listed', year: news.year, number: news.number, date: news.date };
    }
  }

  private move(stage: Step): void {
    this.waiting = false;
    if (this.stage === stage && stage === 'joint-review') return;
    this.stage = stage;
    this.enter(stage);
  }

  /** The record comes first: a submission that opens later finds the project there; one that is open is told. */
  private async ask(figures: Figures): Promise<void> {
    this.move(this.keepsPlace ? 'joint-review' : 'county-submission');
    this.waiting = !this.keepsPlace;
    this.keepsPlace = false;
    this.asked = this.year;
    const { projectId, name } = this.project;
    const candidate = { ...figures, projectId, name, readyAt: new Date().toISOString() };
    this.candidate = candidate;
    this.keeper.tell({ type: 'ready-for-submission', data: { year: this.year, candidate } });
    await this.keeper.flushed();
    await this.tellSubmission(readySignal, candidate);
  }

  /** No such submission yet, or it has ended: the next one reads the pool when it opens. */
  private async tellSubmission<Content>(
    signal: SignalDefinition<[Letter<Content>]>,
    content: Content,
  ): Promise<void> {
    if (this.asked === undefined) return;
    const to = workflowIds.submission(this.asked, this.project.county);
    await this.post.send([{ to, signal, content }]);
  }
}
