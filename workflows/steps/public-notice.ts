import { personsOf } from '../../domain/actor';
import { civilDate, endOfDay } from '../../domain/calendar';
import {
  noticeCertificate,
  noticePosting,
  objectionAnswer,
  paperObjections,
} from '../../domain/forms/public-notice';
import { ownersVoteTally } from '../../domain/forms/owners-tally';
import { ownersTally } from '../../domain/forms/tally';
import { undecidedMatters, type OwnersDecision } from '../../domain/notice';
import type { NoticeOutput, PlanOutput } from '../../domain/outputs';
import { ownersVoteRefusals } from '../../domain/owners-vote';
import type { ProjectCommunity } from '../../domain/project';
import type { Seat } from '../../policy/keys';
import { outside } from '../outside';
import { defineStep, type StepDesk } from '../step';
import { NoticeBoard } from './notice-board';

export interface NoticeInput {
  readonly planned: PlanOutput;
  readonly communities: readonly ProjectCommunity[];
  /** On what the owners have decided before. */
  readonly agreed?: readonly OwnersDecision[];
}

const SUBDISTRICT: Seat = { body: 'subdistrict', level: 'subdistrict' };
const NEIGHBOURHOOD: Seat = { body: 'neighbourhood', level: 'neighbourhood' };

/**
 * 公示改造方案 (P2.1.3): the plan hangs in every community for its working days; then objections are answered. Where
 * the plan uses what belongs to the owners, they vote meanwhile (民法典 278).
 */
export const publicNotice = defineStep(
  'public-notice',
  'publicNotice',
  async (desk, { planned, communities, agreed = [] }: NoticeInput): Promise<NoticeOutput> => {
    const board = new NoticeBoard(desk, planned.plan, communities);
    const [accepted, votes] = await Promise.all([
      hangAndAnswer(desk, board),
      ownersVotes(desk, board, undecidedMatters(planned.plan, agreed, desk.place.policy)),
    ]);
    board.close();
    const { postedOn, lastDay } = board.span();
    const remarks = [...accepted, ...votes.failed];
    return {
      adjust: remarks.length > 0,
      ...(remarks.length === 0 ? {} : { remarks: remarks.join('；') }),
      postedOn,
      endedOn: lastDay,
      objections: board.received,
      lateObjections: board.late,
      ownersAgreed: votes.agreed,
    };
  },
);

/** Answers what of the plan is to change because an objection was accepted. */
async function hangAndAnswer(desk: StepDesk, board: NoticeBoard): Promise<string[]> {
  desk.accept(
    paperObjections,
    () => ({ communities: board.named() }),
    ({ objections }) => ({ late: board.enter(objections) }),
  );
  await Promise.all(board.named().map(({ id }) => hang(desk, board, id)));
  return answerAll(desk, board);
}

/**
 * One community, until its neighbourhood certifies that the notice hung throughout. No act ends the period earlier:
 * the certificate is asked for only when it is over.
 */
async function hang(desk: StepDesk, board: NoticeBoard, id: string): Promise<void> {
  const period = desk.place.period('public-notice');
  const { plan, name } = board.community(id);
  for (let remarks: string | undefined; ;) {
    const posting = await desk.ask(noticePosting, {
      seat: SUBDISTRICT,
      communities: [id],
      context: { plan, period, ...(remarks === undefined ? {} : { remarks }) },
    });
    const { place, until } = posting.form;
    // Whatever day of posting was entered, the days count from the one on which it was recorded here.
    const postedOn = civilDate(Date.parse(posting.at));
    const what = `公示 ${name}`;
    await desk.place.periodOver(period, postedOn, what, ({ date, provisional }) =>
      board.hangs(id, { place, postedOn, lastDay: date > until ? date : until, provisional }),
    );
    await desk.place.until(endOfDay(until), what);
    const { lastDay } = board.community(id).hanging ?? { lastDay: until };
    const { form } = await desk.ask(noticeCertificate, {
      seat: NEIGHBOURHOOD,
      communities: [id],
      context: { community: { id, name }, place, postedOn, lastDay },
      notBy: personsOf(posting.by),
    });
    board.enter(form.objections);
    if (form.keptUp) return board.certified(id);
    remarks = form.remarks;
  }
}

/** Like objections are answered together; late ones are kept, and nobody waits for them. */
async function answerAll(desk: StepDesk, board: NoticeBoard): Promise<string[]> {
  const notice = { projectId: desk.start.projectId ?? '', round: desk.start.round };
  const { lastDay } = board.span();
  const closedAt = new Date(endOfDay(lastDay)).toISOString();
  const groups = board.count(await outside.objections({ ...notice, closedAt }));
  if (groups.length === 0) return [];
  const { form } = await desk.ask(objectionAnswer, {
    seat: SUBDISTRICT,
    context: { groups },
    due: desk.place.period('objection-answer'),
    dueFrom: lastDay,
  });
  await outside.answerObjections({
    ...notice,
    answers: form.answers.map(({ group, answer, changesPlan }) => ({ group, answer, changesPlan })),
  });
  return form.answers.flatMap(({ changesPlan, change }) =>
    changesPlan ? [`采纳居民意见：${change ?? ''}`] : [],
  );
}

interface OwnersVotes {
  readonly agreed: readonly OwnersDecision[];
  readonly failed: readonly string[];
}

/** 业主共同决定 (民法典 278): one tally a community, for all that its owners must decide. */
async function ownersVotes(
  desk: StepDesk,
  board: NoticeBoard,
  undecided: readonly OwnersDecision[],
): Promise<OwnersVotes> {
  const { policy } = desk.place;
  const results = await Promise.all(
    board.named().map(async ({ id, name }): Promise<OwnersVotes> => {
      const matters = undecided.filter(({ community }) => community === id);
      if (matters.length === 0) return { agreed: [], failed: [] };
      const { form } = await desk.ask(ownersVoteTally, {
        seat: NEIGHBOURHOOD,
        communities: [id],
        context: {
          community: { id, name },
          matters: matters.map(({ matter, amountFen }) => ({
            matter,
            amountFen,
            majority: policy.ownersMatters[matter],
          })),
        },
      });
      const short = form.votes.flatMap((vote) =>
        ownersVoteRefusals(ownersTally(vote.matter, vote), policy).map(({ message }) => ({
          matter: vote.matter,
          message,
        })),
      );
      if (short.length > 0) desk.tell('owners-vote-failed', { community: id, short });
      return {
        agreed: matters.filter(({ matter }) => !short.some((one) => one.matter === matter)),
        failed: short.map(({ matter, message }) => `${name}业主表决（${matter}）未通过：${message}`),
      };
    }),
  );
  return {
    agreed: results.flatMap(({ agreed }) => agreed),
    failed: results.flatMap(({ failed }) => failed),
  };
}
