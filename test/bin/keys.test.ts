import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keysCommand } from '../../bin/keys';
import { isVouchedFor, type Revocation } from '../../domain/signing/certificate';
import { Verifier } from '../../domain/signing/signature';
import { startStatement } from '../../domain/signing/statements';
import { BadKeys, readIdentity, readKeyring, readRoots, readRootsOfAllTimes } from '../../keys/folder';
import { signStatement, type Identity } from '../../keys/identity';
import { verifyNative } from '../../keys/verify';
import { connectStore } from '../../store/connect';
import { startMongo, type RunningMongo } from '../support/servers';

const NOW = Date.parse('2027-03-01T02:00:00Z');

describe('npm run keys', () => {
  let mongo: RunningMongo | undefined;
  afterAll(() => mongo?.stop());

  let dir: string;
  let said: string[];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'jiugai-keys-'));
    said = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
      said.push(String(line));
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(dir, { recursive: true });
  });

  const keys = async (...args: string[]): Promise<string> => {
    said.length = 0;
    await keysCommand(() => NOW).parseAsync(['--dir', dir, ...args], { from: 'user' });
    return said.join('');
  };

  /** Whether somebody who believes these roots believes what the identity signs. */
  function counts(identity: Identity, roots = readRoots(dir)): boolean {
    const statement = startStatement('plan/2028', 'annualPlan', {}, new Date(NOW).toISOString());
    const verifier = new Verifier({ roots, revocations: [] }, verifyNative);
    const { use } = identity.certificate;
    return verifier.fault(statement, signStatement(identity, statement), [use], NOW) === undefined;
  }

  test('init makes what is missing, for its owner only, and again changes nothing', async () => {
    await keys('init');
    for (const name of ['trust', 'api', 'worker', 'payload', 'personal', 'root']) {
      expect(statSync(join(dir, `${name}.json`)).mode & 0o777).toBe(0o600);
    }
    const { certificate } = readIdentity(dir, 'api');
    await keys('init');
    expect(readIdentity(dir, 'api').certificate).toEqual(certificate);
    expect(await keys('show')).toContain(certificate.keyId);
  });

  test('P1.4: after a rotation both the old and the new signing key count', async () => {
    await keys('init');
    const old = readIdentity(dir, 'api');
    await keys('rotate', 'api');
    const fresh = readIdentity(dir, 'api');
    expect(fresh.certificate.keyId).not.toBe(old.certificate.keyId);
    expect([counts(old), counts(fresh)]).toEqual([true, true]);
  });

  test('P1.4: a replaced root is believed until it is forgotten, and known to who verifies the record for ever', async () => {
    await keys('init');
    const old = readIdentity(dir, 'worker');
    const [first] = readRoots(dir);
    await keys('rotate', 'root');
    expect([counts(old), counts(readIdentity(dir, 'worker'))]).toEqual([true, true]);
    await keys('forget-root', first?.id ?? '');
    expect([counts(old), counts(readIdentity(dir, 'worker'))]).toEqual([false, true]);
    expect(counts(old, readRootsOfAllTimes(dir))).toBe(true);
    await expect(keys('forget-root', readRoots(dir)[0]?.id ?? '')).rejects.toThrow(BadKeys);
  });

  test('a rotated encryption key opens what the old one has sealed', async () => {
    await keys('init');
    const sealed = readKeyring(dir, 'personal').seal('样例', 'objections/1/name');
    await keys('rotate', 'personal');
    expect(readKeyring(dir, 'personal').open(sealed, 'objections/1/name')).toBe('样例');
  });

  test('P1.4: a revocation is signed by the root', async () => {
    await keys('init');
    const { keyId } = readIdentity(dir, 'api').certificate;
    const printed = await keys(
      'revoke',
      keyId,
      '--reason',
      '样例：遗失',
      '--since',
      '2027-02-01T09:00:00+08:00',
    );
    const revocation = JSON.parse(printed) as Revocation;
    expect(revocation).toMatchObject({ keyId, revokedAt: '2027-02-01T01:00:00.000Z' });
    const trust = { roots: readRoots(dir), revocations: [] };
    expect(isVouchedFor(revocation, trust, verifyNative)).toBe(true);
    expect(isVouchedFor({ ...revocation, keyId: 'api-00000000' }, trust, verifyNative)).toBe(false);
    await expect(keys('revoke', keyId, '--reason', '样例', '--since', 'yesterday')).rejects.toThrow(BadKeys);
  });

  test('a missing file and an unknown key: one sentence each', async () => {
    await expect(keys('show')).rejects.toThrow(/npm run keys -- init/);
    await keys('init');
    await expect(keys('rotate', 'house')).rejects.toThrow(/There is no key “house”/);
  });

  test('reseal: after a rotation the store is sealed with the new key, and says when the old one may go', async () => {
    await keys('init');
    mongo = await startMongo();
    const store = await connectStore(mongo.uri);
    await store.prepare();
    const row = {
      _id: 'r'.repeat(22),
      projectId: 'p',
      round: 1,
      group: 'other',
      text: '样例',
      via: 'online',
    } as const;
    const receivedAt = new Date(NOW).toISOString();
    await store.objections.add({ ...row, receivedAt }, { name: '样例' }, readKeyring(dir, 'personal'));
    await keys('rotate', 'personal');
    expect(await keys('reseal', '--mongodb', mongo.uri)).toMatch(
      /^1 fields were sealed anew.*may be taken out/s,
    );
    expect(await keys('reseal', '--mongodb', mongo.uri)).toMatch(/^0 fields/);
    const stored = await store.objections.model.findById(row._id).lean();
    expect(readKeyring(dir, 'personal').isCurrent(stored?.name ?? '')).toBe(true);
    await store.close();
    await expect(keys('reseal', '--mongodb', '')).rejects.toThrow();
  });
});
