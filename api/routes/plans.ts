import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { z } from 'zod';
import { submissionClose, type PlanStart } from '../../domain/annual-plan';
import { civilDate } from '../../domain/calendar';
import { Problem } from '../../domain/problems';
import { refusal, type Refusal } from '../../domain/refusal';
import { policySnapshot } from '../../policy/snapshot';
import { sealedStart } from '../../keys/starts';
import { workflowIds } from '../../workflows/messages';
import type { Context } from '../context';
import { inTime } from '../engine/deadline';
import { instant, pageSchema, paging, publicLine, year, yearParam } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { planSightOf, type Caller } from '../permissions';
import { planSummaryOf, submissionsOf } from '../plans/shown';
import { courseOf, seenOf } from '../projects/events';
import { eventOf } from './task-views';
import { anyJson, eventView } from './views';

const params = z.object({ year: yearParam });
const status = z.enum(['running', 'closed', 'needs-repair']);

const planSummary = z
  .object({
    year: z.int(),
    phase: z.string(),
    status,
    openedAt: instant,
    closesAt: instant.optional().meta({ description: '申报截止' }),
    open: z.boolean().meta({ description: '可以发起该年度项目' }),
    facts: anyJson,
  })
  .meta({ id: 'PlanSummary' });

const planDetail = planSummary
  .extend({
    submissions: z.array(
      z.object({
        county: z.string(),
        phase: z.string(),
        status,
        projects: z.record(z.string(), anyJson),
        facts: anyJson,
      }),
    ),
  })
  .meta({ id: 'Plan' });

/** Annual plans: usually the schedule opens them, each January for the year after. */
export function planOperations(context: Context): AnyOperation[] {
  const { store, world, decisions } = context;

  async function detail(caller: Caller, of: number) {
    const sight = planSightOf(caller);
    const [plan, submissions] = await Promise.all([store.plans.find(of), store.submissions.ofPlan(of)]);
    return (
      plan && {
        ...planSummaryOf(plan, world.now(), sight),
        submissions: submissionsOf(submissions, sight),
      }
    );
  }

  return [
    operation({
      method: 'get',
      path: '/plans',
      name: 'listPlans',
      tag: 'plans',
      summary: '年度计划',
      access: 'plans:read',
      answers: { 200: { description: '年度计划', schema: pageSchema(planSummary) } },
      handle: async ({ caller }) => {
        const sight = planSightOf(caller);
        const plans = await store.plans.all();
        return {
          status: 200,
          body: { items: plans.map((plan) => planSummaryOf(plan, world.now(), sight)) },
        };
      },
    }),
    operation({
      method: 'get',
      path: '/plans/{year}',
      name: 'getPlan',
      tag: 'plans',
      summary: '一个年度的计划和各县区提报',
      access: 'plans:read',
      params,
      answers: { 200: { description: '年度计划', schema: planDetail } },
      handle: async ({ caller, params: { year: of } }) => {
        const body = await detail(caller, of);
        if (!body) throw new Problem('not-found');
        return { status: 200, body };
      },
    }),
    operation({
      method: 'get',
      path: '/plans/{year}/events',
      name: 'listPlanEvents',
      tag: 'plans',
      summary: '年度计划的记录',
      access: 'plans:read',
      params,
      query: z.strictObject(paging),
      answers: { 200: { description: '记录', schema: pageSchema(eventView) } },
      handle: async ({ caller, params: { year: of }, query }) => {
        const { whole, counties } = planSightOf(caller);
        const page = await store.events.ofPlan(of, query, whole ? undefined : counties);
        const seen = whole === 'course' ? courseOf : seenOf(caller);
        const items = page.items.map((event) => eventOf(seen(event)));
        return { status: 200, body: { ...page, items } };
      },
    }),
    operation({
      method: 'post',
      path: '/plans',
      name: 'openPlan',
      tag: 'plans',
      summary: '开启年度计划；申报截止后开启须说明理由',
      access: 'plan:create',
      body: z.strictObject({ year, reason: publicLine(2000).optional() }),
      idempotent: true,
      answers: { 201: { description: '已开启', schema: planDetail } },
      problems: ['already-exists', 'rule-violated'],
      handle: async ({ caller, body, idempotencyKey: key }) =>
        once(store, { user: caller.user, key, target: 'POST /plans', body }, async (attempt) => {
          // An earlier attempt with this key may have opened it without learning so.
          if (attempt.memo === undefined) {
            if (await store.plans.find(body.year)) throw exists(body.year);
            await allowed(context, body);
          }
          await attempt.note({ year: body.year });
          await start(context, caller, body, attempt.memo !== undefined);
          await decisions.recorded(workflowIds.plan(body.year), 1);
          const plan = await detail(caller, body.year);
          if (!plan) throw new Problem('engine-unavailable');
          return { status: 201, headers: { Location: `/api/v1/plans/${body.year}` }, body: plan };
        }),
    }),
  ];
}

async function allowed(
  { world }: Context,
  body: { year: number; reason?: string | undefined },
): Promise<void> {
  const policy = await world.policy();
  const thisYear = Number(civilDate(world.now()).slice(0, 4));
  const refuse = (path: string, zh: string, en: string): Refusal =>
    refusal(zh, en, { path, clause: 'P2.1.4' });
  const refusals = [
    ...(body.year < thisYear || body.year > thisYear + 3
      ? [refuse('year', '只能开启本年至后三年的计划', 'Only the plans of this year and the three after it')]
      : []),
    ...(world.now() >= submissionClose(body.year, policy) && body.reason === undefined
      ? [
          refuse(
            'reason',
            '申报已截止，开启须说明理由',
            'Declaration has closed: give the reason for opening it late',
          ),
        ]
      : []),
  ];
  if (refusals.length > 0) throw Problem.refused(refusals);
}

async function start(
  { client, taskQueue, world, signer, now }: Context,
  caller: Caller,
  body: { year: number; reason?: string | undefined },
  again: boolean,
): Promise<void> {
  const policy = await world.policy();
  const workflowId = workflowIds.plan(body.year);
  const plan: PlanStart = {
    year: body.year,
    city: policy.city.code,
    counties: policy.areas.filter(({ kind }) => kind !== 'city').map(({ code }) => code),
    policy: policySnapshot(policy),
    // An administrator opens it in the name of no office.
    startedBy: { user: caller.user, organisation: caller.organisations[0]?.id ?? 'administration' },
    ...(body.reason === undefined ? {} : { reason: body.reason }),
  };
  try {
    await inTime(client, () =>
      client.workflow.start('annualPlan', {
        workflowId,
        taskQueue,
        args: sealedStart(workflowId, 'annualPlan', plan, { identity: signer, now: now() }),
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        workflowIdConflictPolicy: 'FAIL',
        staticSummary: `${policy.city.name} ${body.year} 年度改造计划`,
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    if (!again) throw exists(body.year);
  }
}

function exists(of: number): Problem {
  return new Problem('already-exists', { zh: `${of} 年度计划已存在`, en: `The plan of ${of} exists` });
}
