import { z } from 'zod';
import type { ProjectNode } from '../../domain/node';
import { MEASURES } from '../../domain/forms/repair';
import { bodies, periodKeys, steps } from '../../policy/keys';
import { instant } from '../http/fields';
import { anyJson, dueView, seatView, stage, taskSummary } from './views';

/** Shapes of what is answered about projects; the pages take their types from here. */

export const projectStatuses = [
  'running',
  'suspended',
  'waiting',
  'needs-repair',
  'completed',
  'residents-declined',
  'rejected',
  'withdrawn',
  'cancelled',
] as const satisfies readonly ProjectNode['status'][];

const step = z.enum(steps);

export const projectSummary = z
  .object({
    id: z.string(),
    name: z.string(),
    county: z.string(),
    year: z.int(),
    communities: z.array(z.string()),
    status: z.enum(projectStatuses),
    step: step
      .optional()
      .meta({ description: 'The step that is running; the first where several run side by side' }),
    steps: z.array(step),
    rounds: z.partialRecord(step, z.int()),
    dueAt: instant.optional().meta({ description: 'The earliest due date among its open tasks' }),
    startedAt: instant,
    endedAt: instant.optional(),
    reason: z.string().optional(),
    links: z.object({ self: z.string(), events: z.string(), tasks: z.string(), acts: z.string() }),
  })
  .meta({ id: 'ProjectSummary' });

export const projectDetail = projectSummary
  .extend({
    openTasks: z.array(taskSummary),
    waits: z.array(
      z.object({ step: z.string(), what: z.string(), until: z.string(), provisional: z.boolean() }),
    ),
    history: z.array(
      z.object({
        step: z.string(),
        round: z.int(),
        status: z.string(),
        openedAt: instant,
        closedAt: instant.optional(),
        facts: anyJson,
      }),
    ),
    bindings: z.partialRecord(z.enum(bodies), z.string()),
    policyVersion: z.string(),
    engineUrl: z
      .string()
      .optional()
      .meta({ description: 'Temporal 界面中的流程；系统管理员，且配置了界面地址' }),
    document: z.object({ number: z.string(), date: z.string(), year: z.int() }).optional(),
    onPaper: z.array(step),
    outputs: z.record(z.string(), anyJson),
    repairs: z
      .array(z.object({ measure: z.enum(MEASURES), step, reason: z.string(), at: instant }))
      .meta({ description: '应急修复: what was done when the project was stuck' }),
    lost: z.array(step).meta({ description: 'Steps that were ended from outside and wait for repair' }),
  })
  .meta({ id: 'Project' });

const length = z.union([
  z.object({ workingDays: z.int() }),
  z.object({ days: z.int() }),
  z.object({ months: z.int() }),
]);

export const outlookView = z
  .object({
    projectId: z.string(),
    status: z.enum(projectStatuses),
    awaited: z
      .array(
        z.object({
          task: z.string(),
          title: z.string(),
          step: z.string(),
          seat: seatView,
          organisation: z.string(),
          since: instant,
          due: dueView.optional(),
          overdue: z.boolean(),
          suspended: z.boolean(),
        }),
      )
      .meta({ description: '等待谁：席位、单位、期限及依据' }),
    waits: z
      .array(z.object({ step: z.string(), what: z.string(), until: z.string(), provisional: z.boolean() }))
      .meta({ description: '等待期间届满，无须办理' }),
    outcomes: z
      .array(
        z.object({
          step,
          outcome: z.string(),
          title: z.string(),
          clause: z.string(),
          steps: z.array(step).optional(),
          end: z.enum(projectStatuses).optional(),
        }),
      )
      .meta({ description: '办理中的各步骤可能的结果，以及随后的步骤；首项为通常结果' }),
    returns: z
      .array(z.object({ to: step, seats: z.array(z.string()) }))
      .meta({ description: '现在可以退回到的步骤，以及谁可以退回' }),
    forecast: z
      .array(
        z.object({
          step,
          state: z.enum(['running', 'expected']),
          from: z.string().optional(),
          until: z.string().optional().meta({ description: '至迟日期；无法预计时不显示' }),
          provisional: z.boolean(),
          workAsAgreed: z.boolean().meta({ description: '工期按合同，政策未定' }),
          periods: z.array(
            z.object({
              key: z.enum(periodKeys),
              length,
              basis: z.string(),
              clause: z.string().optional(),
            }),
          ),
        }),
      )
      .meta({ description: '各步骤均用足期限、均为通常结果时的至迟日期' }),
    completesBy: z.string().optional(),
  })
  .meta({ id: 'Outlook' });

export const actView = z
  .object({
    act: z.string(),
    title: z.string(),
    titleEn: z.string(),
    clause: z.string(),
    yours: z.boolean().meta({ description: '本人单位的席位可以发起；是否成立由流程核定' }),
    href: z.string().meta({ description: 'POST here' }),
    form: anyJson.meta({ description: 'JSON Schema (draft 2020-12)' }),
    example: anyJson,
  })
  .meta({ id: 'OpenAct' });

export const stretchView = z
  .object({
    step: z.enum(steps),
    round: z.int().meta({ description: '轮次；接入前在纸面上完成的为 0' }),
    state: z.enum(['running', 'suspended', 'done', 'returned', 'closed', 'needs-repair', 'on-paper']),
    from: instant.optional(),
    to: instant.optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'Stretch' });

export const documentView = z
  .object({
    id: z.string(),
    key: z.string().meta({ description: '表单中的字段，或应交材料的名称' }),
    step: stage,
    round: z.int(),
    task: z.string(),
    taskTitle: z.string(),
    organisation: z.string(),
    at: instant,
    filename: z.string(),
    contentType: z.string(),
    size: z.int().meta({ description: '字节' }),
    sha256: z.string(),
    href: z.string(),
  })
  .meta({ id: 'ProjectDocument' });

export const recordCheckView = z
  .object({
    whole: z.boolean(),
    checkedAt: instant,
    chains: z.int(),
    events: z.int(),
    signatures: z.int(),
    faults: z.array(z.object({ workflowId: z.string(), seq: z.int(), message: z.string() })),
  })
  .meta({ id: 'RecordCheck' });
