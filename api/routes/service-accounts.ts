import { z } from 'zod';
import { Problem } from '../../domain/problems';
import { refusal, type Refusal } from '../../domain/refusal';
import type { ServiceAccountRow } from '../../store/service-accounts';
import { newServiceKey, stateOf } from '../auth/service-keys';
import type { Context } from '../context';
import { identifier, instant, line, pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { SERVICE_SCOPES } from '../permissions';

const LONGEST_MS = 366 * 86_400_000;

const scope = z.enum(SERVICE_SCOPES);
const newAccount = z.strictObject({
  name: line(60).meta({ description: '对接系统的名称' }),
  organisation: identifier.optional().meta({ description: '代表的单位；不填则只能查看公共资料' }),
  scopes: z.array(scope).min(1).max(SERVICE_SCOPES.length).meta({ description: '权限名称' }),
  expiresAt: instant.meta({ description: '至多一年' }),
});

const accountView = z
  .object({
    id: z.string(),
    name: z.string(),
    organisation: z.string().optional(),
    scopes: z.array(z.string()),
    state: z.enum(['active', 'expired', 'revoked']),
    createdBy: z.string(),
    createdAt: instant,
    expiresAt: instant,
    lastUsedAt: instant.optional().meta({ description: '精确到分钟' }),
    revokedAt: instant.optional(),
  })
  .meta({ id: 'ServiceAccount' });
const createdView = accountView
  .extend({ key: z.string().meta({ description: '放入 Authorization: Bearer；只显示这一次' }) })
  .meta({ id: 'NewServiceAccount' });

/** Keys with which other systems ask. Keys live by the machine's clock, as sessions do. */
export function serviceAccountOperations({ store, authenticator, fieldSeal }: Context): AnyOperation[] {
  async function check({ organisation, expiresAt }: z.infer<typeof newAccount>): Promise<void> {
    const known =
      organisation === undefined || (await store.organisations.findAll([organisation])).length > 0;
    const refusals = [...(known ? [] : [unknownOrganisation()]), ...expiryRefusals(Date.parse(expiresAt))];
    if (refusals.length > 0) throw Problem.refused(refusals);
  }

  return [
    operation({
      method: 'get',
      path: '/service-accounts',
      name: 'listServiceAccounts',
      tag: 'administration',
      summary: '系统接口账号',
      access: 'service-accounts:read',
      query: z.strictObject(paging),
      answers: { 200: { description: '账号', schema: pageSchema(accountView) } },
      handle: async ({ query }) => {
        const page = await store.serviceAccounts.list(query);
        return { status: 200, body: { ...page, items: page.items.map(viewOf) } };
      },
    }),
    operation({
      method: 'post',
      path: '/service-accounts',
      name: 'addServiceAccount',
      tag: 'administration',
      summary: '登记系统接口账号，发给密钥',
      access: 'service-accounts:write',
      body: newAccount,
      idempotent: true,
      answers: { 201: { description: '已登记；密钥只显示这一次', schema: createdView } },
      problems: ['rule-violated'],
      handle: async ({ caller, body, idempotencyKey: key }) => {
        const request = { user: caller.user, key, target: 'POST /service-accounts', body };
        // The first answer is remembered for a day; the key in it only sealed.
        const place = `service-accounts/${caller.user}/${key ?? ''}`;
        const answer = await once(store, request, async () => {
          await check(body);
          const made = newServiceKey();
          const row: ServiceAccountRow = {
            _id: made.id,
            name: body.name,
            ...(body.organisation === undefined ? {} : { organisation: body.organisation }),
            scopes: [...new Set(body.scopes)],
            keyHash: made.keyHash,
            createdBy: caller.user,
            createdAt: new Date(),
            expiresAt: new Date(body.expiresAt),
          };
          await store.serviceAccounts.model.create(row);
          return { status: 201, body: { ...viewOf(row), key: fieldSeal.seal(made.key, place) } };
        });
        const sealed = answer.body as z.infer<typeof createdView>;
        const opened = fieldSeal.open(sealed.key, place);
        if (opened === undefined) throw new Problem('idempotency-key-reused');
        return { ...answer, body: { ...sealed, key: opened } };
      },
    }),
    operation({
      method: 'delete',
      path: '/service-accounts/{id}',
      name: 'revokeServiceAccount',
      tag: 'administration',
      summary: '吊销系统接口账号的密钥',
      access: 'service-accounts:write',
      params: z.object({ id: identifier }),
      answers: { 204: { description: '已吊销' } },
      handle: async ({ params: { id } }) => {
        if (!(await store.serviceAccounts.revoke(id, new Date()))) throw new Problem('not-found');
        authenticator.forgetAll();
        return { status: 204 };
      },
    }),
  ];
}

function unknownOrganisation(): Refusal {
  return refusal('单位未登记', 'The organisation is not registered', {
    path: 'organisation',
    clause: 'P1.4',
  });
}

function expiryRefusals(expiresAt: number): Refusal[] {
  const now = Date.now();
  if (expiresAt > now && expiresAt <= now + LONGEST_MS) return [];
  return [
    refusal('有效期应在今后一年以内', 'A key ends within a year from now', {
      path: 'expiresAt',
      basis: 'GB/T 22239-2019 8.1.4.1 身份鉴别',
    }),
  ];
}

function viewOf(row: ServiceAccountRow) {
  const { _id, name, organisation, scopes, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt } = row;
  return {
    id: _id,
    name,
    organisation,
    scopes: [...scopes],
    state: stateOf(row, new Date()),
    createdBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString(),
    revokedAt: revokedAt?.toISOString(),
  };
}
