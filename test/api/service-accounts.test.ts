import request from 'supertest';
import { personOf, startApi, type Person, type TestApi } from './api';

const MONTH_MS = 30 * 86_400_000;

describe('P1.4: a service account', () => {
  let api: TestApi;
  let security: Person;

  beforeAll(async () => {
    api = await startApi();
    security = await api.administrator('security');
  });
  afterAll(() => api.stop());

  const inMonths = (months: number) => new Date(Date.now() + months * MONTH_MS).toISOString();
  const asked = (change: object = {}) => ({
    name: '样例数据平台',
    organisation: '371302-housing',
    scopes: ['projects:read', 'register:read'],
    expiresAt: inMonths(6),
    ...change,
  });
  async function add(change: object = {}): Promise<{ id: string; key: string; service: Person }> {
    const { body } = await security.post('service-accounts', asked(change)).expect(201);
    return { id: body.id, key: body.key, service: personOf(api.app, body.id, body.key) };
  }

  test('asks with its key for what its scopes name and its organisation may, and for nothing else', async () => {
    const { service, key, id } = await add();
    expect(key).toMatch(new RegExp(`^jgk_${id}_[A-Za-z0-9_-]{43}$`));
    await service.get('projects').expect(200);
    await service.get('communities').expect(200);
    // Its organisation may, its scopes do not name it.
    await service.get('organisations').expect(403);
    await service.post('communities', {}).expect(403);
    // Its scopes name it, nobody without an office may.
    const alone = await add({ organisation: undefined });
    await alone.service.get('projects').expect(403);
  });

  test('never completes a task, whatever it asks for, and has no session', async () => {
    for (const scope of ['tasks:decide', 'acts:begin', 'session:own', 'users:create', 'anything']) {
      const { body } = await security.post('service-accounts', asked({ scopes: [scope] })).expect(400);
      expect(body.errors[0].path).toBe('scopes.0');
    }
    const { service, id } = await add();
    // Not even if somebody writes it into the store.
    await api.store.serviceAccounts.model.updateOne(
      { _id: id },
      { scopes: ['tasks:decide', 'projects:read'] },
    );
    const task = 'tasks/project.371302-2028-0001.public-notice.1.1/completion';
    await service.post(task, {}).expect(403);
    await service.get('sessions').expect(403);
    await service.get('projects').expect(200);
  });

  test('is added and revoked by the security administrator only; the audit administrator sees it', async () => {
    const { id } = await add();
    const [system, audit] = [await api.administrator('system'), await api.administrator('audit')];
    const signatory = await api.as('371302-housing', 'signatory');
    for (const person of [system, audit, signatory]) {
      await person.post('service-accounts', asked()).expect(403);
      await person.delete(`service-accounts/${id}`).expect(403);
    }
    await system.get('service-accounts').expect(403);
    const { body } = await audit.get('service-accounts?limit=200').expect(200);
    expect(body.items).toContainEqual(
      expect.objectContaining({ id, state: 'active', createdBy: security.user }),
    );
    expect(JSON.stringify(body)).not.toMatch(/jgk_|keyHash/);
  });

  test('has its key shown once; the store keeps a hash, even where the answer is given again', async () => {
    const body = asked({ name: '样例重复' });
    const first = await security.post('service-accounts', body, 'svc-1').expect(201);
    const again = await security.post('service-accounts', body, 'svc-1').expect(201);
    expect(again.body).toEqual(first.body);
    const kept = JSON.stringify([
      await api.store.serviceAccounts.model.find().lean(),
      await api.store.answers.model.find().lean(),
    ]);
    expect(kept).toContain(first.body.id);
    expect(kept).not.toContain(first.body.key);
    expect(kept).not.toContain(first.body.key.split('_').slice(2).join('_'));
  });

  test('ends when it is revoked, at once, and when its time is over', async () => {
    const { service, id } = await add();
    await service.get('projects').expect(200);
    await security.delete(`service-accounts/${id}`).expect(204);
    await service.get('projects').expect(401);
    await security.delete(`service-accounts/${id}`).expect(404);

    const old = await add();
    await api.store.serviceAccounts.model.updateOne({ _id: old.id }, { expiresAt: new Date(Date.now() - 1) });
    await old.service.get('projects').expect(401);
    const { body } = await security.get('service-accounts?limit=200').expect(200);
    const states = (body.items as { id: string; state: string }[]).filter((one) =>
      [id, old.id].includes(one.id),
    );
    expect(states.map(({ state }) => state).sort()).toEqual(['expired', 'revoked']);
  });

  test('has to end within a year, and to be of a registered organisation', async () => {
    for (const expiresAt of [inMonths(13), inMonths(-1)]) {
      const { body } = await security.post('service-accounts', asked({ expiresAt })).expect(422);
      expect(body.violations[0].path).toBe('expiresAt');
    }
    const { body } = await security.post('service-accounts', asked({ organisation: 'nowhere' })).expect(422);
    expect(body.violations[0].path).toBe('organisation');
  });

  test('shows when it was last used', async () => {
    const { service, id } = await add();
    const last = async () => (await api.store.serviceAccounts.find(id))?.lastUsedAt;
    expect(await last()).toBeUndefined();
    await service.get('projects').expect(200);
    expect((await last())?.getTime()).toBeGreaterThan(Date.now() - 5_000);
  });

  test('is nobody with another secret, another account’s, or a key in a cookie', async () => {
    const [one, other] = [await add(), await add()];
    const secret = (key: string) => key.split('_').slice(2).join('_');
    const forged = [
      `jgk_${one.id}_${secret(other.key)}`,
      `jgk_${one.id}_${'A'.repeat(43)}`,
      one.key.slice(0, -1),
      `jgk_${'0'.repeat(12)}_${secret(one.key)}`,
    ];
    for (const key of forged) await personOf(api.app, 'x', key).get('projects').expect(401);
    await request(api.app).get('/api/v1/projects').set('Cookie', `jiugai=${one.key}`).expect(401);
    await one.service.get('projects').expect(200);
    await request(api.app).get('/api/v1/projects').set('Cookie', `jiugai=${one.key}`).expect(401);
  });
});
