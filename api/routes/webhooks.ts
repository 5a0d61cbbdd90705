import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../domain/problems';
import { refusal } from '../../domain/refusal';
import { placeOfWebhookSecret, type WebhookRow } from '../../store/webhooks';
import type { Context } from '../context';
import { identifier } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { isSafeUrl } from '../http/safe-url';
import { once } from '../idempotency';
import { notificationKind } from './views';
import { webhookFields, webhookView } from './keeping-views';

const newWebhook = z.strictObject({
  organisation: identifier.optional().meta({ description: '单位；与 serviceAccount 二选一' }),
  serviceAccount: identifier.optional().meta({ description: '系统接口账号，须代表单位；账号失效即停发' }),
  url: z
    .string()
    .max(500)
    .refine(isSafeUrl, { message: '须为 https 地址 / https only' })
    .meta({ example: 'https://office.example/jiugai' }),
  kinds: z.array(notificationKind).max(20).default([]).meta({ description: '不填为全部' }),
});

const createdView = z
  .object({ ...webhookFields, secret: z.string().meta({ description: '验签密钥；只显示这一次' }) })
  .meta({ id: 'NewWebhook' });

/** Where other systems hear what an organisation is told. Each call is signed (docs/running.md). */
export function webhookOperations({ store, fieldSeal }: Context): AnyOperation[] {
  /** @throws Problem `rule-violated` unless it is one organisation's, or one of its services' */
  async function organisationOf({
    organisation,
    serviceAccount,
  }: z.infer<typeof newWebhook>): Promise<string> {
    if ((organisation === undefined) === (serviceAccount === undefined)) {
      throw refused(
        'organisation',
        '须填单位或系统接口账号之一',
        'Name an organisation or a service account',
      );
    }
    const account =
      serviceAccount === undefined ? undefined : await store.serviceAccounts.find(serviceAccount);
    const id = organisation ?? account?.organisation;
    if (id !== undefined && (await store.organisations.find(id))) return id;
    const path = organisation === undefined ? 'serviceAccount' : 'organisation';
    throw refused(
      path,
      '单位未登记，或账号不代表单位',
      'No registered organisation, or the account has none',
    );
  }

  return [
    operation({
      method: 'get',
      path: '/webhooks',
      name: 'listWebhooks',
      tag: 'administration',
      summary: '通知接口',
      access: 'webhooks:read',
      answers: { 200: { description: '通知接口', schema: z.object({ items: z.array(webhookView) }) } },
      handle: async () => ({ status: 200, body: { items: (await store.webhooks.all()).map(viewOf) } }),
    }),
    operation({
      method: 'post',
      path: '/webhooks',
      name: 'addWebhook',
      tag: 'administration',
      summary: '登记通知接口，发给验签密钥',
      access: 'webhooks:write',
      body: newWebhook,
      idempotent: true,
      answers: { 201: { description: '已登记；密钥只显示这一次', schema: createdView } },
      problems: ['rule-violated'],
      handle: async ({ caller, body, idempotencyKey: key }) => {
        const request = { user: caller.user, key, target: 'POST /webhooks', body };
        // The first answer is remembered for a day; the secret in it only sealed.
        const answer = await once(store, request, async () => {
          const organisation = await organisationOf(body);
          const _id = randomUUID();
          const secret = fieldSeal.seal(randomBytes(32).toString('base64url'), placeOfWebhookSecret(_id));
          const row: WebhookRow = {
            _id,
            organisation,
            ...(body.serviceAccount === undefined ? {} : { serviceAccount: body.serviceAccount }),
            url: body.url,
            secret,
            kinds: [...new Set(body.kinds)],
            createdBy: caller.user,
            createdAt: new Date(),
          };
          await store.webhooks.model.create(row);
          return { status: 201, body: { ...viewOf(row), secret } };
        });
        const sealed = answer.body as z.infer<typeof createdView>;
        const secret = fieldSeal.open(sealed.secret, placeOfWebhookSecret(sealed.id));
        if (secret === undefined) throw new Problem('idempotency-key-reused');
        return { ...answer, body: { ...sealed, secret } };
      },
    }),
    operation({
      method: 'delete',
      path: '/webhooks/{id}',
      name: 'removeWebhook',
      tag: 'administration',
      summary: '撤销通知接口',
      access: 'webhooks:write',
      params: z.object({ id: identifier }),
      answers: { 204: { description: '已撤销' } },
      problems: ['not-found'],
      handle: async ({ params: { id } }) => {
        if (!(await store.webhooks.remove(id))) throw new Problem('not-found');
        return { status: 204 };
      },
    }),
  ];
}

function refused(path: string, zh: string, en: string): Problem {
  return Problem.refused([refusal(zh, en, { path, clause: 'P1.4' })]);
}

function viewOf({ _id, organisation, serviceAccount, url, kinds, createdBy, createdAt }: WebhookRow) {
  return {
    id: _id,
    organisation,
    serviceAccount,
    url,
    kinds: [...kinds],
    createdBy,
    createdAt: createdAt.toISOString(),
  };
}
