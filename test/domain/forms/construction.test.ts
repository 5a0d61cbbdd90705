import * as changes from '../../../domain/forms/changes';
import * as forms from '../../../domain/forms/construction';
import * as findings from '../../../domain/forms/findings';
import * as payments from '../../../domain/forms/payments';
import { linyi } from '../../../policy/linyi';
import { policySnapshot } from '../../../policy/snapshot';
import { ACCEPTED, against, exampleOf, on } from './moment';

const { ratios } = policySnapshot(linyi);
const at = on('2027-03-15');

describe('forms of construction', () => {
  it('P2.3.4: permit, start and completion are days that have been, in their order', () => {
    const permit = exampleOf(forms.constructionPermit, { items: [] }, at);
    expect(against(forms.constructionPermit, { items: [] }, permit, at)).toEqual(ACCEPTED);
    expect(
      against(forms.constructionPermit, { items: [] }, { ...permit, date: '2027-03-16' }, at).refusals,
    ).toMatchObject([{ clause: 'P2.3.4', path: 'date' }]);
    const start = { permitOn: '2027-03-01', extensions: 0 };
    const order = exampleOf(forms.constructionStart, start, at);
    expect(against(forms.constructionStart, start, order, at)).toEqual(ACCEPTED);
    expect(
      against(forms.constructionStart, start, { ...order, startedOn: '2027-02-28' }, at).refusals,
    ).toMatchObject([{ path: 'startedOn' }]);
    const complete = { startedOn: '2027-03-10', openFindings: [], pendingChanges: 0 };
    const report = exampleOf(forms.completionReport, complete, at);
    expect(against(forms.completionReport, complete, report, at)).toEqual(ACCEPTED);
    expect(
      against(forms.completionReport, complete, { ...report, completedOn: '2027-03-09' }, at).refusals,
    ).toMatchObject([{ path: 'completedOn' }]);
  });

  it('P2.3.4: the start is put off twice at most, between permit and start, one application at a time', () => {
    const asked = (change: Partial<forms.ExtensionContext>) =>
      against(
        forms.startExtension,
        { permitOn: '2027-03-01', extensions: 0, asked: false, started: false, ...change },
        { reason: '样例' },
      ).refusals;
    expect(asked({})).toEqual([]);
    expect(asked({ extensions: 1 })).toEqual([]);
    for (const change of [{ extensions: 2 }, { asked: true }, { started: true }]) {
      expect(asked(change)).toMatchObject([{ clause: 'P2.3.4', basis: '建筑法 9' }]);
    }
    expect(
      against(forms.startExtension, { extensions: 0, asked: false, started: false }, { reason: '样例' })
        .refusals,
    ).toHaveLength(1);
  });

  it('P5.3: examples of the monthly progress bring a project to its end in two months', () => {
    const context = { month: '2027-03', certified: 0 };
    const first = exampleOf(forms.monthlyProgress, context, at);
    expect(first.percent).toBe(50);
    expect(exampleOf(forms.monthlyProgress, { ...context, certified: 50 }, at).percent).toBe(100);
    for (const certified of [0, 49, 50, 99]) {
      const asked = { ...context, certified };
      expect(against(forms.monthlyProgress, asked, exampleOf(forms.monthlyProgress, asked, at), at)).toEqual(
        ACCEPTED,
      );
    }
  });

  it('P2.3.4: progress never goes back, and at most what was reported is certified', () => {
    expect(
      against(forms.monthlyProgress, { month: '2027-03', certified: 60 }, { percent: 59, summary: '样例' })
        .refusals,
    ).toMatchObject([{ path: 'percent' }]);
    const context = { month: '2027-03', certified: 40, reported: 60, summary: '样例' };
    const example = exampleOf(forms.progressCertificate, context, at);
    expect(against(forms.progressCertificate, context, example, at)).toEqual(ACCEPTED);
    const certified = (percent: number, change = {}) =>
      against(forms.progressCertificate, context, { ...example, percent, ...change }).refusals;
    expect(certified(61)).toMatchObject([{ path: 'percent' }]);
    expect(certified(39, { opinion: '样例' })).toMatchObject([{ path: 'percent' }]);
    expect(certified(50)).toMatchObject([{ path: 'opinion' }]);
    expect(certified(50, { opinion: '样例：绿化未完成' })).toEqual([]);
  });

  it('P2.3.4: open findings and undecided changes refuse the report of completion, each by name', () => {
    const context = { startedOn: '2027-03-10', openFindings: ['渗漏', '临边防护'], pendingChanges: 1 };
    const report = exampleOf(forms.completionReport, context, at);
    const { refusals } = against(forms.completionReport, context, report, at);
    expect(refusals.map(({ message }) => message)).toEqual([
      '质量安全问题未销号：渗漏',
      '质量安全问题未销号：临边防护',
      '尚有工程变更未办结',
    ]);
  });

  it('P4.5: an operator reports the day on which its own works were complete', () => {
    const context = { name: '样例', startedOn: '2027-03-10' };
    const example = exampleOf(forms.operatorCompletion, context, at);
    expect(against(forms.operatorCompletion, context, example, at)).toEqual(ACCEPTED);
    expect(
      against(forms.operatorCompletion, context, { ...example, completedOn: '2027-03-16' }, at).refusals,
    ).toHaveLength(1);
  });
});

describe('what is begun on a site', () => {
  it('P2.3.4: a finding names a party that there is, and none is opened after completion', () => {
    const context = { parties: [{ organisation: 'builder-1', name: '样例' }], completed: false };
    const example = exampleOf(findings.finding, context);
    expect(against(findings.finding, context, example)).toEqual(ACCEPTED);
    expect(against(findings.finding, context, { ...example, found: 'stranger' }).refusals).toMatchObject([
      { path: 'found' },
    ]);
    expect(against(findings.finding, { ...context, completed: true }, example).refusals).toHaveLength(1);
  });

  it('P2.3.4: an answer shows what was put right, or disputes it once', () => {
    const seen = { remarks: [], disputable: true };
    expect(against(findings.findingAnswer, seen, exampleOf(findings.findingAnswer, seen))).toEqual(ACCEPTED);
    expect(
      against(findings.findingAnswer, seen, { answer: 'rectified', text: '样例' }).refusals,
    ).toMatchObject([{ path: 'evidence' }]);
    const dispute = { answer: 'disputed', text: '样例' };
    expect(against(findings.findingAnswer, seen, dispute)).toEqual(ACCEPTED);
    expect(against(findings.findingAnswer, { ...seen, disputable: false }, dispute).refusals).toMatchObject([
      { path: 'answer' },
    ]);
    expect(against(findings.findingClosure, seen, { accepted: false }).refusals).toMatchObject([
      { path: 'remarks' },
    ]);
    expect(against(findings.findingClosure, seen, exampleOf(findings.findingClosure, seen))).toEqual(
      ACCEPTED,
    );
    expect(against(findings.findingDispute, seen, exampleOf(findings.findingDispute, seen))).toEqual(
      ACCEPTED,
    );
  });

  const money = {
    contractFen: 1_000_000,
    approvedChangesFen: 0,
    advanceFen: 100_000,
    certified: 5_000,
    paidFen: 0,
  };
  const lots = [{ lot: 'L1', name: '样例', ...money }];

  it('P2.3.4: a change keeps the price above what is paid or pending, and names a contract', () => {
    const context = {
      lots: [{ ...lots[0], paidFen: 400_000 }],
      estimateFen: 1,
      committedFen: 1,
      completed: false,
    };
    const example = exampleOf(changes.change, context);
    const asked = (change: Record<string, unknown>) =>
      against(changes.change, context, { ...example, ...change }).refusals;
    expect(asked({})).toEqual([]);
    expect(asked({ amountFen: -600_000 })).toEqual([]);
    expect(asked({ amountFen: -600_001 })).toMatchObject([{ clause: 'P2.3.4', path: 'amountFen' }]);
    expect(asked({ lot: 'L9' })).toMatchObject([{ path: 'lot' }]);
    for (const kind of [changes.changeReview, changes.changeApproval]) {
      expect(against(kind, {}, exampleOf(kind, {}))).toEqual(ACCEPTED);
      expect(against(kind, {}, { accepted: false }).refusals).toMatchObject([{ path: 'remarks' }]);
    }
  });

  it('P2.3.4: a payment over what advance and certified progress bear is refused, to the fen', () => {
    // Half the advance is offset by half the progress: 50,000 and 80 % of 500,000.
    const context = { lots, ratios, completed: false };
    const example = exampleOf(payments.payment, context);
    expect(example).toMatchObject({ lot: 'L1', amountFen: 450_000 });
    expect(against(payments.payment, context, example)).toEqual(ACCEPTED);
    const asked = (change: Record<string, unknown>) =>
      against(payments.payment, context, { ...example, ...change }).refusals;
    expect(asked({ amountFen: 450_001 })).toMatchObject([{ clause: 'P2.3.4', path: 'amountFen' }]);
    expect(asked({ amountFen: 0 })).toHaveLength(1);
    expect(asked({ lot: 'L9' })).toMatchObject([{ path: 'lot' }]);
    expect(against(payments.payment, { ...context, completed: true }, example).refusals).toHaveLength(1);
  });

  it('P2.3.4: the supervisor certifies at most what is asked, finance pays what is certified, with its voucher', () => {
    const context = {
      id: 'P1',
      lot: 'L1',
      name: '样例',
      payee: 'b',
      amountFen: 450_000,
      invoice: 'x',
      money,
      ratios,
    };
    const { paymentCertificate: certificate, paymentConfirmation: confirmation } = payments;
    expect(against(certificate, context, exampleOf(certificate, context))).toEqual(ACCEPTED);
    expect(against(certificate, context, { accepted: true, amountFen: 450_001 }).refusals[0]).toMatchObject({
      path: 'amountFen',
    });
    expect(against(certificate, context, { accepted: false }).refusals).toMatchObject([{ path: 'remarks' }]);
    expect(against(confirmation, context, exampleOf(confirmation, context))).toEqual(ACCEPTED);
    expect(against(confirmation, context, { accepted: true }).refusals).toMatchObject([{ path: 'voucher' }]);
    const spent = { ...context, money: { ...money, paidFen: 1 } };
    expect(against(confirmation, spent, exampleOf(confirmation, context)).refusals).toMatchObject([
      { path: 'amountFen' },
    ]);
  });
});
