import { newRoot, revoke } from '../../keys/identity';
import { testKeys, testRoot } from '../support/keys';
import { startApi, type Person, type TestApi } from './api';

describe('revocations of signing keys', () => {
  let api: TestApi;
  let security: Person;
  const { keyId } = testKeys.worker.certificate;
  beforeAll(async () => {
    api = await startApi();
    security = await api.administrator('security');
  }, 60_000);
  afterAll(() => api.stop());

  test('P1.4: one that the root has signed takes effect, is listed for the auditor, and again changes nothing', async () => {
    const signed = revoke(testRoot, keyId, '2027-02-01T01:00:00.000Z', '样例：遗失');
    for (const _ of [1, 2]) await security.post('keys/revocations', signed).expect(201);
    const audit = await api.administrator('audit');
    const { body } = await audit.get('keys/revocations').expect(200);
    expect(body.items).toEqual([signed]);
  });

  test('P1.4: one that no trusted root has signed, or altered since, is refused and changes nothing', async () => {
    const before = await api.store.revocations.all();
    const forged = revoke(newRoot(), keyId, '2027-02-01T01:00:00.000Z', '样例');
    const altered = { ...revoke(testRoot, keyId, '2027-02-01T01:00:00.000Z', '样例'), keyId: 'api-00000000' };
    for (const one of [forged, altered]) {
      const { body } = await security.post('keys/revocations', one).expect(403);
      expect(body.code).toBe('signature-invalid');
    }
    expect(await api.store.revocations.all()).toEqual(before);
  });
});
