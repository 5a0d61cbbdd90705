import request from 'supertest';
import type { Client } from '@temporalio/client';
import { startApi, type TestApi } from './api';

interface OpenApi {
  openapi: string;
  paths: Record<
    string,
    Record<string, { operationId: string; security: unknown[]; responses: Record<string, unknown> }>
  >;
  components: { schemas: Record<string, unknown> };
}

describe('what the API says of itself', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  test('the OpenAPI 3.1 document has every row of the contract, and nothing that is not there yet', async () => {
    const { body } = await request(api.app).get('/openapi.json').expect(200);
    const { openapi, paths } = body as OpenApi;
    expect(openapi).toBe('3.1.0');
    const has = (method: string, path: string) => paths[`/api/v1${path}`]?.[method] !== undefined;
    const rows = [
      ['post', '/sessions'],
      ['delete', '/sessions/current'],
      ['get', '/tasks'],
      ['get', '/tasks/{id}'],
      ['post', '/tasks/{id}/completion'],
      ['get', '/communities'],
      ['post', '/communities'],
      ['get', '/communities/{id}'],
      ['patch', '/communities/{id}'],
      ['post', '/communities/import'],
      ['post', '/projects'],
      ['get', '/projects'],
      ['get', '/projects/{id}'],
      ['get', '/projects/{id}/events'],
      ...['suspension', 'resumption', 'withdrawal', 'cancellation', 'return', 'residents-vote'].map((act) => [
        'post',
        `/projects/{id}/${act}`,
      ]),
      ...['findings', 'changes', 'payments'].map((act) => ['post', `/projects/{id}/${act}`]),
      ['post', '/plans/{year}/late-admissions'],
      ['post', '/projects/intake'],
      ['get', '/plans'],
      ['get', '/plans/{year}'],
      ['post', '/plans'],
      ['get', '/notices'],
      ['get', '/notices/{id}'],
      ['post', '/notices/{id}/objections'],
      ['get', '/notices/{id}/objections/{receipt}'],
      ['get', '/calendars/due'],
      ['get', '/organisations'],
      ['get', '/users'],
      ['get', '/calendars'],
      ['get', '/policy'],
      ['post', '/attachments'],
      ['get', '/attachments/{id}'],
    ] as [string, string][];
    expect(rows.filter(([method, path]) => !has(method, path))).toEqual([]);
    expect(has('post', '/rehearsal/clock')).toBe(false);
    expect(has('post', '/tasks/{id}/transfer')).toBe(true);
  });

  test('every reference in it leads somewhere and every operation has its own id, a tag and problems', async () => {
    const { body, text } = await request(api.app).get('/openapi.json').expect(200);
    const { paths, components } = body as OpenApi;
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name ?? '',
    );
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((name) => !(name in components.schemas))).toEqual([]);
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { responses } of operations) expect(Object.keys(responses)).toContain('503');
    for (const [path, methods] of Object.entries(paths)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
      for (const one of Object.values(methods) as { parameters?: { in: string; name: string }[] }[]) {
        const given = (one.parameters ?? []).filter((parameter) => parameter.in === 'path');
        expect(given.map(({ name }) => name).sort()).toEqual(named);
      }
    }
  });

  test('the page of the document asks nothing from outside and runs no inline script', async () => {
    const { text, headers } = await request(api.app).get('/docs/').expect(200);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(text).not.toMatch(/<script>|https?:\/\/(?!www\.w3\.org)/);
    const init = await request(api.app).get('/docs/swagger-ui-init.js').expect(200);
    expect(init.text).toContain('/openapi.json');
    await request(api.app).get('/docs/swagger-ui-bundle.js').expect(200);
  });

  test('measures requests by route pattern, never by id', async () => {
    await (await api.as('371302-housing')).get('projects/371302-2028-0077').expect(404);
    const { text, headers } = await request(api.app).get('/metrics').expect(200);
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toMatch(
      /jiugai_http_request_duration_seconds_count\{method="GET",route="\/projects\/\{id\}",status="404"\} 1/,
    );
    expect(text).not.toContain('371302-2028-0077');
  });

  test('healthz says that the process lives, readyz what is away', async () => {
    const health = await request(api.app).get('/healthz').expect(200);
    expect(health.body).toEqual({ status: 'ok', mode: 'live' });
    const { body } = await request(api.app).get('/readyz').expect(503);
    expect(body).toEqual({ status: 'not-ready', engine: 'away', store: 'ok', worker: 'ok' });
    const connection = { workflowService: { getSystemInfo: async () => ({}) } };
    const client = { ...api.engine.client, connection } as unknown as Client;
    const ready = await request(api.again({ client })).get('/readyz').expect(200);
    expect(ready.body.status).toBe('ready');
    const idle = await request(api.again({ client, workerPolls: async () => false }))
      .get('/readyz')
      .expect(503);
    expect(idle.body).toMatchObject({ engine: 'ok', worker: 'away' });
  });
});

describe('a rehearsal', () => {
  test('says so in every answer, and its clock moves as far as it is told', async () => {
    let now = Date.parse('2027-01-31T12:00:00+08:00');
    const advance = async (ms: number): Promise<number> => (now += ms);
    const api = await startApi({ mode: 'rehearsal', advance, now: () => now });
    try {
      const person = await api.as('371302-s1');
      const move = (length: string) => person.post('rehearsal/clock', { advance: length });
      const day = await move('P8D').expect(200);
      expect(day.body).toEqual({ now: '2027-02-08T04:00:00.000Z' });
      expect(day.headers['x-rehearsal']).toBe('true');
      expect((await move('P1M').expect(200)).body.now).toBe('2027-03-08T04:00:00.000Z');
      expect((await move('P1WT1H30M').expect(200)).body.now).toBe('2027-03-15T05:30:00.000Z');
      const twice = () => person.post('rehearsal/clock', { advance: 'P1D' }, 'once').expect(200);
      expect([(await twice()).body.now, (await twice()).body.now]).toEqual(
        Array(2).fill('2027-03-16T05:30:00.000Z'),
      );
      for (const length of ['P', 'PT', '8', 'P-1D', 'P1.5D', 'P9Y', '']) await move(length).expect(400);
      await request(api.app).post('/api/v1/rehearsal/clock').send({ advance: 'P1D' }).expect(401);
      const missing = await person.get('nothing').expect(404);
      expect(missing.headers['x-rehearsal']).toBe('true');
    } finally {
      await api.stop();
    }
  });
});
