import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import type { AccessKind } from '../../store/access-log';
import type { Context } from '../context';
import { InvalidRequest } from '../http/invalid';
import { operation, type AnyOperation, type Call } from '../http/operation';

/** A payload as protobuf writes it in JSON: bytes in base64. */
const payload = z
  .looseObject({
    metadata: z.record(z.string().max(200), z.base64()).optional(),
    data: z.base64().optional(),
  })
  .meta({ id: 'Payload' });
const payloads = z.object({ payloads: z.array(payload).max(1_000) });
type Payloads = z.infer<typeof payloads>;

/** A payload has at most 2 MB, and base64 makes them a third more. */
const LARGEST_BODY = 8 * 1024 * 1024;
const NAMESPACE = /^[\w.-]{1,100}$/;

/**
 * The remote codec of the Temporal UI: an administrator who is logged in here reads there what histories hold. Who
 * reads is written to the access log, before it is answered.
 */
export function codecOperations({ payloadCodec: codec, store }: Context): AnyOperation[] {
  if (!codec) return [];
  // The UI says of its own what it would like (`preserveStorageRefs`); what is not known here changes nothing.
  const query = z.looseObject({});
  const base = { method: 'post', tag: 'codec', query, body: payloads, largestBody: LARGEST_BODY } as const;
  const answers = { 200: { description: '同样数目的内容', schema: payloads } };

  async function logged(kind: AccessKind, { caller, request, body }: Call<unknown, unknown, Payloads>) {
    const namespace = request.get('X-Namespace') ?? '';
    const of = NAMESPACE.test(namespace) ? namespace : 'default';
    await store.accessLog.tally({ kind, user: caller.user, of, count: body.payloads.length });
  }

  return [
    operation({
      ...base,
      path: '/codec/decode',
      name: 'decodePayloads',
      summary: '解密流程内容（供 Temporal 界面）',
      access: 'payloads:read',
      answers,
      handle: async (call: Call<unknown, unknown, Payloads>) => {
        await logged('payloads-decoded', call);
        return { status: 200, body: await through(codec, 'decode', call.body) };
      },
    }),
    operation({
      ...base,
      path: '/codec/encode',
      name: 'encodePayloads',
      summary: '加密流程内容（供 Temporal 界面）',
      access: 'payloads:write',
      answers,
      handle: async (call: Call<unknown, unknown, Payloads>) => {
        await refuseUnreadable(codec, call.body);
        await logged('payloads-encoded', call);
        return { status: 200, body: await through(codec, 'encode', call.body) };
      },
    }),
  ];
}

async function through(codec: PayloadCodec, way: 'encode' | 'decode', sent: Payloads): Promise<Payloads> {
  return { payloads: (await codec[way](sent.payloads.map(fromJson))).map(toJson) };
}

/**
 * What we encrypt is believed to be readable by whoever decrypts it.
 * @throws InvalidRequest
 */
async function refuseUnreadable(codec: PayloadCodec, sent: Payloads): Promise<void> {
  const own = sent.payloads.map(fromJson);
  const read = await codec.decode(own);
  const wrong = own.flatMap((one, n) => (one === read[n] ? [] : [n]));
  if (wrong.length === 0) return;
  throw new InvalidRequest(
    wrong.map((n) => ({
      path: `payloads.${n}`,
      message: { zh: '不是可读的明文内容', en: 'Not a plain payload that can be read' },
    })),
  );
}

function fromJson({ metadata, data }: Payloads['payloads'][number]): Payload {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  return {
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([key, text]) => [key, bytes(text)])),
    ...(data === undefined ? {} : { data: bytes(data) }),
  };
}

function toJson({ metadata, data }: Payload): Payloads['payloads'][number] {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  return {
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([key, bytes]) => [key, text(bytes)])),
    ...(data ? { data: text(data) } : {}),
  };
}
