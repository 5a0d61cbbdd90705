/** Completion acceptance (P2.4.1, P2.4.2) and the warranties that run from it. */
import type { Body } from '../policy/keys';
import type { PolicySnapshot } from '../policy/snapshot';
import { lastDay, sameDayMonthsLater, type Calendar, type CivilDate } from './calendar';
import { refusal, type Refusal } from './refusal';

export type FindingKind = 'quality' | 'safety' | 'money' | 'progress' | 'other';

export interface AcceptanceMeeting {
  /** Day of the invitation to the residents that holds. */
  readonly invitedOn: CivilDate;
  readonly heldOn: CivilDate;
  /** 1 for the first invitation, 2 after one without two representatives present. */
  readonly invitation: number;
  readonly representativesPresent: number;
  /** Whether the neighbourhood attests that residents were invited twice and did not come. */
  readonly neighbourhoodAttests?: boolean | undefined;
  /** Who has signed. */
  readonly signatures: readonly Body[];
  /** Whether a surveyor took part in the project. */
  readonly surveyed: boolean;
  readonly openFindings: readonly FindingKind[];
  /** 建设工程质量管理条例 16, and 无障碍环境建设法 17. */
  readonly checks: Readonly<Record<AcceptanceCheck, boolean>>;
}

export const acceptanceChecks = [
  'workComplete',
  'technicalFile',
  'materialTests',
  'qualityStatements',
  'warranty',
  'barrierFree',
] as const;
export type AcceptanceCheck = (typeof acceptanceChecks)[number];

const checkNames: Record<AcceptanceCheck, readonly [zh: string, en: string]> = {
  workComplete: ['完成设计和合同约定的内容', 'the work is complete'],
  technicalFile: ['技术档案和施工管理资料', 'technical file'],
  materialTests: ['主要材料进场试验报告', 'test reports of materials'],
  qualityStatements: ['勘察、设计、施工、监理的质量合格文件', 'quality statements'],
  warranty: ['工程质量保修书', 'warranty'],
  barrierFree: ['无障碍设施验收', 'acceptance of barrier-free facilities'],
};

const names: Partial<Record<Body, string>> = {
  'project-owner': '建设单位',
  designer: '设计单位',
  contractor: '施工单位',
  supervisor: '监理单位',
  surveyor: '勘察单位',
};

const clause = 'P2.4.1';
/** Residents who must be present in each community, unless they were invited twice (ours, M). */
export const REPRESENTATIVES = 2;

/** What a form's context needs of the policy to judge an invitation. */
export interface InvitationPeriod {
  readonly periods: Pick<PolicySnapshot['periods'], 'acceptance-invitation'>;
}

/** Why the acceptance cannot be passed; only open quality and safety findings block it, not those on money. */
export function acceptanceRefusals(
  meeting: AcceptanceMeeting,
  calendar: Calendar,
  policy: InvitationPeriod,
): Refusal[] {
  return [
    ...invitationRefusals(meeting.invitedOn, meeting.heldOn, calendar, policy),
    ...residentRefusals(meeting),
    ...signatureRefusals(meeting),
    ...findingRefusals(meeting.openFindings),
    ...checkRefusals(meeting),
  ];
}

/** Representatives are invited so that the whole period lies between the invitation and the meeting. */
export function invitationRefusals(
  invitedOn: CivilDate,
  heldOn: CivilDate,
  calendar: Calendar,
  policy: InvitationPeriod,
): Refusal[] {
  const { length, basis } = policy.periods['acceptance-invitation'];
  const last = lastDay(calendar, invitedOn, length).date;
  if (heldOn > last) return [];
  return [
    refusal(
      `应提前邀请居民代表，验收不得早于 ${last} 次日`,
      `representatives are invited ahead: not before ${last} has passed`,
      {
        path: 'heldOn',
        clause,
        basis,
      },
    ),
  ];
}

function residentRefusals(meeting: AcceptanceMeeting): Refusal[] {
  if (meeting.representativesPresent >= REPRESENTATIVES) return [];
  if (meeting.invitation < 2) {
    return [
      no(
        'representativesPresent',
        '到场居民代表不足两人，应再次邀请',
        'fewer than two representatives: invite a second time',
      ),
    ];
  }
  return meeting.neighbourhoodAttests
    ? []
    : [
        no(
          'neighbourhoodAttests',
          '再次邀请仍不足两人，应由社区居委会证明',
          'the neighbourhood must attest the second invitation',
        ),
      ];
}

function signatureRefusals(meeting: AcceptanceMeeting): Refusal[] {
  const needed: Body[] = ['project-owner', 'designer', 'contractor', 'supervisor'];
  if (meeting.surveyed) needed.push('surveyor');
  return needed
    .filter((body) => !meeting.signatures.includes(body))
    .map((body) =>
      no(
        'signatures',
        `缺少${names[body] ?? body}签字`,
        `the ${body} has not signed`,
        '建设工程质量管理条例 16',
      ),
    );
}

function findingRefusals(open: readonly FindingKind[]): Refusal[] {
  const blocking = open.filter((kind) => kind === 'quality' || kind === 'safety');
  if (blocking.length === 0) return [];
  return [
    refusal(
      `尚有 ${blocking.length} 个质量或安全问题未销号`,
      `${blocking.length} quality or safety findings are open`,
      {
        path: 'openFindings',
        clause: 'P2.3.4',
      },
    ),
  ];
}

function checkRefusals(meeting: AcceptanceMeeting): Refusal[] {
  return acceptanceChecks
    .filter((check) => !meeting.checks[check])
    .map((check) => {
      const [zh, en] = checkNames[check];
      const basis = check === 'barrierFree' ? '无障碍环境建设法 17' : '建设工程质量管理条例 16';
      return no(`checks.${check}`, `验收条件不具备：${zh}`, `missing for acceptance: ${en}`, basis);
    });
}

export interface Warranty {
  readonly part: 'roof' | 'heating' | 'pipes-and-finishing';
  readonly name: string;
  /** Last day of the warranty. */
  readonly until: CivilDate;
}

/** Heating in Linyi runs from 15 November to 15 March (M, 临沂市供热条例). */
const HEATING_FROM = '11-15';
const HEATING_TO = '03-15';

/** Warranties run from acceptance (建设工程质量管理条例 40); only whole heating seasons count. */
export function warranties(acceptedOn: CivilDate): Warranty[] {
  const year = Number(acceptedOn.slice(0, 4));
  const firstSeason = acceptedOn.slice(5) <= HEATING_FROM ? year : year + 1;
  return [
    { part: 'roof', name: '屋面防水、防渗漏', until: sameDayMonthsLater(acceptedOn, 60) },
    { part: 'heating', name: '供热系统（2 个采暖期）', until: `${firstSeason + 2}-${HEATING_TO}` },
    {
      part: 'pipes-and-finishing',
      name: '电气管线、给排水、设备安装和装修',
      until: sameDayMonthsLater(acceptedOn, 24),
    },
  ];
}

function no(
  path: string,
  message: string,
  messageEn: string,
  basis = '临政办字〔2020〕81号 二(四)',
): Refusal {
  return refusal(message, messageEn, { path, clause, basis });
}
