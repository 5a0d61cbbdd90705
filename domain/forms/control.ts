import { z } from 'zod';
import { RETURN_WAYS, returnWayNames } from '../come-back';
import type { Json } from '../events';
import { isBefore, STEP_ORDER } from '../project';
import { stageTitles } from '../words';
import { ownersVoteRefusals } from '../owners-vote';
import { refusal, type Refusal } from '../refusal';
import { defineAct, defineTask, SAMPLE_ATTACHMENT } from '../task';
import { attachment, choice, fen, prose, yesNo } from './fields';
import { areaCount, ownerCount, ownersTally, sampleTally } from './tally';
import { parseSeat, type Seat, type Step } from '../../policy/keys';
import type { PolicySnapshot } from '../../policy/snapshot';

/** What the rules of the controls look at: where the project stands. */
export interface ControlContext {
  /** Steps that are running now. */
  readonly steps: readonly Step[];
  /** Steps to which the project may be turned back now; empty if none. */
  readonly returnable: readonly Step[];
}

export type Stretch = 'before-submission' | 'before-joint-document' | 'before-contracts' | 'after-contracts';
type ControlAct = PolicySnapshot['controlRights'][number]['act'];

const seats = (texts: readonly string[]): Seat[] => texts.flatMap((text) => parseSeat(text) ?? []);

/** Who may stop a project in this way at this stretch of its life, and who must consent: by the policy's list. */
export function controlRight(
  policy: Pick<PolicySnapshot, 'controlRights'>,
  act: ControlAct,
  stretch: Stretch,
): { seats: Seat[]; consent: Seat[] } | undefined {
  const right = policy.controlRights.find(
    (one) => one.act === act && (one.during?.includes(stretch) ?? true),
  );
  return right && { seats: seats(right.seats), consent: seats(right.consent) };
}

/** Who may turn the project back from where it is, and how far (P2.x; domain.md: return). */
export function returnRight(
  policy: Pick<PolicySnapshot, 'returnRights'>,
  from: readonly Step[],
  stretch: Stretch,
): { to: Step[]; seats: Seat[] } {
  const rights = policy.returnRights.filter((right) => right.from.some((step) => from.includes(step)));
  const floor: Step | undefined =
    stretch === 'after-contracts'
      ? 'construction'
      : stretch === 'before-contracts'
        ? 'scheme-review'
        : undefined;
  const to = STEP_ORDER.filter(
    (step) =>
      rights.some((right) => right.to.includes(step)) && (floor === undefined || !isBefore(step, floor)),
  );
  return { to, seats: seats([...new Set(rights.flatMap((right) => right.seats))]) };
}

const reason = prose('理由');

export const suspension = defineAct({
  act: 'suspension',
  title: '暂停项目',
  titleEn: 'Suspend the project',
  step: 'control',
  clause: 'P1.4',
  seats: [],
  form: (_: ControlContext) => z.strictObject({ reason }),
  example: () => ({ reason: '样例：汛期停工' }),
});

export const resumption = defineAct({
  act: 'resumption',
  title: '恢复项目',
  titleEn: 'Resume the project',
  step: 'control',
  clause: 'P1.4',
  seats: [],
  form: (_: ControlContext) => z.strictObject({ reason }),
  example: () => ({ reason: '样例：具备复工条件' }),
});

export const withdrawal = defineAct({
  act: 'withdrawal',
  title: '撤回项目',
  titleEn: 'Withdraw the project',
  step: 'control',
  clause: 'P2.1.4',
  seats: [],
  form: (_: ControlContext) => z.strictObject({ reason }),
  example: () => ({ reason: '样例：小区纳入拆除新建范围' }),
});

export const cancellation = defineAct({
  act: 'cancellation',
  title: '取消项目',
  titleEn: 'Cancel the project after contracts',
  step: 'control',
  clause: 'P2.4.3',
  seats: [],
  form: (_: ControlContext) =>
    z.strictObject({ reason, settlementFen: fen('结算金额'), settlement: attachment('结算文件') }),
  example: () => ({
    reason: '样例：不可抗力，无法继续实施',
    settlementFen: 0,
    settlement: SAMPLE_ATTACHMENT,
  }),
});

export const turnBack = defineAct({
  act: 'return',
  title: '退回',
  titleEn: 'Return to an earlier step',
  step: 'control',
  clause: 'P1.4',
  seats: [],
  form: (_: ControlContext) =>
    z.strictObject({
      to: choice('退回到', STEP_ORDER, stageTitles),
      reason,
      then: choice('重新办理方式（不填写的，逐步重新办理）', RETURN_WAYS, returnWayNames).optional(),
    }),
  rules: (form, { returnable }) =>
    returnable.includes(form.to)
      ? []
      : [
          refusal(
            returnable.length > 0 ? `当前只能退回到：${returnable.join('、')}` : '当前步骤不能退回',
            returnable.length > 0
              ? `From here only: ${returnable.join(', ')}`
              : 'Nothing to return to from here',
            { path: 'to', clause: 'P1.4', basis: '联合行文后不得退回第7步以前，合同签订后不得退回第9步以前' },
          ),
        ],
  example: ({ returnable }) => ({ to: returnable[0] ?? 'needs-collection', reason: '样例：需重新征求意见' }),
});

export interface ConsentContext {
  readonly act: string;
  readonly title: string;
  readonly reason: string;
  readonly form: Json;
  readonly by: string;
}

/** Consent to a withdrawal or cancellation, by the seats that the policy names. */
export const controlConsent = defineTask({
  kind: 'control-consent',
  title: '同意撤回或取消',
  titleEn: 'Consent to a withdrawal or cancellation',
  step: 'control',
  clause: 'P2.1.4',
  seats: ['*@city', '*@county', '*@subdistrict', '*@neighbourhood'],
  form: (_: ConsentContext) => z.strictObject({ consent: yesNo('同意'), opinion: prose('意见').optional() }),
  example: () => ({ consent: true }),
});

export interface IntakeContext {
  readonly project: string;
  readonly enterAt: Step;
  readonly documents: readonly { readonly step: string; readonly name: string; readonly date: string }[];
}

/** 接入: the city confirms what the county says was done on paper. */
export const intakeConfirmation = defineTask({
  kind: 'intake-confirmation',
  title: '确认接入项目的纸质材料',
  titleEn: 'Confirm the paper record of a project taken in',
  step: 'control',
  clause: 'P1.4',
  seats: ['housing@city'],
  form: (_: IntakeContext) =>
    z.strictObject({
      confirmed: yesNo('材料属实、齐全'),
      opinion: prose('意见').optional(),
    }),
  example: () => ({ confirmed: true }),
});

/** What the owners' vote is judged by; not the whole policy, since every act's context is projected. */
export interface ResidentsVoteContext extends ControlContext {
  readonly communities: readonly { readonly id: string; readonly name: string }[];
  readonly policy: Pick<PolicySnapshot, 'ratios' | 'ownersMatters'>;
}

const NO_ENDING = '未达到民法典 278 的表决比例，项目不因此终止';

/**
 * 居民表决: before contracts are signed, the owners of every community may end the project (民法典 278). Owners decide
 * community by community, so each has its own tally; one that falls short keeps the project going.
 */
export const residentsVote = defineAct({
  act: 'residents-vote',
  title: '居民表决终止项目',
  titleEn: "End the project by the residents' vote",
  step: 'control',
  clause: 'P2.1.3',
  seats: [],
  form: ({ communities }: ResidentsVoteContext) =>
    z.strictObject({
      reason,
      votes: z
        .array(
          z.strictObject({
            community: z.enum(communities.map(({ id }) => id)).meta({ title: '小区' }),
            area: areaCount(),
            owners: ownerCount(),
            tally: attachment('业主表决统计'),
          }),
        )
        .max(communities.length)
        .meta({ title: '各小区表决结果' }),
    }),
  rules: ({ votes }, { communities, policy }) => [
    ...eachOnce(
      communities,
      votes.map(({ community }) => community),
      'votes',
    ),
    ...votes.flatMap((vote, i) =>
      ownersVoteRefusals(ownersTally('end-project', vote), policy).map((short) => ({
        ...short,
        path: `votes.${i}.${short.path ?? ''}`,
        message: `${short.message}；${NO_ENDING}`,
      })),
    ),
  ],
  example: ({ communities }) => ({
    reason: '样例：业主共同决定不再改造',
    votes: communities.map(({ id }) => ({ community: id, ...sampleTally(), tally: SAMPLE_ATTACHMENT })),
  }),
});

function eachOnce(
  communities: readonly { readonly id: string; readonly name: string }[],
  given: readonly string[],
  path: string,
): Refusal[] {
  return communities.flatMap(({ id, name }) =>
    given.filter((one) => one === id).length === 1
      ? []
      : [
          refusal(`${name}应有且只有一份表决结果`, `exactly one tally is needed for ${id}`, {
            path,
            clause: 'P2.1.3',
            basis: '民法典 278',
          }),
        ],
  );
}
