import { z } from 'zod';
import { figuresOf, isBehind } from '../../domain/year-figures';
import { steps } from '../../policy/keys';
import { decodeCursor, pageOf, pageSize } from '../../store/cursor';
import type { Context } from '../context';
import { areaCode, pageSchema, paging, yearParam } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { yearProjects } from '../plans/year-projects';
import { projectStatuses } from './project-schemas';

const params = z.object({ year: yearParam });
const step = z.enum(steps);
const status = z.enum(projectStatuses);
const fen = z.int().meta({ description: '分' });
const stays = z.object({ projects: z.int(), medianDays: z.int(), longestDays: z.int() });

const figures = z
  .object({
    projects: z.int(),
    overdueProjects: z.int(),
    overdueTasks: z.int(),
    budgetFen: fen,
    statuses: z.array(z.object({ status, projects: z.int() })),
    matrix: z
      .array(z.object({ county: areaCode, step, projects: z.int(), overdue: z.int() }))
      .meta({ description: '县区 × 步骤，仅列有项目者；一个项目可同时在几个步骤' }),
    counties: z.array(z.object({ county: areaCode, projects: z.int(), overdue: z.int(), budgetFen: fen })),
    funnel: z
      .array(z.object({ step, projects: z.int() }))
      .meta({ description: '到过该步骤或更后步骤的项目' }),
    stays: z
      .array(z.object({ step, passed: stays.optional(), staying: stays.optional() }))
      .meta({ description: '在步骤中的日历日，各轮合计；提报至联合行文由年度计划统一办理，不单独计' }),
    money: z
      .array(z.object({ source: z.string(), amountFen: fen, projects: z.int() }))
      .meta({ description: '现行方案的资金来源；仅计可查看全部内容的项目' }),
  })
  .meta({ id: 'YearFigures' });

const counted = z
  .object({
    id: z.string(),
    name: z.string(),
    county: areaCode,
    status,
    steps: z.array(step),
    furthest: step.optional(),
    budgetFen: fen.optional(),
    amountFen: fen.optional().meta({ description: '按来源查看时，该来源的金额' }),
    overdueTasks: z.int(),
    days: z.int().optional().meta({ description: '按步骤时长查看时，在该步骤的日历日' }),
  })
  .meta({ id: 'CountedProject' });

/** The year in figures, and the projects behind each: both counted from the same. */
export function yearFigureOperations({ store, world }: Context): AnyOperation[] {
  return [
    operation({
      method: 'get',
      path: '/plans/{year}/figures',
      name: 'getYearFigures',
      tag: 'plans',
      summary: '一个年度的统计，限可查看的项目',
      access: 'plans:read',
      params,
      answers: { 200: { description: '统计', schema: figures } },
      handle: async ({ caller, params: { year } }) => ({
        status: 200,
        body: figuresOf(await yearProjects(store, caller, year, world.now())),
      }),
    }),
    operation({
      method: 'get',
      path: '/plans/{year}/projects',
      name: 'listYearProjects',
      tag: 'plans',
      summary: '统计数字背后的项目',
      access: 'plans:read',
      params,
      query: z.strictObject({
        county: areaCode.optional(),
        step: step.optional().meta({ description: '正在该步骤；与 overdue 同用时，该步骤有逾期事项' }),
        status: status.optional(),
        reached: step.optional().meta({ description: '到过该步骤或更后步骤' }),
        passed: step.optional().meta({ description: '已离开该步骤' }),
        staying: step.optional().meta({ description: '仍在该步骤' }),
        overdue: z.enum(['true']).optional().meta({ description: '有逾期事项' }),
        source: z
          .string()
          .regex(/^[a-z-]{2,40}$/)
          .optional()
          .meta({ description: '有该来源的资金' }),
        ...paging,
      }),
      answers: { 200: { description: '项目，按编号', schema: pageSchema(counted) } },
      handle: async ({ caller, params: { year }, query }) => {
        const { cursor, limit, overdue, ...selection } = query;
        const after = cursor === undefined ? '' : decodeCursor(cursor, 1)[0];
        const all = await yearProjects(store, caller, year, world.now());
        const found = all.filter(
          (one) =>
            one.projectId > (after ?? '') &&
            isBehind(one, { ...selection, ...(overdue ? { overdue: true } : {}) }),
        );
        const size = pageSize(limit);
        const page = pageOf(found.slice(0, size + 1), size, ({ projectId }) => [projectId]);
        const { source, passed, staying } = selection;
        const stayed = passed ?? staying;
        const items = page.items.map(({ projectId, funding, overdue: late, stays: all, ...one }) => {
          const days = all.find((stay) => stay.step === stayed)?.days;
          return {
            ...one,
            id: projectId,
            overdueTasks: Object.values(late).reduce((sum, many) => sum + many, 0),
            ...(source === undefined ? {} : { amountFen: funding[source] ?? 0 }),
            ...(days === undefined ? {} : { days }),
          };
        });
        return { status: 200, body: { ...page, items } };
      },
    }),
  ];
}
