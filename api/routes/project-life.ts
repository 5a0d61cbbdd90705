import { z } from 'zod';
import { faultWords } from '../../domain/record/fault';
import type { Context } from '../context';
import { instant, projectId } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { takePoints } from '../http/too-many';
import { projectSeenBy } from '../permissions';
import { courseOf } from '../projects/course';
import { documentsOf } from '../projects/documents';
import { lookAtProject } from '../record/look';
import { documentView, recordCheckView, stretchView } from './project-schemas';

const params = z.object({ id: projectId });

/** A check reads the project's whole record: so many an account and ten minutes. */
const CHECKS = { name: 'record-check', points: 30, seconds: 600 };

/** A project's course, its files, and whether its record holds. */
export function projectLifeOperations({ store, roots, recordRoots = roots, now }: Context): AnyOperation[] {
  const checks = store.limits.limiter(CHECKS);

  return [
    operation({
      method: 'get',
      path: '/projects/{id}/course',
      name: 'getCourse',
      tag: 'projects',
      summary: '全程：各步骤各轮次的起止、退回及原因',
      access: 'projects:read',
      params,
      answers: {
        200: { description: '按开始时间', schema: z.object({ items: z.array(stretchView), now: instant }) },
      },
      handle: async ({ caller, params: { id } }) => {
        const { project, sight } = await projectSeenBy(store, caller, id);
        const items = await courseOf(store, project, sight);
        return { status: 200, body: { items, now: new Date(now()).toISOString() } };
      },
    }),
    operation({
      method: 'get',
      path: '/projects/{id}/documents',
      name: 'listDocuments',
      tag: 'projects',
      summary: '项目材料：各事项办结时提交的文件',
      description: '只对可查看全部内容者列出。/ Listed for whoever sees everything of the project.',
      access: 'projects:read',
      params,
      answers: { 200: { description: '材料', schema: z.object({ items: z.array(documentView) }) } },
      handle: async ({ caller, params: { id } }) => {
        const { sight } = await projectSeenBy(store, caller, id);
        const found = sight === 'everything' ? await documentsOf(store, id) : [];
        const items = found.map(({ key, task, at, file }) => ({
          id: file.id,
          key,
          step: task.step,
          round: task.round,
          task: task.id,
          taskTitle: task.title,
          organisation: task.organisation,
          at,
          filename: file.filename,
          contentType: file.contentType,
          size: file.length,
          sha256: file.sha256,
          href: `/api/v1/attachments/${file.id}`,
        }));
        return { status: 200, body: { items } };
      },
    }),
    operation({
      method: 'get',
      path: '/projects/{id}/record-check',
      name: 'checkRecord',
      tag: 'projects',
      summary: '核验项目记录：逐条核对校验值、前后衔接、签名和链头',
      description:
        '与流程引擎、日根的核对由审计人员以 npm run record:verify 进行（docs/record.md）。每人十分钟内不超过 30 次。',
      access: 'projects:read',
      params,
      slow: true,
      answers: { 200: { description: '核验结果', schema: recordCheckView } },
      problems: ['too-many-requests'],
      handle: async ({ caller, params: { id }, language }) => {
        const { project } = await projectSeenBy(store, caller, id);
        await takePoints([{ from: checks, key: caller.user }]);
        const { workflows, events, signatures, faults } = await lookAtProject(
          store,
          project.projectId,
          recordRoots,
        );
        return {
          status: 200,
          body: {
            whole: faults.length === 0,
            checkedAt: new Date(now()).toISOString(),
            chains: workflows,
            events,
            signatures,
            faults: faults.map((fault) => ({
              workflowId: fault.workflowId,
              seq: fault.seq,
              message: faultWords(fault)[language],
            })),
          },
        };
      },
    }),
  ];
}
