import { z } from 'zod';
import { Problem } from '../../domain/problems';
import { isVouchedFor } from '../../domain/signing/certificate';
import { verifyNative } from '../../keys/verify';
import type { Context } from '../context';
import { tellBriefingChanged } from '../engine/tell';
import { instant, line } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));

const revocation = z
  .strictObject({
    keyId: z.string().regex(/^[a-z]+-[0-9a-f]{8}$/),
    revokedAt: instant,
    reason: line(200),
    issuer: z.string().regex(/^root-[0-9a-f]{8}$/),
    signature: hex(64),
  })
  .meta({ id: 'Revocation', description: '`npm run keys -- revoke` prints it' });

/** Signing keys whose word no longer counts. The root signs a revocation; here it only takes effect. */
export function keyOperations(context: Context): AnyOperation[] {
  const { store, roots, now } = context;
  return [
    operation({
      method: 'get',
      path: '/keys/revocations',
      name: 'listRevocations',
      tag: 'administration',
      summary: '已吊销的签名密钥',
      access: 'keys:read',
      answers: { 200: { description: '吊销', schema: z.object({ items: z.array(revocation) }) } },
      handle: async () => ({ status: 200, body: { items: await store.revocations.all() } }),
    }),
    operation({
      method: 'post',
      path: '/keys/revocations',
      name: 'revokeKey',
      tag: 'administration',
      summary: '吊销签名密钥；所有在办流程随即不再承认',
      description: 'Told to every open workflow. None is ever taken back.',
      access: 'keys:revoke',
      body: revocation,
      slow: true,
      answers: {
        201: {
          description: '已吊销',
          schema: z.object({ revocation, told: z.int().meta({ description: '告知的流程数' }) }),
        },
      },
      problems: ['signature-invalid'],
      handle: async ({ body }) => {
        if (!isVouchedFor(body, { roots, revocations: [] }, verifyNative)) {
          throw new Problem('signature-invalid', {
            zh: '该吊销并非由受信任的根密钥签署',
            en: 'No trusted root has signed this revocation',
          });
        }
        await store.revocations.enter(body, new Date(now()));
        const told = await tellBriefingChanged(context);
        return { status: 201, body: { revocation: body, told } };
      },
    }),
  ];
}
