import { z } from 'zod';
import { contentOf } from '../../domain/signing/statements';
import { differencesAhead, policyDifferences, type PolicyDifference } from '../../domain/policy-move';
import { Problem } from '../../domain/problems';
import { policyMove } from '../../domain/forms/policy-move';
import type { Policy } from '../../policy/schema';
import { policySnapshot } from '../../policy/snapshot';
import { workflowIds } from '../../workflows/messages';
import type { Context } from '../context';
import { eachByItself, outcomeFields } from '../http/each';
import { line, paging, projectId } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { seenProjects } from '../permissions';
import { beginAct } from '../projects/acts';
import { policyVersionParam } from './policy';
import { pageSchema } from '../http/fields';
import { touched } from './keeping-views';

const MOST = 500;

/** Running projects and another version of the policy: whom it would touch and how, and moving them to it. */
export function policyMoveOperations(context: Context): AnyOperation[] {
  const { store, policy: delivered } = context;

  async function version(of: string): Promise<Policy> {
    const found = of === delivered.version ? delivered : await store.policies.find(delivered.id, of);
    if (!found) throw new Problem('not-found');
    return found;
  }

  return [
    operation({
      method: 'get',
      path: '/policy/versions/{version}/projects',
      name: 'listProjectsOnOtherVersions',
      tag: 'policy',
      summary: '改按该版政策将涉及的在办项目，及逐项变化',
      description:
        'Running projects under another version, with what they still have before them that would differ.',
      access: 'projects:read',
      params: z.object({ version: policyVersionParam }),
      query: z.strictObject({ ...paging }),
      answers: { 200: { description: '在办项目', schema: pageSchema(touched) } },
      handle: async ({ caller, params, query }) => {
        const to = policySnapshot(await version(params.version));
        const page = await store.projects.list({
          ...query,
          running: true,
          notUnder: to.version,
          seen: await seenProjects(store, caller),
        });
        const known = new Map<string, PolicyDifference[]>();
        const between = async (from: string): Promise<PolicyDifference[]> => {
          const found = known.get(from) ?? policyDifferences(policySnapshot(await version(from)), to);
          known.set(from, found);
          return found;
        };
        const items = [];
        for (const { projectId: id, name, county, status, steps: at, policyVersion } of page.items) {
          const differences = differencesAhead(await between(policyVersion), at);
          items.push({ projectId: id, name, county, status, steps: [...at], policyVersion, differences });
        }
        return { status: 200, body: { ...page, items } };
      },
    }),
    operation({
      method: 'post',
      path: '/policy/versions/{version}/moves',
      name: 'moveProjectsToVersion',
      tag: 'policy',
      summary: '所选在办项目改按该版政策办理，逐项答复',
      description:
        'Each is moved or refused by itself and keeps the reason in its record. What is done stays as it was done; due dates and seats of what is open are computed anew, and no minimum period that has begun becomes shorter.',
      access: 'policy:write',
      params: z.object({ version: policyVersionParam }),
      body: z
        .strictObject({
          projects: z
            .array(projectId)
            .min(1)
            .max(MOST)
            .refine((all) => new Set(all).size === all.length, '每个项目只能出现一次'),
          reason: line(4_000),
        })
        .meta({ id: 'PolicyMoves' }),
      idempotent: true,
      slow: true,
      answers: {
        200: {
          description: '逐项结果，次序与提交时一致',
          schema: z.object({ outcomes: z.array(z.object({ projectId: z.string(), ...outcomeFields })) }),
        },
      },
      handle: async ({ caller, params, body, language, idempotencyKey, request }) => {
        const to = policySnapshot(await version(params.version));
        const form = { version: to.version, sha256: contentOf(to), reason: body.reason };
        const of = { status: 201, language, request: String(request.id), workflow: workflowIds.project };
        const ended = await eachByItself(context, body.projects, of, (id) =>
          beginAct(context, {
            act: policyMove.act,
            target: id,
            caller,
            form,
            key: idempotencyKey === undefined ? undefined : `${idempotencyKey} ${id}`,
            language,
            find: async () => {
              const project = await store.projects.find(id);
              if (!project) throw new Problem('not-found');
              const open = project.acts.find(({ act }) => act === policyMove.act);
              return open && { ...open, workflowId: workflowIds.project(id) };
            },
          }),
        );
        const outcomes = ended.map((one, n) => ({ projectId: body.projects[n] ?? '', ...one }));
        return { status: 200, body: { outcomes } };
      },
    }),
  ];
}
