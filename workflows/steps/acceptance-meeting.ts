import { REPRESENTATIVES } from '../../domain/acceptance';
import { startOfDay, type CivilDate } from '../../domain/calendar';
import * as forms from '../../domain/forms/completion-acceptance';
import type { Contract, PlanOutput, SchemeOutput, WorksOutput } from '../../domain/outputs';
import { projectTraits } from '../../domain/traits';
import type { Seat } from '../../policy/keys';
import type { StepDesk } from '../step';

const OWNER: Seat = { body: 'project-owner', level: 'market' };

export interface AcceptanceInput {
  readonly planned: PlanOutput;
  readonly scheme: SchemeOutput;
  readonly contracts: readonly Contract[];
  readonly works: WorksOutput;
  readonly communities: readonly forms.NamedCommunity[];
}

export interface Meeting {
  /** How often residents were invited; the dates are those of the last time. */
  readonly invitation: number;
  readonly invitedOn: CivilDate;
  readonly heldOn: CivilDate;
  /** Representatives present, by community. */
  readonly present: readonly number[];
  /** The neighbourhood attests for those communities from which too few came twice. */
  readonly attested: boolean;
  readonly heard: string;
}

/**
 * Invites until at least two residents of every community were present, or the neighbourhood attests that they were
 * invited twice and did not come (P2.4.1).
 */
export async function meetingWithResidents(desk: StepDesk, input: AcceptanceInput): Promise<Meeting> {
  const { place } = desk;
  const period = place.period('acceptance-invitation');
  const documents = documentsOnTheTable(desk, input);
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
    const today = place.today();
    invitedOn.push(today);
    desk.show({ invitation, invitedOn: today, meetingOn: call.meetingOn });
    await place.periodOver(period, today, '邀请居民代表');
    await place.until(startOfDay(call.meetingOn), '竣工验收会议');
    const { form: met } = await desk.ask(forms.acceptanceMeeting, {
      seat: OWNER,
      context: { communities: absent, invitation, invitedOn: today, meetingOn: call.meetingOn },
    });
    meetings.push(met.heldOn);
    if (met.heard) heard.push(met.heard);
    for (const one of met.attendance) present.set(one.community, one.present);
    absent = absent.filter(({ id }) => (present.get(id) ?? 0) < REPRESENTATIVES);
    if (absent.length > 0 && invitation > 1) {
      absent = await notAttested(desk, absent, invitedOn, meetings);
      attested = true;
    }
    if (absent.length > 0) continue;
    desk.show({ invitation, heldOn: met.heldOn, present: Object.fromEntries(present), attested });
    const numbers = [...present.values()];
    return {
      invitation,
      invitedOn: today,
      heldOn: met.heldOn,
      present: numbers,
      attested,
      heard: heard.join('\n'),
    };
  }
}

function documentsOnTheTable(desk: StepDesk, { planned, scheme, contracts }: AcceptanceInput): string[] {
  const traits = projectTraits(planned.plan, scheme, contracts, desk.place.policy);
  return ['as-built-drawings', 'warranty', ...(traits.includes('elevator') ? ['elevator-inspection'] : [])];
}

/** Communities whose neighbourhood does not attest: their residents are invited once more. */
async function notAttested(
  desk: StepDesk,
  absent: readonly forms.NamedCommunity[],
  invitedOn: readonly CivilDate[],
  meetings: readonly CivilDate[],
): Promise<forms.NamedCommunity[]> {
  const open = await Promise.all(
    absent.map(async ({ id, name }) => {
      const { form } = await desk.ask(forms.acceptanceAttestation, {
        seat: { body: 'neighbourhood', level: 'neighbourhood' },
        communities: [id],
        context: { community: id, name, invitedOn, meetings },
      });
      return form.attested ? [] : [{ id, name }];
    }),
  );
  return open.flat();
}
