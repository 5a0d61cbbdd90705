import { z } from 'zod';
import { Problem } from '../../domain/problems';
import { refusal } from '../../domain/refusal';
import { parsePolicy, PolicyRefused, policySchema, type Policy } from '../../policy/schema';
import { compareVersions } from '../../store/policies';
import type { Context } from '../context';
import { instant } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';

export const policyVersionParam = z.string().regex(/^\d{4}\.\d{1,3}$/);
const version = policyVersionParam;
const policyView = z.object({ policy: policySchema.meta({ id: 'Policy' }) });

/** What the city has decided: in force, in all its versions, and a new one. */
export function policyOperations({ store, world, policy: delivered }: Context): AnyOperation[] {
  return [
    operation({
      method: 'get',
      path: '/policy',
      name: 'getPolicy',
      tag: 'policy',
      summary: '现行政策参数',
      access: 'reference:read',
      answers: { 200: { description: '政策', schema: policyView } },
      handle: async () => ({ status: 200, body: { policy: await world.policy() } }),
    }),
    operation({
      method: 'get',
      path: '/policy/versions',
      name: 'listPolicyVersions',
      tag: 'policy',
      summary: '政策各版本',
      access: 'reference:read',
      answers: {
        200: {
          description: '版本',
          schema: z.object({
            items: z.array(z.object({ version, storedAt: instant.optional(), inForce: z.boolean() })),
          }),
        },
      },
      handle: async () => {
        const [current, rows] = await Promise.all([world.policy(), store.policies.versions(delivered.id)]);
        const stored = rows.map(({ policy, storedAt }) => ({
          version: policy.version,
          storedAt: storedAt.toISOString(),
          inForce: policy.version === current.version,
        }));
        const known = stored.some((one) => one.version === delivered.version);
        const own = { version: delivered.version, inForce: delivered.version === current.version };
        return { status: 200, body: { items: known ? stored : [...stored, own] } };
      },
    }),
    operation({
      method: 'get',
      path: '/policy/versions/{version}',
      name: 'getPolicyVersion',
      tag: 'policy',
      summary: '某一版本的政策参数',
      access: 'reference:read',
      params: z.object({ version }),
      answers: { 200: { description: '政策', schema: policyView } },
      handle: async ({ params }) => {
        const found =
          params.version === delivered.version
            ? delivered
            : await store.policies.find(delivered.id, params.version);
        if (!found) throw new Problem('not-found');
        return { status: 200, body: { policy: found } };
      },
    }),
    operation({
      method: 'post',
      path: '/policy',
      name: 'addPolicyVersion',
      tag: 'policy',
      summary: '新的政策版本；不得宽于法定下限',
      description:
        '新立项目按新版本；已开始的项目保持其版本，直至改按新版办理（/policy/versions/{version}/moves）。',
      access: 'policy:write',
      body: policySchema,
      idempotent: true,
      answers: { 201: { description: '已生效', schema: policyView } },
      problems: ['already-exists', 'rule-violated'],
      handle: async ({ caller, body, idempotencyKey: key }) =>
        once(store, { user: caller.user, key, target: 'POST /policy', body }, async () => {
          const policy = checked(body);
          const current = await world.policy();
          requireSuccessor(policy, current);
          await store.policies.keep(policy, new Date());
          world.changed();
          const headers = { Location: `/api/v1/policy/versions/${policy.version}` };
          return { status: 201, headers, body: { policy } };
        }),
    }),
  ];
}

/** @throws Problem with path, clause and basis of every value that is laxer than its floor */
function checked(file: unknown): Policy {
  try {
    return parsePolicy(file);
  } catch (error) {
    if (error instanceof PolicyRefused) throw Problem.refused(error.refusals);
    throw error;
  }
}

function requireSuccessor(policy: Policy, current: Policy): void {
  if (policy.version === current.version) throw new Problem('already-exists');
  const refusals = [
    ...(policy.id === current.id && policy.city.code === current.city.code
      ? []
      : [refusal('不是本市的政策', 'Not the policy of this city', { path: 'id' })]),
    ...(compareVersions(policy.version, current.version) > 0
      ? []
      : [
          refusal(
            `版本应晚于现行的 ${current.version}`,
            `The version must be later than ${current.version}, which is in force`,
            { path: 'version' },
          ),
        ]),
  ];
  if (refusals.length > 0) throw Problem.refused(refusals);
}
