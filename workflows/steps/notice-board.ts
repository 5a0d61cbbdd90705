import type { CivilDate } from '../../domain/calendar';
import type { ObjectionGroup, PaperObjection } from '../../domain/forms/public-notice';
import {
  noticedPlan,
  OBJECTION_SUBJECTS,
  type Hanging,
  type NoticedPlan,
  type NoticeFacts,
} from '../../domain/notice';
import { budgetOf, type Plan } from '../../domain/plan';
import type { ProjectCommunity } from '../../domain/project';
import type { ObjectionDigest } from '../../domain/world';
import type { StepDesk } from '../step';

interface Posted {
  readonly id: string;
  readonly name: string;
  readonly plan: NoticedPlan;
  hanging?: Hanging;
  certified: boolean;
}

/** What a running notice knows, and shows to the public: where it hangs until when, and what came in on paper. */
export class NoticeBoard {
  private readonly communities: readonly Posted[];
  private readonly paper: PaperObjection[] = [];
  private phase: NoticeFacts['phase'] = 'posting';
  private counted = false;
  /** Objections in time, online and on paper. */
  received = 0;
  late = 0;

  constructor(
    private readonly desk: StepDesk,
    private readonly plan: Plan,
    communities: readonly ProjectCommunity[],
  ) {
    this.communities = plan.communities.map((one) => {
      const id = one.communityId;
      const name = communities.find((community) => community.id === id)?.name ?? id;
      return { id, name, plan: noticedPlan(one, name, desk.place.policy), certified: false };
    });
    this.show();
  }

  named(): { id: string; name: string }[] {
    return this.communities.map(({ id, name }) => ({ id, name }));
  }

  community(id: string): Posted {
    const found = this.communities.find((one) => one.id === id);
    if (!found) throw new RangeError(`no community ${id} on this notice`);
    return found;
  }

  /** It hangs, or its last day has moved: a standstill, a new list of holidays. */
  hangs(id: string, hanging: Hanging): void {
    this.community(id).hanging = hanging;
    if (this.communities.every((one) => one.hanging)) this.phase = 'posted';
    const { lastDay, provisional, postedOn } = hanging;
    this.desk.tell('notice-period', { community: id, postedOn, lastDay, provisional });
    this.show();
  }

  certified(id: string): void {
    this.community(id).certified = true;
    this.show();
  }

  /** Enters what came on paper; answers whether it came too late to be answered with the others. */
  enter(objections: readonly PaperObjection[]): boolean {
    if (this.counted) this.late += sum(objections.map(({ count }) => count));
    else this.paper.push(...objections);
    return this.counted;
  }

  /** Puts online and paper together, like to like. From here on, what comes is late. */
  count(digest: ObjectionDigest): ObjectionGroup[] {
    this.counted = true;
    this.late += digest.late;
    const groups = new Map<string, ObjectionGroup>();
    for (const { group, title, count } of digest.groups)
      groups.set(group, { group, title, count, gists: [] });
    for (const { subject, count, gist } of this.paper) {
      const found = groups.get(subject) ?? {
        group: subject,
        title: OBJECTION_SUBJECTS[subject],
        count: 0,
        gists: [],
      };
      groups.set(subject, { ...found, count: found.count + count, gists: [...found.gists, gist] });
    }
    const all = [...groups.values()];
    this.received = sum(all.map(({ count }) => count));
    this.phase = 'answering';
    this.show();
    return all;
  }

  close(): void {
    this.phase = 'closed';
    this.show();
  }

  /** Of the community that was posted last, and of the one that hangs longest. */
  span(): { postedOn: CivilDate; lastDay: CivilDate } {
    const hanging = this.communities.flatMap((one) => one.hanging ?? []);
    const latest = (days: CivilDate[]): CivilDate => days.sort().at(-1) ?? '';
    return {
      postedOn: latest(hanging.map(({ postedOn }) => postedOn)),
      lastDay: latest(hanging.map(({ lastDay }) => lastDay)),
    };
  }

  private show(): void {
    const facts: NoticeFacts = {
      phase: this.phase,
      communities: this.communities.map(({ plan, hanging, certified }) => ({
        ...plan,
        ...hanging,
        certified,
      })),
      mode: this.plan.mode,
      budgetFen: budgetOf(this.plan),
      ...(this.phase === 'posting' ? {} : this.span()),
      provisional: this.communities.some(({ hanging }) => hanging?.provisional),
      ...(this.counted ? { objections: this.received } : {}),
    };
    this.desk.show(facts);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
