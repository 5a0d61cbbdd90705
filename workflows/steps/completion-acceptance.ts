import { startOfDay, type CivilDate } from '../../domain/calendar';
import { REPRESENTATIVES } from '../../domain/acceptance';
import * as forms from '../../domain/forms/completion-acceptance';
import type { AcceptanceOutput, Contract, PlanOutput, SchemeOutput, WorksOutput } from '../../domain/outputs';
import { projectTraits } from '../../domain/traits';
import type { Seat } from '../../policy/keys';
import { defineStep, type StepDesk } from '../step';
import { TaskClosed } from '../task-desk';
import { acceptedByOperator, concernedOperators, type ConcernedOperator } from './operator-acceptance';

const OWNER: Seat = { body: 'project-owner', level: 'market' };
const CONTRACTOR: Seat = { body: 'contractor', level: 'market' };
const COUNTY_HOUSING: Seat = { body: 'housing', level: 'county' };

export interface AcceptanceInput {
  readonly planned: PlanOutput;
  readonly scheme: SchemeOutput;
  readonly contracts: readonly Contract[];
  readonly works: WorksOutput;
  readonly communities: readonly forms.NamedCommunity[];
}

/** P2.4.1, P2.4.2: the owner convenes, residents are present and heard, five parties sign, county housing files it. */
export const completionAcceptance = defineStep(
  'completion-acceptance',
  'completionAcceptance',
  async (desk, input: AcceptanceInput): Promise<AcceptanceOutput> => {
    const meeting = await meetingWithResidents(desk, input);
    const operators = openOperators(desk, await concernedOperators(desk, input.planned));
    const surveyed = input.scheme.surveyor !== undefined;
    const signatures = await allSigned(desk, meeting, surveyed);
    const period = desk.place.period('acceptance-invitation');
    const { form: report } = await desk.ask(forms.acceptanceReport, {
      seat: OWNER,
      context: {
        meeting: {
          invitedOn: meeting.invitedOn,
          heldOn: meeting.heldOn,
          invitation: meeting.invitation,
          representativesPresent: Math.min(...meeting.present),
          neighbourhoodAttests: meeting.attested,
          signatures,
          surveyed,
          openFindings: [],
          checks: {
            workComplete: true,
            technicalFile: true,
            materialTests: true,
            qualityStatements: true,
            warranty: true,
            barrierFree: true,
          },
        },
        periods: { 'acceptance-invitation': { length: period.length, basis: period.basis } },
      },
    });
    await filed(desk, report.acceptedOn);
    return {
      acceptedOn: report.acceptedOn,
      residentsPresent: meeting.present.reduce((sum, one) => sum + one, 0),
      operatorsPending: operators.leave(),
    };
  },
);

interface Meeting {
  readonly invitation: number;
  readonly invitedOn: CivilDate;
  readonly heldOn: CivilDate;
  /** Representatives present, by community. */
  readonly present: readonly number[];
  readonly attested: boolean;
  readonly heard: string;
}

/**
 * Invites until at least two residents of every community were present, or the neighbourhood attests that they were
 * invited twice and did not come.
 */
async function meetingWithResidents(desk: StepDesk, input: AcceptanceInput): Promise<Meeting> {
  const { place } = desk;
  const traits = projectTraits(input.planned.plan, input.scheme, input.contracts, place.policy);
  const documents = [
    'as-built-drawings',
    'warranty',
    ...(traits.includes('elevator') ? ['elevator-inspection'] : []),
  ];
  const period = place.period('acceptance-invitation');
  const present = new Map<string, number>();
  const invitedOn: CivilDate[] = [];
  const meetings: CivilDate[] = [];
  const heard: string[] = [];
  let absent = input.communities;
  let attested = false;
  for (let invitation = 1; ; invitation += 1) {
    const request = { seat: OWNER, context: { communities: absent, invitation, period, documents } };
    const { form: call } =
      invitation === 1
        ? await desk.ask(forms.acceptanceConvening, request)
        : await desk.ask(forms.acceptanceInvitation, request);
    invitedOn.push(place.today());
    await place.periodOver(period, place.today(), '邀请居民代表');
    await place.until(startOfDay(call.meetingOn), '竣工验收会议');
    const { form: met } = await desk.ask(forms.acceptanceMeeting, {
      seat: OWNER,
      context: {
        communities: absent,
        invitation,
        invitedOn: invitedOn.at(-1) ?? '',
        meetingOn: call.meetingOn,
      },
    });
    meetings.push(met.heldOn);
    if (met.heard) heard.push(met.heard);
    for (const one of met.attendance) present.set(one.community, one.present);
    absent = absent.filter(({ id }) => (present.get(id) ?? 0) < REPRESENTATIVES);
    if (absent.length > 0 && invitation > 1) {
      absent = await notAttested(desk, absent, invitedOn, meetings);
      attested = true;
    }
    if (absent.length === 0) {
      return {
        invitation,
        invitedOn: invitedOn.at(-1) ?? '',
        heldOn: met.heldOn,
        present: [...present.values()],
        attested,
        heard: heard.join('\n'),
      };
    }
  }
}

async function notAttested(
  desk: StepDesk,
  absent: readonly forms.NamedCommunity[],
  invitedOn: readonly CivilDate[],
  meetings: readonly CivilDate[],
): Promise<forms.NamedCommunity[]> {
  const asked = await desk.assignEach(
    forms.acceptanceAttestation,
    {
      seat: { body: 'neighbourhood', level: 'neighbourhood' },
      communities: absent.map(({ id }) => id),
    },
    ({ community }) => ({
      community: community ?? '',
      name: absent.find(({ id }) => id === community)?.name ?? '',
      invitedOn,
      meetings,
    }),
  );
  const answers = await Promise.all(asked.map(({ answer }) => answer));
  return absent.filter((_, i) => answers[i]?.form.attested !== true);
}

/** All-of; whoever refuses lists defects, the contractor mends them, and only those sign again. */
async function allSigned(desk: StepDesk, meeting: Meeting, surveyed: boolean): Promise<forms.SigningBody[]> {
  const bodies: forms.SigningBody[] = [
    'project-owner',
    'designer',
    'contractor',
    'supervisor',
    ...(surveyed ? (['surveyor'] as const) : []),
  ];
  const mended = new Map<forms.SigningBody, forms.MendedDefect[]>();
  let mender: string | undefined;
  for (let left = bodies; left.length > 0;) {
    const opinions = await Promise.all(
      left.map(async (body) => {
        const request = {
          seat: { body, level: 'market' } as const,
          context: { body, heldOn: meeting.heldOn, heard: meeting.heard, mended: mended.get(body) ?? [] },
          notBy: mender === undefined ? [] : [mender],
        };
        const { form } =
          body === 'project-owner'
            ? await desk.ask(forms.acceptanceOwnerSignature, request)
            : await desk.ask(forms.acceptanceSignature, request);
        return { body, accepted: form.accepted, defects: form.defects ?? [] };
      }),
    );
    const refused = opinions.filter(({ accepted }) => !accepted);
    left = refused.map(({ body }) => body);
    if (left.length === 0) break;
    const defects = refused.flatMap(({ body, defects: whats }) =>
      whats.map((what, i) => ({ id: `${body}-${i + 1}`, by: body, what })),
    );
    desk.tell('acceptance-refused', { defects });
    const { form: done, by } = await desk.ask(forms.acceptanceRectification, {
      seat: CONTRACTOR,
      context: { defects },
      due: desk.place.period('finding-answer'),
    });
    mender = by.user;
    for (const body of left) {
      mended.set(
        body,
        defects
          .filter((defect) => defect.by === body)
          .map(({ id, what }) => ({
            defect: what,
            how: done.measures.find(({ defect }) => defect === id)?.how ?? '',
          })),
      );
    }
  }
  return bodies;
}

/** Filed with county housing within 15 days of acceptance (建设工程质量管理条例 49); the late filing is a breach. */
async function filed(desk: StepDesk, acceptedOn: CivilDate): Promise<void> {
  const due = desk.place.period('acceptance-filing');
  for (let remarks: string | undefined; ;) {
    const context = { acceptedOn, ...(remarks === undefined ? {} : { remarks }) };
    const filing = await desk.ask(forms.acceptanceFiling, { seat: OWNER, context, due, dueFrom: acceptedOn });
    const { form } = await desk.ask(forms.acceptanceFilingReceipt, {
      seat: COUNTY_HOUSING,
      context: { ...context, form: filing.form.form },
      notBy: [filing.by.user],
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
