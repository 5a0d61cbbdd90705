import { z } from 'zod';
import { NOTIFICATION_KINDS, type NotificationKind } from '../../domain/notification/notification';
import { bodies, levels, officeRoles, steps } from '../../policy/keys';
import { instant } from '../http/fields';

/** Shapes that several resources answer. */

/** Beside ids: the names of those who acted, for whoever may read what they did. */
export const peopleView = z
  .record(z.string(), z.string())
  .meta({ description: '文中人员：编号对应的姓名或用户名；已不在的不列' });

/** Plain JSON whose shape its step or form decides. */
export const anyJson = z.unknown();

export const seatView = z.object({ body: z.enum(bodies), level: z.enum(levels) }).meta({ id: 'Seat' });

export const actorView = z
  .object({
    user: z.string(),
    for: z.string().optional().meta({ description: '代理：`user` for this user of the organisation' }),
    organisation: z.string(),
    recordedBy: z
      .object({ organisation: z.string(), user: z.string(), confirmedBy: z.string().optional() })
      .optional()
      .meta({ description: '代录：recorded by A for B' }),
  })
  .meta({ id: 'Actor' });

export const dueView = z
  .object({
    at: instant,
    date: z.string(),
    period: z.union([
      z.object({ workingDays: z.int() }),
      z.object({ days: z.int() }),
      z.object({ months: z.int() }),
    ]),
    from: z.string(),
    basis: z.string(),
    clause: z.string().optional(),
    provisional: z.boolean().meta({ description: 'Reaches into a year whose holidays are not published' }),
  })
  .meta({ id: 'Due' });

const paperView = z
  .object({ number: z.string(), date: z.string(), attachment: z.string() })
  .meta({ id: 'PaperDecision' });

export const stage = z.enum([...steps, 'annual-plan', 'control']);

export const taskSummary = z
  .object({
    id: z.string(),
    kind: z.string(),
    title: z.string(),
    step: stage,
    round: z.int(),
    projectId: z.string().optional(),
    planYear: z.int().optional(),
    county: z.string().optional(),
    community: z.string().optional(),
    seat: seatView,
    organisation: z.string(),
    paperBy: z.string().optional(),
    status: z.enum(['open', 'completed', 'closed']),
    assignedAt: instant,
    due: dueView.optional(),
    overdue: z.boolean(),
    escalated: z
      .object({ on: z.string(), to: z.array(z.string()) })
      .optional()
      .meta({ description: '升级：已告知上级单位' }),
    suspended: z.boolean(),
    awaitsConfirmation: z
      .boolean()
      .meta({ description: 'A paper decision was entered and awaits its second person' }),
    holder: z.string().optional().meta({ description: '领取、转办：由此人办理' }),
    delegation: z
      .object({ by: z.string(), to: z.string(), answeredAt: instant.optional() })
      .optional()
      .meta({ description: '委派：`to` answers, the final word is `by`’s' }),
    clockStopped: z
      .object({ on: z.string(), until: z.string(), reason: z.string() })
      .optional()
      .meta({ description: '补正：计时中止' }),
    stage: z.enum(officeRoles).optional().meta({ description: '经办、审核、签发：现处环节' }),
    standInFor: z.string().optional().meta({ description: '代理：由您代此人办理' }),
    awaitsCoSigners: z.boolean().meta({ description: '加签未满足' }),
    closedBecause: z.string().optional(),
    closedAt: instant.optional(),
  })
  .meta({ id: 'TaskSummary' });

const left = z
  .object({ workingDays: z.int(), days: z.int() })
  .meta({ description: '距期限：工作日数、自然日数；逾期为负' });

/** A task in a list, with what a page cannot know: it holds no calendar and no register. */
export const taskRowView = taskSummary
  .extend({
    projectName: z.string().optional(),
    left: left.optional(),
    completedAt: instant.optional(),
  })
  .meta({ id: 'TaskRow' });

const coSigningView = z
  .object({
    when: z.enum(['before', 'beside', 'after']),
    rule: z.enum(['all-of', 'any-of', 'in-sequence']),
    question: z.string(),
    signers: z.array(
      z.object({
        organisation: z.string(),
        user: z.string().optional(),
        state: z.enum(['waiting', 'asked', 'agreed', 'refused', 'removed', 'needless']),
        task: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'CoSigning' });

export const signOffView = z
  .object({
    stages: z.array(z.enum(officeRoles)),
    signed: z.array(z.object({ stage: z.enum(officeRoles), by: actorView, at: instant })),
    draft: anyJson.optional().meta({ description: '拟稿；退回后为原拟稿' }),
    returned: z.object({ by: actorView, at: instant, reason: z.string() }).optional(),
  })
  .meta({ id: 'SignOff', description: '经办、审核、签发：仅本单位可见' });

export const taskView = taskSummary
  .extend({
    context: anyJson,
    delegateAnswer: z
      .object({ form: anyJson, at: instant })
      .optional()
      .meta({ description: '受委派人的办理意见' }),
    coSigning: coSigningView.optional(),
    decided: z
      .object({ form: anyJson, by: actorView, at: instant, lateReason: z.string().optional() })
      .optional()
      .meta({ description: '已决定，待加签人办理后生效' }),
    outcome: z
      .object({
        form: anyJson,
        by: actorView,
        at: instant,
        paper: paperView.optional(),
        lateReason: z.string().optional(),
        sameAs: z.string().optional().meta({ description: '以本单位在另一席位的决定为准：该待办的编号' }),
      })
      .optional(),
    countsFor: z.array(z.string()).optional().meta({ description: '该决定同时作为本单位在这些席位的意见' }),
  })
  .meta({ id: 'Task' });

export const taskDetail = taskView
  .extend({
    signOff: signOffView.optional(),
    projectName: z.string().optional(),
    left: left.optional(),
    people: peopleView,
    titleEn: z.string(),
    clause: z.string(),
    form: anyJson.meta({ description: 'JSON Schema (draft 2020-12) of the completion' }),
    example: anyJson
      .optional()
      .meta({ description: 'A completion that would be accepted as it is now; while open' }),
    acts: z
      .array(
        z.object({
          act: z.string(),
          title: z.string(),
          titleEn: z.string(),
          clause: z.string(),
          href: z.string().meta({ description: 'POST here' }),
          form: anyJson.meta({ description: 'JSON Schema (draft 2020-12)' }),
          example: anyJson.optional(),
        }),
      )
      .meta({ description: 'What you may do with it now beside completing it' }),
    colleagues: z
      .array(z.object({ user: z.string(), displayName: z.string().optional(), roles: z.array(z.string()) }))
      .meta({ description: 'Among whom you choose: the others of your organisation who may do it' }),
  })
  .meta({ id: 'TaskDetail' });

const signatureView = z
  .object({
    at: instant,
    value: z.string().meta({ description: 'Ed25519, hex' }),
    seat: z.string().optional(),
    stage: z.enum(officeRoles).optional().meta({ description: '经办、审核、签发' }),
    certificate: z.object({
      keyId: z.string(),
      use: z.enum(['api', 'worker']),
      publicKey: z.string(),
      notBefore: instant,
      notAfter: instant,
      issuer: z.string(),
      signature: z.string(),
    }),
  })
  .meta({ id: 'EventSignature', description: '办理时由系统签署；与根密钥核对（docs/record.md）' });

export const eventView = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    seq: z.int(),
    at: instant,
    type: z.string(),
    projectId: z.string().optional(),
    planYear: z.int().optional(),
    county: z.string().optional(),
    step: stage.optional(),
    round: z.int().optional(),
    taskId: z.string().optional(),
    by: actorView.optional(),
    reason: z.string().optional(),
    data: anyJson.optional(),
    partial: z.literal(true).optional().meta({ description: '所填内容不在您的查看范围，未显示' }),
    signature: signatureView.optional(),
    previous: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'Event' });

export const notificationKind = z
  .enum(Object.keys(NOTIFICATION_KINDS) as [NotificationKind, ...NotificationKind[]])
  .meta({
    id: 'NotificationKind',
    description: Object.entries(NOTIFICATION_KINDS)
      .map((pair) => pair.join(' '))
      .join('，'),
  });
