import fc from 'fast-check';
import { ownersVoteTally, type OwnersTallyContext } from '../../../domain/forms/owners-tally';
import {
  noticeCertificate,
  noticePosting,
  objectionAnswer,
  paperObjections,
} from '../../../domain/forms/public-notice';
import { lastDay } from '../../../domain/calendar';
import { holidayCalendar } from '../../../policy/holidays';
import { ACCEPTED, against, exampleOf, on } from './moment';

const period = { length: { workingDays: 5 }, basis: '临政办字〔2020〕81号 二(一)3', clause: 'P2.1.3' };
const posting = { plan: {}, period };
const form = (postedOn: string, until: string) => ({
  place: '样例：南门公告栏',
  postedOn,
  until,
  documents: { 'notice-photo': 'sample-attachment' },
});
const refusalsOn = (today: string, postedOn: string, until: string) =>
  against(noticePosting, posting, form(postedOn, until), on(today)).refusals;

describe('the forms of the public notice', () => {
  it('P2.1.3: a notice of four working days is refused, with the law behind it and the first day that would do', () => {
    const [refused, ...others] = refusalsOn('2025-03-03', '2025-03-03', '2025-03-07');
    expect(refused).toMatchObject({ path: 'until', clause: 'P2.1.3', basis: period.basis });
    expect(refused?.message).toContain('2025-03-10');
    expect(others).toEqual([]);
    expect(refusalsOn('2025-03-03', '2025-03-03', '2025-03-10')).toEqual([]);
  });

  it('P2.1.3: a place may be shown before and after, or only one of both, not neither', () => {
    const refused = (pictures: object[]) =>
      against(noticePosting, posting, { ...form('2025-03-03', '2025-03-10'), pictures }, on('2025-03-03'))
        .refusals;
    const [before, after] = ['sample-attachment', 'sample-attachment'];
    expect(
      refused([
        { what: '南门', before, after },
        { what: '道路', before },
        { what: '绿地', after },
      ]),
    ).toEqual([]);
    expect(refused([{ what: '南门', before }, { what: '道路' }])).toMatchObject([
      { path: 'pictures.1.before', clause: 'P2.1.3' },
    ]);
  });

  it('P2.1.3: an earlier day of posting that is entered shortens nothing', () => {
    expect(refusalsOn('2025-03-10', '2025-03-03', '2025-03-14')).toMatchObject([{ path: 'until' }]);
    expect(refusalsOn('2025-03-10', '2025-03-03', '2025-03-17')).toEqual([]);
  });

  it('P2.1.3: a day of posting in the future and a last day years away are refused', () => {
    expect(refusalsOn('2025-03-03', '2025-03-04', '2025-03-11')).toMatchObject([{ path: 'postedOn' }]);
    expect(refusalsOn('2025-03-03', '2025-03-03', '2525-03-10')).toMatchObject([{ path: 'until' }]);
  });

  it.each([
    ['2020-01-23', '2020-02-07'],
    ['2023-09-28', '2023-10-11'],
    ['2024-02-08', '2024-02-21'],
    ['2026-09-30', '2026-10-13'],
  ])('P2.1.3: posted on %s before a holiday, it hangs until %s', (day, last) => {
    expect(exampleOf(noticePosting, posting, on(day))).toMatchObject({ until: last });
  });

  it('P2.1.3: the example is accepted on every day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), (n) => {
        const today = new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10);
        const at = on(today);
        const example = exampleOf(noticePosting, posting, at);
        expect(against(noticePosting, posting, example, at)).toEqual(ACCEPTED);
        expect(example.until).toBe(lastDay(holidayCalendar, today, period.length).date);
      }),
    );
  });

  it('P2.1.3: no telephone or identity number stands where others read', () => {
    const gist = '联系 13800000000';
    const one = { subject: 'other', count: 1, gist, scan: 'sample-attachment' };
    const communities = [{ id: 'c1', name: '样例小区' }];
    const entered = against(paperObjections, { communities }, { community: 'c1', objections: [one] });
    expect(entered.refusals).toMatchObject([{ path: 'objections.0.gist', basis: '个人信息保护法 6、25' }]);
    const certified = { ...exampleOf(noticeCertificate, {}), objections: [one] };
    expect(against(noticeCertificate, {}, certified).refusals).toMatchObject([{ path: 'objections.0.gist' }]);
    expect(against(paperObjections, { communities }, exampleOf(paperObjections, { communities }))).toEqual(
      ACCEPTED,
    );
  });

  it('P2.1.3: a notice that did not hang throughout needs a word of what happened', () => {
    const torn = { ...exampleOf(noticeCertificate, {}), keptUp: false };
    expect(against(noticeCertificate, {}, torn).refusals).toMatchObject([
      { path: 'remarks', clause: 'P2.1.3' },
    ]);
    expect(against(noticeCertificate, {}, exampleOf(noticeCertificate, {}))).toEqual(ACCEPTED);
  });

  it('P2.1.3: every group of objections is answered once, and what is accepted says what changes', () => {
    const groups = ['items', 'budget'].map((group) => ({ group, title: group, count: 2, gists: [] }));
    const example = exampleOf(objectionAnswer, { groups });
    expect(against(objectionAnswer, { groups }, example)).toEqual(ACCEPTED);
    const [one, two] = example.answers;
    expect(against(objectionAnswer, { groups }, { answers: [one] }).refusals).toMatchObject([
      { path: 'answers' },
    ]);
    const both = against(objectionAnswer, { groups }, { answers: [one, one] }).refusals;
    expect(both.map(({ clause }) => clause)).toEqual(['P2.1.3', 'P2.1.3']);
    const accepted = { answers: [one, { ...two, changesPlan: true }] };
    expect(against(objectionAnswer, { groups }, accepted).refusals).toMatchObject([
      { path: 'answers.1.change' },
    ]);
  });

  it("P2.1.3: a tally of the owners' vote has every matter once, and counts that can be", () => {
    const context: OwnersTallyContext = {
      community: { id: 'c1', name: '样例小区' },
      matters: [
        { matter: 'use-maintenance-fund', amountFen: 1, majority: 'owners-ordinary' },
        { matter: 'change-common-use', amountFen: 0, majority: 'owners-special' },
      ],
    };
    const example = exampleOf(ownersVoteTally, context);
    expect(against(ownersVoteTally, context, example)).toEqual(ACCEPTED);
    const short = { ...example, votes: example.votes.slice(0, 1) };
    expect(against(ownersVoteTally, context, short).refusals).toMatchObject([
      { path: 'votes', basis: '民法典 278' },
    ]);
    const [vote] = example.votes;
    if (vote) vote.owners.agreeing = vote.owners.voting + 1;
    expect(against(ownersVoteTally, context, example).refusals).toMatchObject([{ path: 'votes.0.owners' }]);
  });
});
