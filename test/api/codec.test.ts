import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import request, { type Test } from 'supertest';
import type { Express } from 'express';
import { csrfTokenOf } from '../../api/auth/credentials';
import { EncryptingCodec } from '../../keys/payload-codec';
import { testPayloadKeys } from '../support/keys';
import { startApi, type Person, type TestApi } from './api';

const UI = 'http://127.0.0.1:8233';
const codec = new EncryptingCodec(testPayloadKeys);

interface JsonPayload {
  metadata: Record<string, string>;
  data?: string;
}

describe('the codec of the Temporal UI', () => {
  let api: TestApi;
  let app: Express;
  let audit: Person;
  let system: Person;
  let encrypted: JsonPayload;

  beforeAll(async () => {
    api = await startApi({ engineUi: UI });
    app = api.app;
    [audit, system] = await Promise.all([api.administrator('audit'), api.administrator('system')]);
    const [payload] = await codec.encode([defaultPayloadConverter.toPayload({ reason: '样例：汛期停工' })]);
    encrypted = asJson(payload as Payload);
  });
  afterAll(() => api.stop());

  function asJson({ metadata, data }: Payload): JsonPayload {
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
    return {
      metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([key, bytes]) => [key, text(bytes)])),
      ...(data ? { data: text(data) } : {}),
    };
  }

  const valueOf = ({ data = '' }: JsonPayload) =>
    JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as unknown;
  const post = (path: string): Test => request(app).post(`/codec/${path}`).set('X-Namespace', 'city');
  const as = (person: Person) => (test: Test) => test.set('Authorization', `Bearer ${person.token}`);

  test.each(['audit', 'system'] as const)('the %s administrator reads what a history holds', async (role) => {
    const person = await api.administrator(role);
    const { body } = await as(person)(post('decode'))
      .send({ payloads: [encrypted, encrypted] })
      .expect(200);
    expect((body.payloads as JsonPayload[]).map(valueOf)).toEqual([
      { reason: '样例：汛期停工' },
      { reason: '样例：汛期停工' },
    ]);
  });

  test('P1.4: nobody else does, whoever it is', async () => {
    const others = [
      await api.as('371300-housing', 'signatory'),
      await api.as('371302-s1'),
      await api.administrator('security'),
    ];
    for (const person of others) {
      await as(person)(post('decode'))
        .send({ payloads: [encrypted] })
        .expect(403);
      await as(person)(post('encode'))
        .send({ payloads: [encrypted] })
        .expect(403);
    }
    await post('decode')
      .send({ payloads: [encrypted] })
      .expect(401);
    await as(audit)(post('encode')).send({ payloads: [] }).expect(403);
  });

  test('every use is written down, with how much and by whom, and without a word of it', async () => {
    const before = await counted();
    await as(audit)(post('decode'))
      .send({ payloads: [encrypted, encrypted, encrypted] })
      .expect(200);
    expect((await counted()) - before).toBe(3);
    const { body, text } = await audit.get(`access-log?user=${audit.user}`).expect(200);
    expect(body.items[0]).toMatchObject({ kind: 'payloads-decoded', user: audit.user, of: 'city' });
    expect(text).not.toContain('汛期');
  });

  async function counted(): Promise<number> {
    const rows = await api.store.accessLog.model.find({ user: audit.user }).lean();
    return rows.reduce((sum, { count }) => sum + count, 0);
  }

  test('garbage is decoded to something that says so, and what is plain stays plain', async () => {
    const garbage = { ...encrypted, data: 'AAAA' };
    const plain = asJson(defaultPayloadConverter.toPayload({ old: 1 }));
    const { body } = await as(audit)(post('decode'))
      .send({ payloads: [garbage, plain, {}] })
      .expect(200);
    const [first, second, third] = body.payloads as JsonPayload[];
    expect(valueOf(first as JsonPayload)).toEqual({ jiugai: 'undecodable' });
    expect(second).toEqual(plain);
    expect(valueOf(third as JsonPayload)).toEqual({ jiugai: 'undecodable' });
    await as(audit)(post('decode'))
      .send({ payloads: [{ data: '样例' }] })
      .expect(400);
    await as(audit)(post('decode')).send({}).expect(400);
  });

  test('what the system administrator has encrypted is what was given; what nobody could read is refused', async () => {
    const plain = asJson(defaultPayloadConverter.toPayload({ n: 1 }));
    const { body } = await as(system)(post('encode'))
      .send({ payloads: [plain] })
      .expect(200);
    const [sent] = body.payloads as JsonPayload[];
    expect(sent?.data).not.toBe(plain.data);
    const { body: back } = await as(system)(post('decode'))
      .send({ payloads: [sent] })
      .expect(200);
    expect(back.payloads).toEqual([plain]);
    await as(system)(post('encode'))
      .send({ payloads: [{ ...plain, data: 'ew==' }] })
      .expect(400);
    await as(system)(post('encode'))
      .send({ payloads: [encrypted] })
      .expect(400);
  });

  test('the UI asks with a parameter of its own, and is answered', async () => {
    await as(audit)(post('decode'))
      .query({ preserveStorageRefs: 'true' })
      .send({ payloads: [encrypted] })
      .expect(200);
  });

  test('a payload as large as the engine takes is decoded', async () => {
    const [large] = await codec.encode([defaultPayloadConverter.toPayload('x'.repeat(1_950_000))]);
    const { body } = await as(audit)(post('decode'))
      .send({ payloads: [asJson(large as Payload)] })
      .expect(200);
    expect(valueOf(body.payloads[0] as JsonPayload)).toHaveLength(1_950_000);
  });

  describe('from a browser', () => {
    const cookie = (test: Test) => test.set('Cookie', `jiugai=${audit.token}`);

    test('pages of the UI send the cookie and read the answer, errors too', async () => {
      const preflight = await request(app)
        .options('/codec/decode')
        .set({
          Origin: UI,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'x-namespace',
        })
        .expect(204);
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': UI,
        'access-control-allow-credentials': 'true',
        'access-control-allow-headers': expect.stringContaining('X-Namespace'),
      });
      const { headers, body } = await cookie(post('decode'))
        .set('Origin', UI)
        .send({ payloads: [encrypted] })
        .expect(200);
      expect(headers['access-control-allow-origin']).toBe(UI);
      expect(body.payloads).toHaveLength(1);
      const refused = await post('decode').set('Origin', UI).send({ payloads: [] }).expect(401);
      expect(refused.headers['access-control-allow-origin']).toBe(UI);
    });

    test('pages of other origins do not, whatever they send', async () => {
      for (const origin of ['http://127.0.0.1:8234', 'https://evil.example', 'null', `${UI}.evil.example`]) {
        const { headers } = await cookie(post('decode'))
          .set('Origin', origin)
          .send({ payloads: [encrypted] })
          .expect(403);
        expect(headers['access-control-allow-origin']).toBeUndefined();
        const preflight = await request(app)
          .options('/codec/decode')
          .set({ Origin: origin, 'Access-Control-Request-Method': 'POST' });
        expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
      }
      await cookie(post('decode'))
        .send({ payloads: [encrypted] })
        .expect(403);
    });

    test('our own pages do with their token, and the UI opens nothing else of the API', async () => {
      const token = csrfTokenOf(audit.token);
      await cookie(post('decode'))
        .set('X-CSRF-Token', token)
        .send({ payloads: [encrypted] })
        .expect(200);
      const elsewhere = await cookie(request(app).delete('/api/v1/sessions/current'))
        .set('Origin', UI)
        .expect(403);
      expect(elsewhere.headers['access-control-allow-origin']).toBeUndefined();
    });
  });
});
