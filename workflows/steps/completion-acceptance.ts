import { condition } from '@temporalio/workflow';
import { personsOf } from '../../domain/actor';
import type { CivilDate } from '../../domain/calendar';
import { acceptanceFiling, acceptanceFilingReceipt } from '../../domain/forms/acceptance-beside';
import { acceptanceReport, type ReportContext } from '../../domain/forms/acceptance-signing';
import type { AcceptanceOutput } from '../../domain/outputs';
import type { Seat } from '../../policy/keys';
import { anyOf } from '../assembly';
import { defineStep, type StepDesk } from '../step';
import { TaskClosed } from '../task-desk';
import { meetingWithResidents, type AcceptanceInput, type Meeting } from './acceptance-meeting';
import { allSigned, type Signed } from './acceptance-signatures';
import { findingsAtAcceptance, type OpenFindings } from './open-findings';
import { acceptedByOperator, concernedOperators, type ConcernedOperator } from './operator-acceptance';

const OWNER: Seat = { body: 'project-owner', level: 'market' };
const COUNTY_HOUSING: Seat = { body: 'housing', level: 'county' };

/** P2.4.1, P2.4.2: the owner convenes, residents are present and heard, all parties sign, county housing files it. */
export const completionAcceptance = defineStep(
  'completion-acceptance',
  'completionAcceptance',
  async (desk, input: AcceptanceInput): Promise<AcceptanceOutput> => {
    const findings = findingsAtAcceptance(desk);
    const meeting = await meetingWithResidents(desk, input);
    const operators = openOperators(desk, await concernedOperators(desk, input.planned));
    const signed = await allSigned(desk, meeting, input);
    const acceptedOn = await reported(desk, meeting, signed, findings);
    await filed(desk, acceptedOn);
    return {
      acceptedOn,
      residentsPresent: meeting.present.reduce((sum, one) => sum + one, 0),
      operatorsPending: operators.leave(),
    };
  },
);

/** The owner's report, when no finding on quality or safety is open; one that comes up meanwhile blocks it. */
async function reported(
  desk: StepDesk,
  meeting: Meeting,
  signed: Signed,
  findings: OpenFindings,
): Promise<CivilDate> {
  const { length, basis } = desk.place.period('acceptance-invitation');
  const context = (): ReportContext => ({
    meeting: {
      invitedOn: meeting.invitedOn,
      heldOn: meeting.heldOn,
      invitation: meeting.invitation,
      representativesPresent: Math.min(...meeting.present),
      neighbourhoodAttests: meeting.attested,
      ...signed,
      openFindings: findings.open(),
    },
    periods: { 'acceptance-invitation': { length, basis } },
  });
  await condition(() => findings.open().length === 0);
  const asked = await desk.assign(acceptanceReport, { seat: OWNER, context: context() });
  findings.onChange = () => asked.forEach(({ id }) => desk.refresh(id, context()));
  const { form } = await anyOf(asked);
  findings.close();
  return form.acceptedOn;
}

/** Filed with county housing within 15 days of acceptance (建设工程质量管理条例 49); a late filing is a breach. */
async function filed(desk: StepDesk, acceptedOn: CivilDate): Promise<void> {
  const due = desk.place.period('acceptance-filing');
  for (let remarks: string | undefined; ;) {
    const context = { acceptedOn, ...(remarks === undefined ? {} : { remarks }) };
    const filing = await desk.ask(acceptanceFiling, { seat: OWNER, context, due, dueFrom: acceptedOn });
    const { form } = await desk.ask(acceptanceFilingReceipt, {
      seat: COUNTY_HOUSING,
      context: { ...context, form: filing.form.form },
      notBy: personsOf(filing.by),
    });
    if (form.received) return;
    remarks = form.remarks;
  }
}

/** Operators accept theirs beside the others; whoever has not by the step's end follows before handover (P2.4.2). */
function openOperators(desk: StepDesk, operators: readonly ConcernedOperator[]) {
  const pending = new Set(operators.map(({ organisation }) => organisation));
  const closers: ((because: string) => void)[] = [];
  for (const operator of operators) {
    const accepting = acceptedByOperator(desk, operator, (task) => closers.push((why) => task.close(why)));
    accepting.then(
      () => void pending.delete(operator.organisation),
      (error: unknown) => {
        if (!(error instanceof TaskClosed)) desk.place.spawn(() => Promise.reject(error));
      },
    );
  }
  return {
    leave(): string[] {
      for (const close of closers) close('专营设施验收转至移交前办理');
      return [...pending].sort();
    },
  };
}
