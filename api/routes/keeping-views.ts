import { z } from 'zod';
import { steps } from '../../policy/keys';
import { ACCESS_KINDS, type AccessKind } from '../../store/access-log';
import { OUTBOX_STATES } from '../../store/outbox';
import { instant } from '../http/fields';
import { projectStatuses } from './project-schemas';
import { anyJson, notificationKind } from './views';

/** What administrators are answered: the system's state, Schedules, what leaves the house, calendars, policy, the access log. */

const away = z.object({ state: z.literal('away') });

/** What is known of a part, or that it does not answer. */
const part = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.discriminatedUnion('state', [z.object({ state: z.literal('ok'), ...shape }), away]);

export const systemView = z
  .object({
    at: instant,
    mode: z.enum(['live', 'rehearsal']),
    version: z.string(),
    engine: part({ version: z.string() }),
    store: part({ version: z.string() }),
    workers: z.discriminatedUnion('state', [
      z.object({
        state: z.enum(['ok', 'none']).meta({ description: 'none：没有 worker 在取任务' }),
        items: z.array(
          z.object({
            identity: z.string(),
            kind: z.enum(['workflows', 'activities']),
            lastPolledAt: instant,
            polls: z.boolean(),
          }),
        ),
      }),
      away,
    ]),
    outbox: part({
      waiting: z.int(),
      dead: z.int(),
      oldestWaitingAt: instant.optional(),
      oldestDeadAt: instant.optional(),
    }),
    alerts: part({
      open: z.int(),
      needsRepair: z.int().meta({ description: '等待人工修复的流程' }),
      items: z.array(
        z.object({
          kind: z.string(),
          workflowId: z.string(),
          detail: z.string(),
          firstSeen: instant,
          lastSeen: instant,
        }),
      ),
    }),
    record: part({
      lastWrittenAt: instant.optional().meta({ description: '最近一小时内没有写入时不列' }),
      lagMs: z.int().optional().meta({ description: '最近一小时各次写入中最长的滞后；演练时不列' }),
      openWorkflows: z.int(),
      untold: z.int().meta({ description: '已入记录、尚未通知有关人员的事项' }),
      oldestUntoldAt: instant.optional(),
      lastRoot: z.string().optional().meta({ description: '最近的日根' }),
    }),
  })
  .meta({ id: 'System' });

export const scheduleView = z
  .object({
    id: z.string(),
    title: z.string(),
    titleEn: z.string(),
    does: z.string(),
    doesEn: z.string(),
    clause: z.string(),
    state: z.enum(['active', 'paused', 'missing']).meta({ description: 'missing：worker 尚未建立' }),
    note: z.string().optional().meta({ description: '最近一次暂停、恢复或执行的原因' }),
    next: z.array(instant).meta({ description: '今后的执行时间，至多五次；暂停时到期不执行' }),
    missed: z.int().meta({ description: '因停机过久而错过的次数' }),
    recent: z
      .array(
        z.object({
          scheduledAt: instant,
          takenAt: instant,
          workflowId: z.string(),
          outcome: z.enum(['running', 'completed', 'failed', 'expired']).meta({
            description: 'expired：历史已过保存期',
          }),
          result: z.string().optional(),
          resultEn: z.string().optional(),
        }),
      )
      .meta({ description: '最近的执行，最近的在前' }),
  })
  .meta({ id: 'Schedule' });

export const outgoing = z
  .object({
    id: z.string(),
    channel: z.enum(['email', 'webhook']),
    kind: z.string(),
    state: z.enum(OUTBOX_STATES),
    attempts: z.int(),
    nextAt: instant.meta({ description: '下次尝试时间' }),
    lastError: z.string().optional(),
    user: z.string().optional(),
    webhook: z.string().optional(),
    writtenAt: instant,
    sentAt: instant.optional(),
  })
  .meta({ id: 'Outgoing' });

export const accessView = z
  .object({
    at: instant,
    kind: z.enum(Object.keys(ACCESS_KINDS) as [AccessKind, ...AccessKind[]]).meta({
      description: Object.entries(ACCESS_KINDS)
        .map((pair) => pair.join(' '))
        .join('，'),
    }),
    user: z.string(),
    organisation: z.string().optional(),
    of: z.string().meta({ description: '公示、附件、单位或命名空间' }),
    title: z.string().optional().meta({ description: '管理操作的名称' }),
    refs: z.array(z.string()).optional(),
    count: z.int(),
    reason: z.string().optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Access' });

export const yearList = z
  .object({
    year: z.int(),
    off: z.array(z.string()).meta({ description: '放假日' }),
    work: z.array(z.string()).meta({ description: '调休上班日' }),
    source: z.string().optional(),
  })
  .meta({ id: 'CalendarYear' });

export const webhookFields = {
  id: z.string(),
  organisation: z.string(),
  serviceAccount: z.string().optional(),
  url: z.string(),
  kinds: z.array(notificationKind),
  createdBy: z.string(),
  createdAt: instant,
};

export const webhookView = z.object(webhookFields).meta({ id: 'Webhook' });

const difference = z
  .object({
    path: z.string().meta({ description: '政策中的位置，如 periods.public-notice' }),
    title: z.string(),
    before: anyJson,
    after: anyJson,
    until: z.enum(steps).optional().meta({ description: '最后用到它的步骤；没有则直至项目结束' }),
  })
  .meta({ id: 'PolicyDifference' });

export const touched = z
  .object({
    projectId: z.string(),
    name: z.string(),
    county: z.string(),
    status: z.enum(projectStatuses),
    steps: z.array(z.enum(steps)),
    policyVersion: z.string(),
    differences: z.array(difference),
  })
  .meta({ id: 'TouchedProject' });
